/** Help for people: everything, one noun, or one command, from their definitions. */
import { type Found, groupSummaries, type Registration } from './catalog.ts';
import type { Command, Option, Options } from './define.ts';
import { formatsOf } from './formats.ts';
import { globalOptions, globalVariables } from './globals.ts';
import { argumentUsage, usageLine } from './usage.ts';
import { wrap } from './wrap.ts';

type Bold = (text: string) => string;
type Row = readonly [left: string, right: string];

const widest = 100;
const widestLeft = 34;

function section(title: string, lines: readonly string[], bold: Bold): string {
  return lines.length === 0 ? '' : `${bold(title)}\n${lines.join('\n')}\n\n`;
}

/** Two columns; a left side that is too long gets a line of its own. */
function twoColumns(rows: readonly Row[], width: number): string[] {
  const left = Math.min(widestLeft, Math.max(0, ...rows.map(([each]) => each.length))) + 4;
  return rows.flatMap(([name, text]) => {
    const [first = '', ...more] = wrap(text, width - left);
    const start = name.length + 4 > left ? [`  ${name}`, ' '.repeat(left) + first] : [`  ${name}`.padEnd(left) + first];
    return [...start, ...more.map((line) => ' '.repeat(left) + line)].map((line) => line.trimEnd());
  });
}

/** What an option does, its choices, default and variable. */
export function optionText({ description, extra, repeatable }: Option<unknown>, variable?: string): string {
  const facts = [
    ...(extra.choices ? [extra.choices.join('|')] : []),
    ...(extra.defaultText ? [`default: ${extra.defaultText}`] : []),
    ...(repeatable ? ['repeatable'] : []),
    ...(variable ? [`env: ${variable}`] : []),
  ];
  return facts.length > 0 ? `${description} (${facts.join('; ')})` : description;
}

/** Long options without a letter start where the others' long names start. */
function optionRows(options: Options, variables: Readonly<Record<string, string | undefined>> = {}): Row[] {
  return Object.entries(options).map(([key, option]) => {
    const flags = option.flags.startsWith('--') ? `    ${option.flags}` : option.flags;
    return [flags, optionText(option, variables[key])];
  });
}

function commandHelp(command: Command, width: number, bold: Bold): string {
  const { summary, description, args, options, examples, shows, aliases } = command;
  const fields = Object.entries(shows.fields).map(([name, what]): Row => [name, what]);
  const globalNames = Object.values(globalOptions).map(({ flags }) => flags.replace(/ <.*/, ''));
  const formats = formatsOf(shows);
  return [
    `${[`${summary}.`, ...(description ? description.split('\n\n') : [])].map((text) => wrap(text, width).join('\n')).join('\n\n')}\n\n`,
    section('USAGE', [`  ${usageLine(command)}`, ...(aliases ?? []).map((alias) => `  kt ${alias} …`)], bold),
    section(
      'ARGUMENTS',
      twoColumns(
        Object.values(args).map((each): Row => [argumentUsage(each), each.description]),
        width,
      ),
      bold,
    ),
    section('OPTIONS', twoColumns(optionRows(options), width), bold),
    section(
      'GLOBAL OPTIONS',
      wrap(`${globalNames.join(' · ')} (kt --help explains them)`, width - 2).map((line) => `  ${line}`),
      bold,
    ),
    formats.length > 1
      ? section(
          'OUTPUT',
          wrap(`-o ${formats.join(', ')}`, width - 2).map((line) => `  ${line}`),
          bold,
        )
      : '',
    section('JSON FIELDS', twoColumns(fields, width), bold),
    section(
      'EXAMPLES',
      examples.flatMap(({ line, does }) => [`  # ${does}`, `  ${line}`]),
      bold,
    ),
  ].join('');
}

/** The commands of a list: a noun's as one line in the whole, each of its own within the noun. */
function commandRows(list: readonly Registration[], byNoun: boolean): Row[] {
  const rows = new Map<string, string>();
  for (const { name, aliases, summary, hidden } of list) {
    const noun = name.split(' ')[0]!;
    const named = aliases ? `${name} (${aliases.join(', ')})` : name;
    if (hidden) continue;
    if (byNoun && noun !== name) rows.set(noun, groupSummaries[noun]!);
    else rows.set(named, summary);
  }
  return [...rows];
}

function groupHelp(name: string, list: readonly Registration[], width: number, bold: Bold): string {
  return [
    `${groupSummaries[name]}.\n\n`,
    section('USAGE', [`  kt ${name} <command> [options]`], bold),
    section('COMMANDS', twoColumns(commandRows(list, false), width), bold),
    `kt ${name} <command> --help shows its options and examples.\n`,
  ].join('');
}

function wholeHelp(list: readonly Registration[], width: number, bold: Bold): string {
  return [
    'The command-line admin and debugging tool for Apache Kafka.\n\n',
    section('USAGE', ['  kt <command> [options]'], bold),
    section('COMMANDS', twoColumns(commandRows(list, true), width), bold),
    section(
      'GLOBAL OPTIONS (before or after the command)',
      twoColumns(optionRows(globalOptions, globalVariables), width),
      bold,
    ),
    'kt <command> --help shows its options and examples; kt --version the version,\nkt --licenses the licences of all software in kt.\n',
  ].join('');
}

/** @param columns the width of the terminal */
export async function helpText(of: Found, columns: number, bold: Bold): Promise<string> {
  const width = Math.min(columns, widest);
  if (of.kind === 'command') return `${commandHelp(await of.registration.load(), width, bold).trimEnd()}\n`;
  return of.name === '' ? wholeHelp(of.commands, width, bold) : groupHelp(of.name, of.commands, width, bold);
}
