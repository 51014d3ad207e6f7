/** What holds for every command there is, and for the pages, scripts and tables made from them. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Option } from '../../../src/cli/define.ts';
import { firstLines, nounSections } from '../../../src/cli/facts.ts';
import { globalOptions } from '../../../src/cli/globals.ts';
import { pages } from '../../../src/cli/man.ts';
import { parse } from '../../../src/cli/program.ts';
import { withCommandTable } from '../../../src/cli/readme.ts';
import { commands as registrations } from '../../../src/commands/index.ts';
import { type AgedReport, summaryBlock } from '../../../src/commands/lag/summary.ts';

const root = new URL('../../../', import.meta.url);
const commands = await Promise.all(registrations.map((each) => each.load()));

function flagsOf(option: Option<unknown>): string[] {
  return option.flags.match(/(?<![\w<])--?[a-zA-Z][\w-]*/g) ?? [];
}

function camelCase(long: string): string {
  return long.slice(2).replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** The words of an example's kt command: quotes are read, what the shell does with it is cut off. */
function words(line: string): string[] {
  const command = /\bkt (?:'[^']*'|"[^"]*"|[^|>;<)])*/.exec(line)![0];
  return [...command.matchAll(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g)]
    .map(([word]) => word.replaceAll(/'([^']*)'|"([^"]*)"/g, '$1$2'))
    .slice(1);
}

test('the list repeats what each command says of itself', () => {
  for (const [index, { load, ...registered }] of registrations.entries()) {
    const { name, summary, aliases, hidden } = commands[index]!;
    assert.deepEqual(registered, { name, summary, ...(aliases ? { aliases } : {}), ...(hidden ? { hidden } : {}) });
  }
});

test('no name or alias is taken twice', () => {
  const names = commands.flatMap(({ name, aliases }) => [name, ...(aliases ?? [])]);
  assert.equal(new Set(names).size, names.length);
});

test('no flag or key is taken twice within a command, or from the global options', () => {
  const globals = [...Object.values(globalOptions).flatMap(flagsOf), '-h', '--help', '--version'];
  for (const { name, options } of commands) {
    const flags = [...globals, ...Object.values(options).flatMap(flagsOf)];
    assert.deepEqual(
      flags.filter((flag, index) => flags.indexOf(flag) !== index),
      [],
      name,
    );
    assert.deepEqual(
      Object.keys(options).filter((key) => key in globalOptions),
      [],
      name,
    );
  }
});

test('an option is called by its long flag, names its value when it has one, and says what it does', () => {
  for (const { name, options } of [
    ...commands,
    { name: 'global', options: globalOptions as Record<string, Option<unknown>> },
  ]) {
    for (const [key, option] of Object.entries(options)) {
      const long = flagsOf(option).find((flag) => flag.startsWith('--'))!;
      assert.equal(camelCase(long), key, `${name} ${option.flags}`);
      assert.equal(/[<[]/.test(option.flags), option.parse !== undefined, `${name} ${option.flags}`);
      assert.match(option.description, /^[^\n]+[^.\s]$/, `${name} ${option.flags}`);
    }
  }
});

test('an option can read each of its choices', () => {
  for (const { name, options } of commands) {
    for (const option of Object.values(options))
      for (const choice of option.extra.choices ?? [])
        assert.doesNotThrow(() => option.parse!(choice), `${name} ${option.flags}`);
  }
});

test('a summary is one line without a full stop', () => {
  for (const { name, summary } of commands) assert.match(summary, /^[A-Z][^\n]{5,70}[^.\s]$/, name);
});

test('every command has an example, and each example is a line that kt understands', async () => {
  for (const { name, examples } of commands) {
    assert.ok(examples.length > 0, name);
    for (const { line } of examples) {
      const parsed = await parse(registrations, words(line), {});
      assert.equal(parsed.kind === 'run' && parsed.command.name, name, line);
    }
  }
});

test('each line that help begins with is one that kt understands', async () => {
  for (const { line } of firstLines) assert.equal((await parse(registrations, words(line), {})).kind, 'run', line);
});

test('no noun stands in two sections of help', () => {
  const nouns = nounSections.flatMap((section) => section.nouns);
  assert.deepEqual(
    nouns.filter((noun, index) => nouns.indexOf(noun) !== index),
    [],
  );
});

test('the manual pages are what the definitions make: else run npm run man', () => {
  const made = pages(commands);
  const there = readdirSync(new URL('man/', root)).filter((file) => file.endsWith('.1'));
  assert.deepEqual(there.sort(), [...made.keys()].sort());
  for (const [file, page] of made) assert.equal(readFileSync(new URL(`man/${file}`, root), 'utf8'), page, file);
});

test('package.json lists every manual page: else run npm run man', () => {
  const { man } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
  assert.deepEqual(man, [...pages(commands).keys()].map((file) => `man/${file}`).sort());
});

test("README's table of commands is what the definitions make: else run npm run man", {
  skip: !existsSync(new URL('README.md', root)) && 'no README yet',
}, () => {
  const readme = readFileSync(new URL('README.md', root), 'utf8');
  assert.equal(withCommandTable(readme, commands), readme);
});

test('what is counted or measured is written for people on a terminal', () => {
  const tables = commands.flatMap(({ shows }) => (shows.kind === 'table' ? (shows.tables ?? []) : []));
  const columns = [
    ...tables.flat(),
    ...summaryBlock({ groups: [], positions: new Map(), ages: true } as unknown as AgedReport).columns,
  ];
  const counted = columns.filter(({ header }) => /^(BYTES|RECORDS|LAG|HIGHEST-LAG)$/.test(header));
  assert.ok(counted.length >= 7);
  for (const { header, unit } of counted) assert.equal(unit, header === 'BYTES' ? 'bytes' : 'count', header);
});
