/** What a command is, as typed data: the parser, help, man pages, completion and README read only this. */
import type { Shape } from './shape.ts';

/**
 * What completion can fill in live, or from the file system (`file`). `resource` and the configs of one depend on its type, which is the
 * command's first argument.
 */
export type Completes =
  | 'topic'
  | 'group'
  | 'subject'
  | 'profile'
  | 'topic-config'
  | 'topic-config-key'
  | 'resource'
  | 'config'
  | 'config-key'
  | 'file';

/** Reads a value as typed; throws a `usage` KtError whose message says what is wrong with it. */
export interface Reader<T> {
  (text: string): T;
  /** The only values it takes. */
  readonly choices?: readonly string[];
  /** Some of the values it takes, for completion. */
  readonly suggests?: readonly string[];
}

export interface OptionExtra {
  /** What a shell can complete for the option's value. */
  readonly complete?: Completes;
  /** The only values there are, for help and completion; known by itself of a reader made by `choice`. */
  readonly choices?: readonly string[];
  /** The default as help shows it ("the broker's"); the default itself is up to `run`. */
  readonly defaultText?: string;
}

/** One option. `T` is what the command receives for it. */
export interface Option<T> {
  /** As commander reads them: `-p, --partitions <n>`. The long name in camelCase must be the option's key. */
  readonly flags: string;
  readonly description: string;
  /** Absent for a flag. */
  readonly parse: Reader<unknown> | undefined;
  readonly repeatable: boolean;
  readonly extra: OptionExtra;
  /** Only for inference; never set. */
  readonly type?: T;
}

/** The long name of an option, as its flags have it: `--partitions`. */
export function longName({ flags }: Pick<Option<unknown>, 'flags'>): string {
  return /--[\w-]+/.exec(flags)![0];
}

/** The long name of an option's key as it is typed: `--max-records` of `maxRecords`. */
export function flagOf(key: string): string {
  return `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** One positional argument. `T` is what the command receives for it. */
export interface Argument<T> {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  readonly variadic: boolean;
  readonly complete: Completes | undefined;
  readonly choices: readonly string[] | undefined;
  readonly type?: T;
}

// biome-ignore lint/suspicious/noExplicitAny: a list of commands holds commands of every type.
type Any = any;
export type Options = Readonly<Record<string, Option<Any>>>;
export type Arguments = Readonly<Record<string, Argument<Any>>>;
/** What a command receives for its options: `OptionValues<typeof options>`; for its arguments likewise. */
export type OptionValues<S> = {
  readonly [K in keyof S]: S[K] extends Option<infer T> ? T : S[K] extends Argument<infer T> ? T : never;
};

/** `C` is what every command is given of the world: cli neither knows nor uses it. */
export interface Command<A extends Arguments = Arguments, O extends Options = Options, V = Any, C = Any> {
  /** The words typed after `kt`: `topics create`. */
  readonly name: string;
  /** Other first words for the same command: `consume` for `tail`. */
  readonly aliases?: readonly string[];
  /** One line, imperative, without a full stop. */
  readonly summary: string;
  /** Paragraphs for `--help` and the man page. */
  readonly description?: string;
  /** In the order typed. */
  readonly args: A;
  readonly options: O;
  /** What `run` returns and how it looks in each output format. */
  readonly shows: Shape<V>;
  /** Lines that can be copied, each with what it is for. */
  readonly examples: readonly { readonly line: string; readonly does: string }[];
  /** Left out of help, completion and README (it still has a man page when it is for people). */
  readonly hidden?: boolean;
  run(context: C, args: OptionValues<A>, options: OptionValues<O>): Promise<V> | V;
}

/** Makes the function that declares commands given a `C`; exists for its type inference. */
export function commandFor<C>() {
  return <A extends Arguments, O extends Options, V>(definition: Command<A, O, V, C>): Command<A, O, V, C> => definition;
}

/** An option with a value; absent is `undefined`. */
export function option<T>(
  flags: string,
  description: string,
  parse: Reader<T>,
  extra: OptionExtra = {},
): Option<T | undefined> {
  return { flags, description, parse, repeatable: false, extra: withChoices(parse, extra) };
}

/** An option that may be given several times; absent is an empty list. */
export function repeatable<T>(
  flags: string,
  description: string,
  parse: Reader<T>,
  extra: OptionExtra = {},
): Option<readonly T[]> {
  return { flags, description, parse, repeatable: true, extra: withChoices(parse, extra) };
}

function withChoices({ choices }: Reader<unknown>, extra: OptionExtra): OptionExtra {
  return choices ? { choices, ...extra } : extra;
}

/** An option without a value. */
export function flag(flags: string, description: string): Option<boolean> {
  return { flags, description, parse: undefined, repeatable: false, extra: {} };
}

interface ArgumentExtra<T extends string = string> {
  readonly complete?: Completes;
  /** The only values there are; shown in help, completed, and checked by the parser. */
  readonly choices?: readonly T[];
}

function anArgument<T>(
  name: string,
  description: string,
  required: boolean,
  variadic: boolean,
  extra: ArgumentExtra,
): Argument<T> {
  return { name, description, required, variadic, complete: extra.complete, choices: extra.choices };
}

/** One required argument. */
export function argument<const T extends string = string>(
  name: string,
  description: string,
  extra: ArgumentExtra<T> = {},
): Argument<T> {
  return anArgument(name, description, true, false, extra);
}

/** One argument that may be left out. */
export function optionalArgument(name: string, description: string, extra: ArgumentExtra = {}): Argument<string | undefined> {
  return anArgument(name, description, false, false, extra);
}

/** One or more arguments (`required`), or any number of them; always the last one. */
export function variadicArgument(
  name: string,
  description: string,
  required: boolean,
  extra: ArgumentExtra = {},
): Argument<readonly string[]> {
  return anArgument(name, description, required, true, extra);
}
