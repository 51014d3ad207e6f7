/** Help for people: everything, one noun, or one command, from their definitions. */
import { type Found, groupSummaries, type Registration } from './catalog.ts';
import type { Command, Option, Options } from './define.ts';
import { exitCodeFacts, type Fact, firstLines, nounSections, valueForms } from './facts.ts';
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
    ...(extra.choices ? [extra.choices.join(', ')] : []),
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

function exampleLines(examples: Command['examples']): string[] {
  return examples.flatMap(({ line, does }) => [`  # ${does}`, `  ${line}`]);
}

function indented(text: string, width: number): string[] {
  return wrap(text, width - 2).map((line) => `  ${line}`);
}

/** What most people look for comes first; what explains it comes last. */
function commandHelp(command: Command, width: number, bold: Bold): string {
  const { summary, description, args, options, examples, shows, aliases = [] } = command;
  const globalNames = Object.values(globalOptions).map(({ flags }) => flags.replace(/ <.*/, ''));
  const formats = formatsOf(shows);
  const rowsOf = (rows: readonly Row[]): string[] => twoColumns(rows, width);
  return [
    `${wrap(`${summary}.`, width).join('\n')}\n\n`,
    section('USAGE', [`  ${usageLine(command)}`, ...aliases.map((alias) => `  kt ${alias} …`)], bold),
    section('EXAMPLES', exampleLines(examples), bold),
    section('ARGUMENTS', rowsOf(Object.values(args).map((each): Row => [argumentUsage(each), each.description])), bold),
    section('OPTIONS', rowsOf(optionRows(options)), bold),
    section('GLOBAL OPTIONS', indented(`${globalNames.join(' · ')} (kt --help explains them)`, width), bold),
    formats.length > 1 ? section('OUTPUT', indented(`-o ${formats.join(', ')}`, width), bold) : '',
    section('JSON FIELDS', rowsOf(Object.entries(shows.fields)), bold),
    section('MORE', paragraphs(description, width), bold),
  ].join('');
}

function paragraphs(text: string | undefined, width: number): string[] {
  const texts = text?.split('\n\n') ?? [];
  return texts.flatMap((each, index) => [...(index === 0 ? [] : ['']), ...indented(each, width)]);
}

/** A noun's commands as one row; single commands as they are. */
function nounRows(list: readonly Registration[]): ReadonlyMap<string, Row> {
  const rows = new Map<string, Row>();
  for (const { name, aliases, summary, hidden } of list) {
    const noun = name.split(' ')[0]!;
    if (hidden) continue;
    if (noun !== name) rows.set(noun, [noun, groupSummaries[noun]!]);
    else rows.set(noun, [aliases ? `${name} (${aliases.join(', ')})` : name, summary]);
  }
  return rows;
}

function groupHelp(name: string, list: readonly Registration[], width: number, bold: Bold): string {
  const rows = list.filter(({ hidden }) => !hidden).map((each): Row => [each.name, each.summary]);
  return [
    `${groupSummaries[name] ?? `Commands of kt ${name}`}.\n\n`,
    section('USAGE', [`  kt ${name} <command> [options]`], bold),
    section('COMMANDS', twoColumns(rows, width), bold),
    `kt ${name} <command> --help shows its examples and options.\n`,
  ].join('');
}

/** Nouns by what they are about, each section's columns as wide as all others'. */
function nounSectionTexts(list: readonly Registration[], width: number, bold: Bold): string {
  const rows = nounRows(list);
  const named = new Set(nounSections.flatMap(({ nouns }) => nouns));
  const others = [...rows.keys()].filter((noun) => !named.has(noun));
  const sections = [...nounSections, { title: 'MORE', nouns: others }];
  const widestName = Math.max(...[...rows.values()].map(([left]) => left.length));
  return sections
    .map(({ title, nouns }) => {
      const shown = nouns
        .map((noun) => rows.get(noun))
        .filter((row) => row !== undefined)
        .map(([left, right]): Row => [left.padEnd(widestName), right]);
      return section(title, twoColumns(shown, width), bold);
    })
    .join('');
}

function wholeHelp(list: readonly Registration[], width: number, bold: Bold): string {
  const factRows = (facts: readonly Fact[]): string[] =>
    twoColumns(
      facts.map(({ name, meaning }): Row => [name, meaning]),
      width,
    );
  return [
    'The command-line admin and debugging tool for Apache Kafka.\n\n',
    section('USAGE', ['  kt <command> [options]', '  kt <command> --help     its examples and options'], bold),
    section('WHAT PEOPLE DO MOST', exampleLines(firstLines), bold),
    nounSectionTexts(list, width, bold),
    section('VALUES', factRows(valueForms), bold),
    section('EXIT CODES', factRows(exitCodeFacts), bold),
    section(
      'GLOBAL OPTIONS (before or after the command)',
      twoColumns(optionRows(globalOptions, globalVariables), width),
      bold,
    ),
    'kt --version prints the version, kt --licenses the licences of all parts,\nkt help -o json all of this as data.\n',
  ].join('');
}

/** @param columns the width of the terminal */
export async function helpText(of: Found, columns: number, bold: Bold): Promise<string> {
  const width = Math.min(columns, widest);
  if (of.kind === 'command') return `${commandHelp(await of.registration.load(), width, bold).trimEnd()}\n`;
  return of.name === '' ? wholeHelp(of.commands, width, bold) : groupHelp(of.name, of.commands, width, bold);
}
