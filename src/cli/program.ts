/** Words as typed → the command, its arguments and options, as the definitions have them. */
import type { Command as Parser } from 'commander';
import { type Found, find, type Registration, unknownCommand } from './catalog.ts';
import type { Argument, Command } from './define.ts';
import { chosenOutput } from './formats.ts';
import { readGlobals, type Values } from './globals.ts';
import { argumentOptions, orForeign, refuseHabits } from './habits.ts';
import { choice, type GlobalOptions, readAs } from './options.ts';
import { Asked, parserOf, parseWith } from './parser.ts';
import { canShow, checkRowOptions } from './row-options.ts';
import { argumentUsage, usageLine } from './usage.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What the words ask for. */
export type Parsed =
  | { readonly kind: 'version' }
  | { readonly kind: 'licenses' }
  | { readonly kind: 'help'; readonly of: Found; readonly globals: GlobalOptions }
  | {
      readonly kind: 'run';
      readonly command: Command;
      readonly args: Values;
      readonly options: Values;
      readonly globals: GlobalOptions;
    };

/** Flags given before the command and after it: the later one wins, repeatable ones add up. */
function merged(first: Values, second: Values): Values {
  const all: Record<string, unknown> = { ...first };
  for (const [key, value] of Object.entries(second)) {
    all[key] = Array.isArray(value) && Array.isArray(all[key]) ? [...(all[key] as unknown[]), ...value] : value;
  }
  return all;
}

function checkedArgument(argument: Argument<unknown>, value: unknown): unknown {
  if (argument.choices && typeof value === 'string') return readAs(argument.name, choice(argument.choices), value);
  return value ?? (argument.variadic ? [] : undefined);
}

/** The words with what `--topic` and `--group` name put where the command takes it as an argument. */
function withArguments(parser: Parser, command: Command, argv: readonly string[]): readonly string[] {
  const places = argumentOptions(command).filter(([name]) => argv.some((word) => word.split('=')[0] === `--${name}`));
  if (places.length === 0) return argv;
  for (const [name] of places)
    parser.option(`--${name} <${name}>`, '', (value, before?: string[]) => [...(before ?? []), value]);
  const { operands, unknown } = parser.parseOptions([...argv]);
  for (const [name, place] of places) {
    operands.splice(place, 0, ...((parser.getOptionValue(name) as string[] | undefined) ?? []));
    parser.setOptionValue(name, undefined);
  }
  return [...unknown, '--', ...operands];
}

/** The part of a command's words that follow its name. */
function parseCommand(command: Command, argv: readonly string[]): { args: Values; flags: Values } {
  const parser = parserOf(command.name, ['help'], command.options);
  const named = Object.entries(command.args);
  for (const [, argument] of named) parser.argument(argumentUsage(argument).replace('…', '...'));
  parseWith(parser, argv, `usage: ${usageLine(command)}`, (words) => withArguments(parser, command, words));
  const args = Object.fromEntries(
    named.map(([key, argument], index) => [key, checkedArgument(argument, parser.processedArgs[index])]),
  );
  return { args, flags: parser.opts() };
}

/** The global ones among a command's flags. */
function pickGlobals(command: Command, flags: Values): Values {
  return Object.fromEntries(Object.entries(flags).filter(([key]) => !(key in command.options)));
}

/** What a command receives: every key of its definition, a flag or list that was not given as `false` or empty. */
function optionValues(command: Command, flags: Values): Values {
  const entries = Object.entries(command.options).map(([key, option]) => {
    const absent = option.parse === undefined ? false : option.repeatable ? [] : undefined;
    return [key, flags[key] ?? absent] as const;
  });
  return Object.fromEntries(entries);
}

/** Takes the global options in front away. */
function withoutGlobals(argv: readonly string[], seen: { flags: Values; words: readonly string[] }): string[] {
  const parser = parserOf('kt', seen.words.length === 0 ? ['help', 'version', 'licenses'] : ['help'])
    .argument('[words...]')
    .passThroughOptions();
  parseWith(parser, argv, `${['kt', ...seen.words].join(' ')} --help shows the commands`);
  seen.flags = merged(seen.flags, parser.opts());
  return parser.args;
}

