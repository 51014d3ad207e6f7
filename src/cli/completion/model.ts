/** What every shell's script is made of: commands with their words, flags and what can be completed for each value. */
import { groupSummaries } from '../catalog.ts';
import { type Argument, type Command, type Completes, longName, type Option } from '../define.ts';
import { formatsOf } from '../formats.ts';
import { globalOptions } from '../globals.ts';

/** What stands for a value: nothing known, files, names asked from the cluster or the config file, or a few words. */
export type Values =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'file' }
  | { readonly kind: 'live'; readonly what: Exclude<Completes, 'file'> }
  | { readonly kind: 'words'; readonly words: readonly string[] };

export interface Flag {
  readonly short: string | undefined;
  readonly long: string;
  readonly description: string;
  /** Undefined for a flag without a value. */
  readonly value: Values | undefined;
  readonly repeatable: boolean;
}

export interface Completable {
  /** `topics create`. */
  readonly name: string;
  readonly summary: string;
  /** The command's own and the global ones. */
  readonly flags: readonly Flag[];
  /** By position; a last one that repeats stands for all that follow. */
  readonly args: readonly Values[];
  readonly variadic: boolean;
}

/** A word that may come next, below the words before it. */
export interface Word {
  readonly under: string;
  readonly word: string;
  readonly summary: string;
}

/** Flags whose values say which cluster a live answer comes from. */
export const connectionFlags = [
  '-b',
  '--bootstrap-server',
  '--brokers',
  '--profile',
  '--command-config',
  '-X',
  '--property',
  '--address-map',
];

function valuesOf(complete: Completes | undefined, choices: readonly string[] | undefined): Values {
  if (choices) return { kind: 'words', words: choices };
  if (complete === 'file') return { kind: 'file' };
  return complete ? { kind: 'live', what: complete } : { kind: 'nothing' };
}

function flagFor(option: Option<unknown>): Flag {
  const { flags, description, parse, extra, repeatable } = option;
  const value = parse ? valuesOf(extra.complete, extra.choices ?? parse.suggests) : undefined;
  return { short: /^-\w\b/.exec(flags)?.[0], long: longName(option), description, value, repeatable };
}

function completable(name: string, { summary, options, args, shows }: Command): Completable {
  const output = { ...globalOptions.output, extra: { choices: formatsOf(shows) } };
  const all = [...Object.values(options), ...Object.values({ ...globalOptions, output })];
  const help: Flag = { short: '-h', long: '--help', description: 'show help', value: undefined, repeatable: false };
  const positions: Argument<unknown>[] = Object.values(args);
  return {
    name,
    summary,
    flags: [...all.map(flagFor), help],
    args: positions.map(({ complete, choices }) => valuesOf(complete, choices)),
    variadic: positions.at(-1)?.variadic ?? false,
  };
}

/** Every command that people use, under each of its names. */
export function completables(commands: readonly Command[]): readonly Completable[] {
  return commands
    .filter((command) => !command.hidden)
    .flatMap((command) => [command.name, ...(command.aliases ?? [])].map((name) => completable(name, command)));
}

/** The words of the command tree: nouns and single commands under nothing, verbs under their noun. */
export function wordsOf(list: readonly Completable[]): readonly Word[] {
  const words = new Map<string, Word>();
  for (const { name, summary } of list) {
    const [noun, ...verb] = name.split(' ') as [string, ...string[]];
    words.set(noun, { under: '', word: noun, summary: verb.length > 0 ? (groupSummaries[noun] ?? noun) : summary });
    if (verb.length > 0) words.set(name, { under: noun, word: verb.join(' '), summary });
  }
  return [...words.values()];
}

/** Global flags as they stand before any command. */
export const globalFlags: readonly Flag[] = Object.values(globalOptions).map(flagFor);
