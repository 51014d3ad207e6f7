/**
 * Words → options and what is left, by the rules of GNU tools: `-b host`, `-bhost`, `--name host`, `--name=host`, `-qy`, and `--` before words
 * that are no options. By hand: loading and filling a library's parser took a sixth of a short command.
 */
import { usageError } from '../base/errors.ts';
import { type Argument, flagOf, longName, type Option, type Options } from './define.ts';
import { globalOptions, type Values } from './globals.ts';
import { otherNames } from './habits.ts';
import { readAs } from './options.ts';
import { suggestedOption } from './suggest.ts';

/** Thrown by `--help`, `--version` and `--licenses` wherever they stand, so that nothing else is checked. */
export class Asked {
  readonly what: 'help' | 'version' | 'licenses';
  constructor(what: Asked['what']) {
    this.what = what;
  }
}

/** What stands behind a name such as `-b` or `--bootstrap-server`. */
interface Known {
  readonly long: string;
  /** Gives the flags with this option's value in them. `value` is undefined where `isFlag`. */
  readonly take: (flags: Record<string, unknown>, value: string | undefined) => void;
  readonly isFlag: boolean;
}

/** The options that words may have, by each of their names. */
export type Grammar = Map<string, Known>;

/** How words were read. */
export interface Words {
  readonly flags: Record<string, unknown>;
  readonly operands: string[];
  /** The first option that the grammar lacks, and all words after it that are no options. */
  readonly unknown: readonly string[];
}

/** Stores an option's values under `key`. @throws (when it takes) KtError `usage`, which names the option's flag */
function knownOption(key: string, option: Option<unknown>, long = longName(option)): Known {
  const { parse } = option;
  const take: Known['take'] = (flags, value) => {
    if (!parse) {
      flags[key] = true;
      return;
    }
    const read = readAs(longName(option), parse, value!);
    flags[key] = option.repeatable ? [...((flags[key] as unknown[] | undefined) ?? []), read] : read;
  };
  return { long, take, isFlag: !parse };
}

/** The global options and a command's own, with the words of `asked`. */
export function grammarOf(asked: readonly Asked['what'][], own: Options = {}): Grammar {
  const grammar: Grammar = new Map();
  const all: Options = { ...globalOptions, ...own };
  for (const [key, option] of Object.entries(all)) {
    const known = knownOption(key, option);
    for (const word of option.flags.split(/,? /)) if (word.startsWith('-')) grammar.set(word, known);
  }
  for (const [name, key] of otherNames(all, own)) grammar.set(flagOf(name), knownOption(key, all[key]!, flagOf(name)));
  for (const what of asked) {
    const ask = (): never => {
      throw new Asked(what);
    };
    const known = { long: `--${what}`, take: ask, isFlag: true };
    grammar.set(known.long, known);
    if (what === 'help') grammar.set('-h', known);
  }
  return grammar;
}

/** Adds an option whose values are words as they are, all of them kept. */
export function addCollector(grammar: Grammar, name: string): void {
  const take: Known['take'] = (flags, value) => {
    flags[name] = [...((flags[name] as string[] | undefined) ?? []), value!];
  };
  grammar.set(`--${name}`, { long: `--${name}`, take, isFlag: false });
}

/**
 * Reads words.
 * @param usage the hint of errors
 * @param stops whether the first word that is no option ends the reading: all that follows is left as it is
 * @throws Asked; KtError `usage` for a value that is missing or wrong
 */
export function readWords(grammar: Grammar, argv: readonly string[], usage: string, stops = false): Words {
  const flags: Record<string, unknown> = {};
  const operands: string[] = [];
  const unknown: string[] = [];
  let others = operands;
  const words = [...argv];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '--') {
      if (others === unknown) others.push(word);
      others.push(...words);
      break;
    }
    const { known, value, rest } = optionOf(grammar, word);
    if (known) {
      const given = value ?? (known.isFlag ? undefined : words.shift());
      if (given === undefined && !known.isFlag) throw usageError(`${known.long} needs a value`, usage);
      known.take(flags, given);
      if (rest !== undefined) words.unshift(rest);
      continue;
    }
    if (looksLikeOption(word)) others = unknown;
    others.push(word);
    if (!stops) continue;
    others.push(...words);
    break;
  }
  return { flags, operands, unknown };
}

interface Found {
  readonly known?: Known | undefined;
  /** What stands in the same word: `-bhost`, `--name=host`. */
  readonly value?: string;
  /** Of several short flags in a word, those behind the first. */
  readonly rest?: string;
}

function optionOf(grammar: Grammar, word: string): Found {
  const exact = grammar.get(word);
  if (exact) return { known: exact };
  if (word.startsWith('--')) {
    const end = word.indexOf('=');
    const known = end < 0 ? undefined : grammar.get(word.slice(0, end));
    return known && !known.isFlag ? { known, value: word.slice(end + 1) } : {};
  }
  const known = word.length > 2 && word.startsWith('-') ? grammar.get(word.slice(0, 2)) : undefined;
  if (!known) return {};
  return known.isFlag ? { known, rest: `-${word.slice(2)}` } : { known, value: word.slice(2) };
}

/** A number below zero is a value. */
function looksLikeOption(word: string): boolean {
  return word.length > 1 && word.startsWith('-') && !/^-(\d+|\d*\.\d+)(e[+-]?\d+)?$/.test(word);
}

/** @throws KtError `usage` for an option that the grammar lacks, with the one that was probably meant */
export function checkKnown(grammar: Grammar, [unknown]: readonly string[], usage: string): void {
  if (unknown === undefined) return;
  const typed = /--[^\s'=]+/.exec(unknown)?.[0];
  const near = typed && suggestedOption(typed, [...new Set([...grammar.values()].map(({ long }) => long))]);
  throw usageError(`unknown option ${quoted(unknown)}`, near ? `did you mean ${near}?` : usage);
}

/** @throws KtError `usage` for arguments that are missing or too many */
export function checkArguments(args: readonly Argument<unknown>[], operands: readonly string[], usage: string): void {
  const missing = args.find(({ required }, index) => required && operands[index] === undefined);
  if (missing) throw usageError(`missing required argument ${quoted(missing.name)}`, usage);
  if (args.at(-1)?.variadic || operands.length <= args.length) return;
  throw usageError(`too many arguments (${args.length} expected, ${operands.length} given)`, usage);
}

function quoted(text: string): string {
  return /^\S+$/.test(text) ? text : `'${text}'`;
}

/** What each argument gets: a word, all words from its place on if it is variadic, or nothing. */
export function argumentValues(args: Readonly<Record<string, Argument<unknown>>>, operands: readonly string[]): Values {
  return Object.fromEntries(
    Object.entries(args).map(([key, { variadic }], index) => [key, variadic ? operands.slice(index) : operands[index]]),
  );
}