/** The words after `help`; global options among them count, others mean nothing. */
function helpWords(argv: readonly string[], seen: { flags: Values }): string[] {
  const parser = parserOf('kt help', ['help']).argument('[words...]').allowUnknownOption();
  parseWith(parser, argv, 'kt --help shows the commands');
  seen.flags = merged(seen.flags, parser.opts());
  return parser.args.filter((word) => !word.startsWith('-'));
}

/** The command's words, with global options before and between them taken out. */
function parseWords(
  list: readonly Registration[],
  argv: readonly string[],
  seen: { flags: Values; words: string[] },
): [Found, string[]] {
  for (let rest = [...argv]; ; ) {
    // commander is needed only where flags stand: making a parser is a good part of a short command's time.
    if (rest.length === 0 || rest[0]!.startsWith('-')) rest = withoutGlobals(rest, seen);
    const [word, ...after] = rest;
    if (word === undefined) throw new Asked('help');
    // kt version --licenses is kt --licenses.
    if (word === 'version' && seen.words.length === 0 && withoutGlobals(after, seen).length === 0) throw new Asked('version');
    if (word === 'help' && seen.words.length === 0) {
      seen.words.push(...helpWords(after, seen));
      throw new Asked('help');
    }
    seen.words.push(word);
    const found = find(list, seen.words);
    if (!found) throw unknownCommand(list, seen.words);
    // A command's name may begin with another's: `cluster features upgrade`.
    const goesOn = after[0] !== undefined && find(list, [...seen.words, after[0]]) !== undefined;
    if (found.kind === 'command' && !goesOn) return [found, after];
    rest = after;
  }
}

/**
 * Reads a command line, loading the one command it names. A line that means something in another tool is answered with kt's.
 * @param argv the words after `kt`
 * @throws KtError `usage` with what to type instead
 */
export function parse(list: readonly Registration[], argv: readonly string[], env: Env): Promise<Parsed> {
  return orForeign(list, argv, async (words) => {
    const parsed = await parseExactly(list, words, env);
    if (parsed.kind === 'run') refuseHabits(parsed);
    return parsed;
  });
}

async function parseExactly(list: readonly Registration[], argv: readonly string[], env: Env): Promise<Parsed> {
  const seen: { flags: Values; words: string[] } = { flags: {}, words: [] };
  try {
    const [found, rest] = parseWords(list, argv, seen);
    if (found.kind !== 'command') throw new Asked('help');
    const command = await found.registration.load();
    const { args, flags } = parseCommand(command, rest);
    const globals = readGlobals(merged(seen.flags, pickGlobals(command, flags)));
    const format = chosenOutput(command.shows, globals, env);
    // KT_OUTPUT is a wish, which a flag on this command line outweighs.
    const isWish = globals.output === undefined && format !== undefined;
    const output = isWish && !canShow(command.shows, globals, format) ? undefined : format;
    const options = optionValues(command, flags);
    checkRowOptions(command.shows, globals, output, options);
    return {
      kind: 'run',
      command,
      args,
      options,
      globals: { ...globals, output, outputIsWish: isWish },
    };
  } catch (error) {
    if (!(error instanceof Asked)) throw error;
    if (error.what !== 'help') return { kind: error.what };
    const of = find(list, seen.words);
    if (!of) throw unknownCommand(list, seen.words);
    return { kind: 'help', of, globals: readGlobals(seen.flags) };
  }
}

/** Whether a format is JSON, as a document or in lines: errors are JSON too then. */
export function isJsonFormat(format: string | undefined): boolean {
  return format === 'json' || format === 'jsonl';
}

/** Whether errors and help should be JSON, whatever else stands in the command line: as `-o json` or KT_OUTPUT asks. */
export function wantsJson(argv: readonly string[], env: Env): boolean {
  const at = argv.findLastIndex((word) => /^(-o|--output$|--output=)/.test(word));
  if (at === -1) return isJsonFormat(env['KT_OUTPUT']);
  const value = argv[at]!.replace(/^(-o=?|--output=?)/, '');
  return isJsonFormat(value === '' ? argv[at + 1] : value);
}
