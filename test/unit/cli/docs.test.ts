/** Whoever reads docs/cli.md finds every command, option and JSON field there, and no option that does not exist. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { globalOptions } from '../../../src/cli/globals.ts';
import { withReference } from '../../../src/cli/reference.ts';
import { commands as registrations } from '../../../src/commands/index.ts';

const root = new URL('../../../', import.meta.url);
const reference = readFileSync(new URL('docs/cli.md', root), 'utf8');
const readme = readFileSync(new URL('README.md', root), 'utf8');
const guide = readFileSync(new URL('docs/guide.md', root), 'utf8');
const commands = await Promise.all(registrations.map((each) => each.load()));
const shown = commands.filter(({ hidden }) => !hidden);

/** What follows a command's heading, up to the next heading. */
function sectionOf(name: string): string {
  const [, section] = reference.split(`\n### kt ${name}\n`);
  assert.ok(section !== undefined, `docs/cli.md has a heading "### kt ${name}"`);
  return section.split(/\n##+ /)[0]!;
}

test('each command has a section with its aliases, options and JSON fields', () => {
  for (const { name, aliases = [], options, shows } of shown) {
    const section = sectionOf(name);
    const words = [
      ...aliases.map((alias) => `\`kt ${alias}\``),
      ...Object.values(options).map(({ flags }) => `| \`${flags.replaceAll('|', '\\|')}\` |`),
      ...Object.keys(shows.fields).map((field) => `| \`${field}\` |`),
    ];
    for (const word of words) assert.ok(section.includes(word), `${word} in the section of kt ${name}`);
  }
});

test('the tables are as `npm run man` writes them', () => {
  assert.ok(reference === withReference(reference, commands), 'run npm run man');
});

test('no section is about a command that does not exist', () => {
  const headings = [...reference.matchAll(/^### kt (.+)$/gm)].map(([, name]) => name);
  assert.deepEqual(headings.sort(), shown.map(({ name }) => name).sort());
});

test('the options that the texts name exist', () => {
  const flags = [globalOptions, ...commands.map(({ options }) => options)].flatMap(Object.values).map(({ flags }) => flags);
  const known = new Set([...flags.join(' ').matchAll(/--[\w-]+/g)].map(([flag]) => flag));
  for (const flag of ['--help', '--version', '--brokers']) known.add(flag);
  for (const [file, text] of [
    ['docs/cli.md', reference],
    ['README.md', readme],
    ['docs/guide.md', guide],
  ] as const) {
    // A line that shows another program's command names its options.
    const own = text.replaceAll(/^.*(kafka-|kcat|rpk|docker|npm|keytool|git |<!--|java |\|---).*$/gm, '');
    for (const [flag] of own.matchAll(/(?<![\w-])--[a-z][\w-]*/g)) assert.ok(known.has(flag), `${flag} in ${file}`);
  }
});
