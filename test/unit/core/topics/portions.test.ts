import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KtError } from '../../../../src/base/errors.ts';
import { inPortions, tooManyHint } from '../../../../src/core/topics/portions.ts';

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
const nameOf = (name: string) => name;
const tooMany = { errorCode: 44, errorMessage: 'Unable to perform excessively large batch operation.' };
const done = { errorCode: 0 };

/** A controller that takes so many topics at once. */
function controller(most: number, refusal: { errorCode: number; errorMessage: string } = tooMany) {
  const sent: string[] = [];
  const send = async (portion: readonly string[]) => {
    sent.push(portion.join(''));
    return new Map(portion.map((name) => [name, portion.length > most ? refusal : done]));
  };
  return { sent, send };
}

test('what the controller takes at once is one request', async () => {
  const { sent, send } = controller(7);
  assert.deepEqual(
    [...(await inPortions([names], send, nameOf))],
    names.map((name) => [name, done]),
  );
  assert.deepEqual(sent, ['abcdefg']);
});

test('what is too much for one request is sent in halves, in order', async () => {
  const { sent, send } = controller(2);
  assert.deepEqual(
    [...(await inPortions([names], send, nameOf))],
    names.map((name) => [name, done]),
  );
  assert.deepEqual(sent, ['abcdefg', 'abcd', 'ab', 'cd', 'efg', 'ef', 'g']);
});

test('one topic that is too large is refused with the way out, and the others are done', async () => {
  const send = async (portion: readonly string[]) =>
    new Map(portion.map((name) => [name, portion.includes('c') ? tooMany : done]));
  const answers = await inPortions([names], send, nameOf);
  assert.deepEqual(names.map((name) => (answers.get(name) === done ? name : tooManyHint(tooMany))), [
    'a',
    'b',
    'the controller takes fewer than 10,000 new partitions at once: add them in steps, with kt topics alter --partitions',
    'd',
    'e',
    'f',
    'g',
  ]); // biome-ignore format: rows
});

test("a policy of the cluster's own is no reason to ask again", async () => {
  const policy = { errorCode: 44, errorMessage: 'names must begin with a team' };
  const { sent, send } = controller(2, policy);
  assert.equal((await inPortions([names], send, nameOf)).get('a'), policy);
  assert.deepEqual([sent, tooManyHint(policy)], [['abcdefg'], undefined]);
});

test('when the connection is lost on the way, each topic that was not done has the error', async () => {
  const { send } = controller(4);
  const lost = new KtError('connection', 'no answer', { code: 'ECONNRESET' });
  const losing = (portion: readonly string[]) =>
    portion.includes('g') && portion.length < 7 ? Promise.reject(lost) : send(portion);
  const answers = await inPortions([names], losing, nameOf);
  assert.equal(answers.get('d'), done);
  const error = answers.get('g') as KtError;
  assert.deepEqual([error.kind, error.code, error.message], ['connection', 'ECONNRESET', 'topic g: no answer']);
  await assert.rejects(
    inPortions([names], () => Promise.reject(lost), nameOf),
    lost,
  );
});
