/** Commands that print secrets: how their words are read, and what is said when they give none. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CommandFailure, printedBy } from '../../../src/base/secret-command.ts';

const node = `"${process.execPath}"`;
const options = { signal: new AbortController().signal, timeoutMs: 20_000 };
const printing = (code: string, ...args: readonly string[]) => printedBy([node, '-e', `'${code}'`, ...args].join(' '), options);

test('quotes keep words together, everything else stands for itself, and the last newline goes', async () => {
  const printed = await printing(
    'console.log(JSON.stringify(process.argv.slice(1)))',
    `a "b  c" 'd"e' f"g h"i '' $HOME * ; back\\slash | "it's"`,
  );
  assert.deepEqual(JSON.parse(printed), ['a', 'b  c', 'd"e', 'fg hi', '', '$HOME', '*', ';', 'back\\slash', '|', "it's"]);
  assert.equal(await printing('process.stdout.write(`s3cret\\n\\n`)'), 's3cret\n');
});

test('a failure says what happened, and nothing of what was printed', async () => {
  const cases: [() => Promise<string>, RegExp][] = [
    [() => printing('console.log(`s3cret`); console.error(`s3cret`); process.exit(3)'), /ended with exit code 3$/],
    [() => printing(''), /printed nothing$/],
    [() => printing('process.stdout.write(`s`.repeat(2e6))'), /prints more than a secret can have$/],
    [() => printedBy('no-such-program-here', options), /^no-such-program-here is not a program here$/],
    [() => printedBy('echo "s3cret', options), /^a quote in the command is not closed$/],
    [() => printedBy(' ', options), /^the command is empty$/],
    [() => printedBy(`${node} -e 'setTimeout(() => {}, 60000)'`, { ...options, timeoutMs: 100 }), /did not end within 0\.1s$/],
  ];
  for (const [printed, message] of cases) {
    await assert.rejects(printed, (error: Error) => {
      assert.ok(error instanceof CommandFailure);
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /s3cret/);
      return true;
    });
  }
});

test('an interruption ends the command', async () => {
  const controller = new AbortController();
  const reason = new Error('interrupted');
  const printed = printedBy(`${node} -e 'setTimeout(() => {}, 60000)'`, { signal: controller.signal, timeoutMs: 60_000 });
  controller.abort(reason);
  await assert.rejects(printed, reason);
});
