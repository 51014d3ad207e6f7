/** What docs/cli.md has from the definitions: the global options, and each command's usage, options, formats, JSON fields and examples. */
import type { Command, Options } from './define.ts';
import { formatsOf } from './formats.ts';
import { globalOptions, globalVariables } from './globals.ts';
import { optionText } from './help.ts';
import { argumentUsage, usageLine } from './usage.ts';

type Row = readonly [left: string, right: string];

/** Text in which nothing is Markdown: `orders-*`, `__consumer_offsets`, `<topic>`. */
function plain(text: string): string {
  return text.replaceAll(/[\\|*_]/g, '\\$&').replaceAll('<', '&lt;');
}

function table(left: string, right: string, rows: readonly Row[]): string[] {
  if (rows.length === 0) return [];
  const lines = rows.map(([name, text]) => `| \`${name.replaceAll('|', '\\|')}\` | ${plain(text)} |`);
  return [[`| ${left} | ${right} |`, '|---|---|', ...lines].join('\n')];
}

function optionRows(options: Options, variables: Readonly<Record<string, string | undefined>> = {}): Row[] {
  return Object.entries(options).map(([key, option]) => [option.flags, optionText(option, variables[key])]);
}

/** Everything the definition of a command says; what follows it in the file is written by hand. */
function commandReference(command: Command): string {
  const { summary, description, args, options, shows, examples, aliases = [] } = command;
  const formats = formatsOf(shows);
  return [
    `\`${usageLine(command)}\`${aliases.map((alias) => `, alias \`kt ${alias}\``).join('')}`,
    `${plain(summary)}.${description ? ` ${plain(description)}` : ''}`,
    ...table(
      'argument',
      'meaning',
      Object.values(args).map((each): Row => [argumentUsage(each), each.description]),
    ),
    ...table('option', 'meaning', optionRows(options)),
    ...(formats.length > 1 ? [`Output: ${formats.map((format) => `\`${format}\``).join(', ')}.`] : []),
    ...table('JSON field', 'meaning', Object.entries(shows.fields)),
    ['```sh', ...examples.map(({ line, does }) => `${line}   # ${does}`), '```'].join('\n'),
  ].join('\n\n');
}

/** The generated parts by the name in their markers: `<!-- topics create -->` … `<!-- /topics create -->`. */
function parts(commands: readonly Command[]): ReadonlyMap<string, string> {
  const shown = commands.filter((command) => !command.hidden);
  return new Map([
    ['global options', table('option', 'meaning', optionRows(globalOptions, globalVariables)).join('\n')],
    ...shown.map((command) => [command.name, commandReference(command)] as const),
  ]);
}

/**
 * The reference with its generated parts as they should be now.
 * @throws Error naming a command that has no heading and markers in it
 */
export function withReference(text: string, commands: readonly Command[]): string {
  let made = text;
  for (const [name, part] of parts(commands)) {
    const [begin, end] = [`<!-- ${name} -->\n`, `\n<!-- /${name} -->`];
    const [from, to] = [made.indexOf(begin), made.indexOf(end)];
    if (from === -1 || to < from - 1) throw new Error(`docs/cli.md has no place for: ${name}`);
    made = `${made.slice(0, from)}${begin}${part}${made.slice(to)}`;
  }
  return made;
}
