/** Definitions → manual pages in man(7) roff: the same text every time, whatever the clock or the machine. */
import { groupSummaries } from './catalog.ts';
import { type Command, longName, type Options } from './define.ts';
import { exitCodeFacts, type Fact, firstLines, otherVariables, valueForms } from './facts.ts';
import { formatsOf } from './formats.ts';
import { globalOptions, globalVariables } from './globals.ts';
import { optionText } from './help.ts';
import { argumentUsage, usageLine } from './usage.ts';
import { wrap } from './wrap.ts';

/** Linters want a date; this one is changed by hand with the pages' form, so that a page changes only with its command. */
const formDate = '2026-11-22';

const widestLine = 78;

/** Text in which nothing is roff: backslashes, hyphens that are typed, letters beyond ASCII. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll(
      /[^\x00-\x7f]/gu,
      (character) => `\\[u${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}]`,
    );
}

/** A line of text, which a dot or quote at its beginning does not turn into a request. */
function textLine(line: string): string {
  return line.replace(/^(?=[.'])/, '\\&');
}

/** A paragraph, in lines as short as linters like them. */
function prose(text: string): string[] {
  return wrap(escaped(text), widestLine).map(textLine);
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`.SH ${title}`, ...lines];
}

function paragraphs(texts: readonly string[]): string[] {
  return texts.flatMap((text, index) => (index === 0 ? prose(text) : ['.PP', ...prose(text)]));
}

/** A term in bold with what it means. */
function term(name: string, meaning: string): string[] {
  return ['.TP', `.B ${escaped(name)}`, ...prose(meaning)];
}

function optionTerms(options: Options, variables: Readonly<Record<string, string | undefined>> = {}): string[] {
  return Object.entries(options).flatMap(([key, option]) => term(option.flags, optionText(option, variables[key])));
}

function example({ line, does }: Command['examples'][number], index: number): string[] {
  return [...(index === 0 ? [] : ['.PP']), ...prose(`${does}:`), '.PP', '.RS 4', '.nf', textLine(escaped(line)), '.fi', '.RE'];
}

function page(title: string, lines: readonly string[]): string {
  return `${[`.TH ${title.toUpperCase().replaceAll('-', '\\-')} 1 ${formDate} kt "kt manual"`, ...lines].join('\n')}\n`;
}

/** `kt-topics-create`, as the page's file and its cross-references are called. */
function pageName(command: string): string {
  return ['kt', ...command.split(' ').filter((word) => word !== '')].join('-');
}

function reference(command: string, after = ''): string {
  return `.BR ${escaped(pageName(command))} (1)${after}`;
}

/** The page of one command. */
export function commandPage(command: Command): string {
  const { name, summary, description, args, options, shows, examples, aliases } = command;
  const fields = Object.entries(shows.fields).flatMap(([field, meaning]) => term(field, meaning));
  const formats = formatsOf(shows);
  const output = formats.length > 1 ? prose(`With --output: ${formats.join(', ')}.`) : [];
  return page(pageName(name), [
    ...section('NAME', [`${escaped(pageName(name))} \\- ${escaped(summary)}`]),
    ...section('SYNOPSIS', [`.B ${escaped(usageLine(command))}`]),
    ...section(
      'DESCRIPTION',
      paragraphs([
        ...(description ? description.split('\n\n') : [`${summary}.`]),
        ...(aliases ?? []).map((alias) => `The same command is called kt ${alias}.`),
      ]),
    ),
    ...section(
      'ARGUMENTS',
      Object.values(args).flatMap((each) => term(argumentUsage(each), each.description)),
    ),
    ...section('OPTIONS', optionTerms(options)),
    ...section('OUTPUT', output),
    ...section('JSON FIELDS', fields),
    ...section('EXAMPLES', examples.flatMap(example)),
    ...section('SEE ALSO', [
      ...(name.includes(' ') ? [reference(name.split(' ')[0]!, ',')] : []),
      reference('', ' for the global options and the exit codes'),
    ]),
  ]);
}

function factTerms(facts: readonly Fact[]): string[] {
  return facts.flatMap(({ name, meaning }) => term(name, meaning));
}

function commandTerms(commands: readonly Command[]): string[] {
  return commands.flatMap(({ name, summary }) => ['.TP', reference(name), ...prose(summary)]);
}

/** References to pages, with commas between them. */
function references(names: readonly string[]): string[] {
  return names.map((name, index) => reference(name, index < names.length - 1 ? ',' : ''));
}

/** Nouns that have a page of their own: those of several commands, none of which is called like the noun alone. */
function nounsOf(commands: readonly Command[]): readonly string[] {
  const names = commands.map(({ name }) => name);
  return [...new Set(names.filter((name) => name.includes(' ')).map((name) => name.split(' ')[0]!))];
}

/** The page of a noun: what its commands do. */
export function nounPage(noun: string, commands: readonly Command[]): string {
  const own = commands.filter(({ name, hidden }) => !hidden && name.startsWith(`${noun} `));
  const summary = groupSummaries[noun] ?? `Commands of kt ${noun}`;
  return page(pageName(noun), [
    ...section('NAME', [`${escaped(pageName(noun))} \\- ${escaped(summary)}`]),
    ...section('SYNOPSIS', [`.B kt ${escaped(noun)}`, '.I command', '[options]']),
    ...section('DESCRIPTION', prose(`${summary}.`)),
    ...section('COMMANDS', commandTerms(own)),
    ...section('EXAMPLES', own.flatMap(({ examples }) => examples.slice(0, 1)).flatMap(example)),
    ...section('SEE ALSO', [reference('', ' for the global options and the exit codes')]),
  ]);
}

/** kt(1): what people do most, every command with its summary, the global options, forms of values, exit codes and variables. */
export function mainPage(commands: readonly Command[]): string {
  const shown = commands.filter((command) => !command.hidden);
  const singles = shown.map(({ name }) => name).filter((name) => !name.includes(' '));
  return page('kt', [
    ...section('NAME', ['kt \\- admin and debugging tool for Apache Kafka']),
    ...section('SYNOPSIS', ['.B kt', '.I command', '[options]']),
    ...section('DESCRIPTION', [
      ...prose('kt inspects and manages an Apache Kafka cluster, from a terminal or from a script.'),
      ...prose('Standard output holds data only; notes, progress and errors go to standard error.'),
      ...prose('kt help -o json prints all commands, options and fields as data.'),
    ]),
    ...section('EXAMPLES', firstLines.flatMap(example)),
    ...section('COMMANDS', commandTerms(shown)),
    ...section(
      'GLOBAL OPTIONS',
      prose('Before or after the command; a flag wins over its variable, a variable over the profile.'),
    ),
    ...optionTerms(globalOptions, globalVariables),
    ...section('VALUES', factTerms(valueForms)),
    ...section('EXIT STATUS', factTerms(exitCodeFacts)),
    ...section('ENVIRONMENT', [...variableTerms(), ...factTerms(otherVariables)]),
    ...section(
      'FILES',
      term('$XDG_CONFIG_HOME/kt/config.yaml', 'profiles; refused when it holds a secret and others can read it'),
    ),
    ...section('SEE ALSO', references([...singles, ...nounsOf(shown)].sort())),
  ]);
}

function variableTerms(): string[] {
  return Object.entries(globalVariables).flatMap(([key, variable]) => {
    const option = globalOptions[key as keyof typeof globalOptions];
    return term(variable, `stands for ${longName(option)} where that is not given`);
  });
}

/** Every page by its file name: kt.1, one for each noun, and one for each command that people use. */
export function pages(commands: readonly Command[]): ReadonlyMap<string, string> {
  const shown = commands.filter((command) => !command.hidden);
  return new Map([
    ['kt.1', mainPage(commands)],
    ...nounsOf(shown).map((noun) => [`${pageName(noun)}.1`, nounPage(noun, shown)] as const),
    ...shown.map((each) => [`${pageName(each.name)}.1`, commandPage(each)] as const),
  ]);
}
