/** A question before something is destroyed takes the right answer only; a secret that is typed is not shown. */
import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { confirm, stakeAnswer } from '../../../src/render/confirm.ts';
import { askSecret } from '../../../src/render/secret.ts';

const terminal = { stdin: true, stderr: true };

/** A terminal where this is typed; keeps what is shown. */
function typing(...chunks: readonly (string | Buffer)[]) {
  const input = Object.assign(new PassThrough(), {
    modes: [] as boolean[],
    setRawMode: (raw: boolean) => void input.modes.push(raw),
  });
  for (const chunk of chunks) input.write(chunk);
  const shown: string[] = [];
  const asking = {
    ...{ stdin: () => input, stderr: (text: string) => void shown.push(text) },
    ...{ terminal, yes: false, signal: new AbortController().signal },
  };
  return { input, shown, asking };
}

test('few named items take a yes; many, and a pattern, their number', async () => {
  assert.equal(stakeAnswer({ count: 10, byPattern: false }), undefined);
  assert.equal(stakeAnswer({ count: 11, byPattern: false }), '11');
  assert.equal(stakeAnswer({ count: 2, byPattern: true }), '2');
  const right = typing('12\n');
  await confirm('Delete these 12 rules?', right.asking, '12');
  assert.deepEqual(right.shown, ['Delete these 12 rules? [type 12 to go on] ']);
  for (const answer of ['y\n', '1\n'])
    await assert.rejects(confirm('Delete?', typing(answer).asking, '12'), { hint: 'answer 12, or add --yes' });
  await confirm('Delete?', typing('yes\n').asking);
  await assert.rejects(confirm('Delete?', typing('12\n').asking), { kind: 'usage' });
});

test('a secret is read up to Enter, with corrections and characters cut in two, and nothing of it is shown', async () => {
  const euro = Buffer.from('€');
  const typed = typing('sex\x7f', 'c', euro.subarray(0, 1), euro.subarray(1), '\r', 'rest');
  assert.equal(await askSecret('Password of alice', typed.asking), 'sec€');
  assert.deepEqual(typed.shown, ['Password of alice: ', '\n']);
  assert.deepEqual(typed.input.modes, [true, false]);
});

test('Ctrl-C, the end of the input and an interruption end the question; the terminal shows again what is typed', async () => {
  const left = typing('abc\x03');
  await assert.rejects(askSecret('Password', left.asking), { kind: 'interrupted' });
  assert.deepEqual(left.input.modes, [true, false]);
  const closed = typing('abc');
  closed.input.end();
  await assert.rejects(askSecret('Password', closed.asking), /no secret was given/);
  const controller = new AbortController();
  const aborted = typing();
  const answer = askSecret('Password', { ...aborted.asking, signal: controller.signal });
  controller.abort(new Error('terminated'));
  await assert.rejects(answer, /terminated/);
  assert.deepEqual(aborted.input.modes, [true, false]);
  await assert.rejects(
    askSecret('Password', { ...typing().asking, terminal: { stdin: false, stderr: true } }),
    /without a terminal/,
  );
});
