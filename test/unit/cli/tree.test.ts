/** The commands as data: what a tool needs to build a command line and to read the answer. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commands } from '../../../src/commands/index.ts';
import { runKt } from '../../support/fake-io.ts';

async function tree(words: string) {
  const { code, stdout } = await runKt(words);
  assert.equal(code, 0);
  return JSON.parse(stdout);
}

test('kt help -o json names every command, with its arguments, options, formats, fields and examples', async () => {
  const all = await tree('help -o json');
  assert.deepEqual(
    all.commands.map(({ name }: { name: string }) => name),
    commands.filter(({ hidden }) => !hidden).map(({ name }) => name),
  );
  const byName = (name: string) => all.commands.find((each: { name: string }) => each.name === name);
  const tail = byName('tail');
  assert.deepEqual(tail.aliases, ['consume']);
  assert.deepEqual(tail.arguments[0].variadic, true);
  const option = (long: string) => tail.options.find((each: { long: string }) => each.long === long);
  assert.deepEqual(option('--from'), {
    long: '--from',
    short: null,
    value: 'position',
    description: 'start at this position',
    default: 'end',
    choices: null,
    repeatable: false,
    variable: null,
  });
  assert.deepEqual([option('--exit').short, option('--exit').value], ['-e', null]);
  assert.equal(option('--header').repeatable, true);
  assert.ok(option('--isolation').choices.includes('read_committed'));
  assert.ok(tail.output.includes('csv'));
  assert.match(tail.jsonFields.offset, /offset/);
  assert.ok(tail.examples.every(({ line }: { line: string }) => line.startsWith('kt ')));
  assert.equal(all.globalOptions.find((each: { long: string }) => each.long === '--timeout').variable, 'KT_TIMEOUT');
  assert.match(all.values.position, /^beginning, end/);
  assert.deepEqual(
    all.exitCodes.map(({ code }: { code: number }) => code),
    [0, 1, 2, 3, 4, 70, 129, 130, 143],
  );
});

test('of one command or noun the same, whichever way help is asked for', async () => {
  const names = async (words: string) => (await tree(words)).commands.map(({ name }: { name: string }) => name);
  assert.deepEqual(await names('tail --help -o json'), ['tail']);
  assert.deepEqual(await names('help lag -o json'), ['lag']);
  assert.ok((await names('-o json help topics')).includes('topics create'));
  assert.ok((await names('topics --help -ojson')).every((name: string) => name.startsWith('topics ')));
});

test('help leads with what people do most; a command with usage, examples and options, and explains last', async () => {
  const inOrder = (text: string, titles: readonly string[]) => {
    const found = titles.map((title) => text.indexOf(`\n${title}`));
    assert.deepEqual(
      found,
      [...found].sort((a, b) => a - b),
      titles.join(' '),
    );
    assert.ok(!found.includes(-1), `${titles.join(' ')} ${found.join(' ')}`);
  };
  const whole = (await runKt('--help')).stdout;
  inOrder(whole, ['USAGE', 'WHAT PEOPLE DO MOST', 'RECORDS', 'TOPICS AND GROUPS', 'VALUES', 'EXIT CODES', 'GLOBAL OPTIONS']);
  assert.match(whole, /^ {2}tail \(consume\) +Print records/m);
  inOrder((await runKt('tail --help')).stdout, ['USAGE', 'EXAMPLES', 'ARGUMENTS', 'OPTIONS', 'OUTPUT', 'JSON FIELDS', 'MORE']);
  for (const words of ['--help', 'tail --help', 'topics --help'])
    for (const line of (await runKt(words)).stdout.split('\n'))
      assert.ok(line.length <= 80 || /^ {2}(kt|jq|#) /.test(line), line);
});
