/** Command line → the values that a command receives, and the errors for a wrong one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KtError } from '../../../src/base/errors.ts';
import type { Registration } from '../../../src/cli/catalog.ts';
import {
  argument,
  type Command,
  commandFor,
  flag,
  option,
  optionalArgument,
  repeatable,
  variadicArgument,
} from '../../../src/cli/define.ts';
import { choice, duration, keyValue, position, text, wholeNumber } from '../../../src/cli/options.ts';
import { parse, wantsJson } from '../../../src/cli/program.ts';
import { commands } from '../../../src/commands/index.ts';

const command = commandFor<undefined>();
const levels = ['all', '1', '0'] as const;
const create = command({
  name: 'topics create',
  summary: 'Create topics',
  args: { topic: variadicArgument('topic', 'name', true) },
  options: {
    partitions: option('-p, --partitions <n>', 'partitions', wholeNumber),
    retention: option('--retention <duration>', 'retention', duration),
    config: repeatable('--config <k=v>', 'config', keyValue),
    dryRun: flag('--dry-run', 'only check'),
  },
  shows: { kind: 'table', fields: {}, blocks: () => [], names: () => [] },
  examples: [],
  run: () => [],
});
const tail = command({
  name: 'tail',
  aliases: ['consume'],
  summary: 'Read records',
  args: { topic: argument('topic', 'name'), shard: optionalArgument('shard', 'name', { choices: ['a', 'b'] }) },
  options: {
    from: option('--from <position>', 'start', position),
    key: option('-k, --key <text>', 'key', text),
    acks: option('--acks <acks>', 'acks', choice(levels)),
  },
  shows: { kind: 'records', fields: {} },
  examples: [],
  run: () => '',
});
const list: readonly Registration[] = [create, tail].map(({ name, summary, aliases }) => ({
  name,
  summary,
  ...(aliases ? { aliases } : {}),
  load: async (): Promise<Command> => (name === 'tail' ? tail : create),
}));

async function parsed(line: string | string[], env = {}) {
  const result = await parse(list, typeof line === 'string' ? line.split(' ').filter(Boolean) : line, env);
  assert.equal(result.kind, 'run', String(line));
  return result as Extract<typeof result, { kind: 'run' }>;
}

async function refused(line: string, message: string, hint: string, env = {}) {
  await assert.rejects(parse(list, line.split(' ').filter(Boolean), env), (error) => {
    assert.ok(error instanceof KtError, String(error));
    assert.deepEqual([error.kind, error.message, error.hint], ['usage', message, hint]);
    return true;
  });
}

test('a command receives every key of its definition, absent ones too', async () => {
  const { args, options } = await parsed('topics create orders');
  assert.deepEqual(args, { topic: ['orders'] });
  assert.deepEqual(options, { partitions: undefined, retention: undefined, config: [], dryRun: false });
});

test('options, letters, joined values and repeated ones are read by their readers', async () => {
  const { args, options } = await parsed('topics create a -p3 b --retention=7d --config x=1 --config y=2 --dry-run');
  assert.deepEqual(args, { topic: ['a', 'b'] });
  assert.deepEqual(options, {
    partitions: 3,
    retention: 604_800_000,
    config: [
      ['x', '1'],
      ['y', '2'],
    ],
    dryRun: true,
  });
});

test('global options may be before, between and after the arguments', async () => {
  for (const line of [
    '-b h:1 topics create a',
    'topics -b h:1 create a',
    'topics create a -b h:1',
    'topics create -b h:1 a',
    'topics create a --brokers h:1',
  ]) {
    const { globals, args } = await parsed(line);
    assert.equal(globals.bootstrapServer, 'h:1', line);
    assert.deepEqual(args, { topic: ['a'] }, line);
  }
});

test('a repeatable global option adds up over all places, another one is what was typed last', async () => {
  const { globals } = await parsed('-X a=1 -b one topics -X b=2 create t -X c=3 -b two');
  assert.deepEqual(globals.property, ['a=1', 'b=2', 'c=3']);
  assert.equal(globals.bootstrapServer, 'two');
});

test('a value may begin with a dash', async () => {
  assert.deepEqual((await parsed('tail t --from -5')).options['from'], { at: 'last', count: 5 });
  assert.equal(((await parsed('tail t --from -1h')).options['from'] as { at: string }).at, 'time');
  assert.equal((await parsed('tail t -k -q')).options['key'], '-q', 'a flag as a value is a value');
  assert.equal((await parsed('tail t -k -q')).globals.quiet, false);
  assert.deepEqual((await parsed('topics create -- -odd')).args, { topic: ['-odd'] });
});

test('an alias is the same command', async () => {
  assert.equal((await parsed('consume orders')).command, tail);
});

test('--columns outweighs a KT_OUTPUT that has no columns, but not a flag', async () => {
  const { globals } = await parsed('tail t --columns key', { KT_OUTPUT: 'json' });
  assert.deepEqual([globals.output, globals.columns], [undefined, ['key']]);
  await assert.rejects(parsed('tail t --columns key -o json'), {
    kind: 'usage',
    message: '--columns with -o json (it has no columns)',
  });
  assert.equal((await parsed('topics create t --columns topic', { KT_OUTPUT: 'name' })).globals.output, undefined);
  await assert.rejects(parsed('topics create t --columns a,,b'), { message: "--columns 'a,,b' (an empty name)" });
  assert.deepEqual((await parsed('topics create t --sort -topic --no-headers')).globals.sort, {
    column: 'topic',
    descending: true,
  });
});

test('the variable KT_OUTPUT applies where the command has that format, a flag must fit', async () => {
  assert.equal((await parsed('topics create t', { KT_OUTPUT: 'json' })).globals.output, 'json');
  assert.equal((await parsed('tail t', { KT_OUTPUT: 'yaml' })).globals.output, undefined);
  assert.equal((await parsed('topics create t -o csv', { KT_OUTPUT: 'json' })).globals.output, 'csv');
  assert.equal((await parsed('topics create t', { KT_OUTPUT: 'json' })).globals.outputIsWish, true);
  assert.equal((await parsed('topics create t -o json', { KT_OUTPUT: 'json' })).globals.outputIsWish, false);
  await assert.rejects(parsed('tail t', { KT_OUTPUT: 'xml' }), { kind: 'usage', message: "KT_OUTPUT: 'xml' is not a format" });
  assert.equal((await parsed('tail t -o raw')).globals.output, 'raw');
  await refused('tail t -o yaml', "unknown format 'yaml'", 'use value, pretty, line, json, csv or raw');
  const start = 'use value, pretty, line, json, csv or raw (for a start position: --from beginning)';
  await refused('tail t -o beginning', "unknown format 'beginning'", start);
});

test('help and version are found wherever they stand, whatever else is wrong', async () => {
  const help = async (line: string) => {
    const result = await parse(list, line.split(' ').filter(Boolean), {});
    return result.kind === 'help'
      ? result.of.kind === 'command'
        ? result.of.registration.name
        : `${result.of.name}…`
      : result.kind;
  };
  assert.equal(await help(''), '…');
  assert.equal(await help('--help'), '…');
  assert.equal(await help('help'), '…');
  assert.equal(await help('topics'), 'topics…');
  assert.equal(await help('topics -h'), 'topics…');
  assert.equal(await help('help topics create'), 'topics create');
  assert.equal(await help('topics create --help'), 'topics create');
  assert.equal(await help('topics create --nonsense --help'), 'topics create');
  assert.equal(await help('help consume'), 'tail');
  assert.equal(await help('-b h:1 --version'), 'version');
  assert.equal(await help('version -q'), 'version');
  assert.equal(await help('version --licenses'), 'licenses');
  await refused('help topisc', 'unknown command topisc', 'did you mean kt topics?');
});

test('a misspelt word or flag suggests the right one', async () => {
  await refused('topisc create a', 'unknown command topisc', 'did you mean kt topics?');
  await refused('topics craete a', 'unknown command topics craete', 'did you mean kt topics create?');
  await refused('consum a', 'unknown command consum', 'did you mean kt consume?');
  await refused('zzz', 'unknown command zzz', 'kt --help shows the commands');
  await refused('topics create a --partitons 3', 'unknown option --partitons', 'did you mean --partitions?');
  await refused('topics create a --broker h', 'unknown option --broker', 'did you mean --brokers?');
  await refused('--partitions 3 topics create a', 'unknown option --partitions', 'kt --help shows the commands');
});

test('missing, excess and unreadable words are refused with the usage or an example', async () => {
  const usage = 'usage: kt topics create <topic…> [options]';
  await refused('topics create', 'missing required argument topic', usage);
  await refused('topics create a -p', '--partitions needs a value', usage);
  await refused('topics create a -p x', '--partitions x (not a whole number)', 'write digits only, such as 0, 3 or 12');
  await refused('tail a --acks 2', '--acks 2 (not one of all, 1, 0)', 'choose one of all, 1, 0');
  await refused('tail a c', 'shard c (not one of a, b)', 'choose one of a, b');
  await refused('tail a b c', 'too many arguments (2 expected, 3 given)', 'usage: kt tail <topic> [shard] [options]');
  await refused(
    'topics create a --color blue',
    '--color blue (not one of auto, always, never)',
    'choose one of auto, always, never',
  );
});

test('errors about the line itself are JSON when -o json is on it', () => {
  assert.equal(wantsJson(['x', '-o', 'json'], {}), true);
  assert.equal(wantsJson(['x', '-ojson'], {}), true);
  assert.equal(wantsJson(['x', '-o', 'jsonl'], {}), true);
  assert.equal(wantsJson(['x', '--output=json'], {}), true);
  assert.equal(wantsJson(['x', '-o', 'table'], { KT_OUTPUT: 'json' }), false);
  assert.equal(wantsJson(['x'], { KT_OUTPUT: 'json' }), true);
  assert.equal(wantsJson(['x'], {}), false);
});

test('what --watch shows looks itself at --sort: each of its JSON lines is a sample, in which nothing is sorted', async () => {
  for (const line of ['lag --watch -o json --sort lag', 'lag --watch 1s --sort lag'])
    assert.equal((await parse(commands, line.split(' '), {})).kind, 'run', line);
  await assert.rejects(parse(commands, 'lag -o json --sort lag'.split(' '), {}), { hint: /^add --columns/ });
});

test('a command that acts is not run for rows that its output does not have', async () => {
  const acting = [
    'groups reset-offsets billing --to beginning --execute --sort topic',
    'topics alter orders --retention 1d --sort config',
    'configs alter topic orders --config a=b --sort config',
    'topics delete-records orders --before end --yes --sort records',
    'groups delete-offsets billing --topic orders --yes --sort topic',
    'topics apply -f topics.yaml --sort topic',
  ];
  for (const line of acting) {
    const words = line.split(' ');
    for (const format of ['json', 'jsonl', 'yaml', 'name'])
      await assert.rejects(parse(commands, [...words, '-o', format], {}), {
        kind: 'usage',
        message: new RegExp(`^--sort with -o ${format} `),
      });
    // What KT_OUTPUT wishes for goes behind what the line says.
    const parsed = await parse(commands, words, { KT_OUTPUT: 'json' });
    assert.equal(parsed.kind === 'run' && parsed.globals.output, undefined, line);
    const columns = await parse(commands, [...words, '--columns', words.at(-1)!, '-o', 'json'], {});
    assert.equal(columns.kind, 'run', line);
  }
  const applied = (columns: string) => parse(commands, ['topics', 'apply', '-f', 'a.yaml', '--columns', columns], {});
  await assert.rejects(applied('nope'), { kind: 'usage', message: 'unknown column nope' });
  await assert.rejects(applied('user,topic'), { message: 'user, topic (no table has all of these columns)' });
  for (const columns of ['user,status', 'topic,before', 'principal', 'quota'])
    assert.equal((await applied(columns)).kind, 'run');
  for (const columns of ['name,registry', 'broker,log'])
    assert.equal((await parse(commands, ['local', 'status', '--columns', columns], {})).kind, 'run');
});
