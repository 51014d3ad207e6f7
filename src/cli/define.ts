/** What a command is, as typed data: the parser, help, man pages, completion and README read only this. */
import type { Context } from '../context.ts';
import type { Shape } from './shape.ts';

/** What completion can fill in live (`topic`, `group`, `profile`) or from the file system (`file`). */
export type Completes = 'topic' | 'group' | 'profile' | 'file';

export interface OptionExtra {
  /** What a shell can complete for the option's value. */
  readonly complete?: Completes;
  /** The only values there are; shown in help, completed, and checked by the parser. */
  readonly choices?: readonly string[];
  /** Words for the default in help ("the broker's"); the default itself is what `run` does without the option. */
  readonly defaultText?: string;
}

/** One option. `T` is what the command receives for it. */
export interface Option<T> {
  /** As commander reads them: `-p, --partitions <n>`. The long name in camelCase must be the option's key. */
  readonly flags: string;
  readonly description: string;
  /** Reads the value; throws a `usage` KtError whose message says what is wrong with it. Absent for a flag. */
  readonly parse: ((text: string) => unknown) | undefined;
  readonly repeatable: boolean;
  readonly extra: OptionExtra;
  /** Only for inference; never set. */
  readonly type?: T;
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
/** What a command receives for its options or arguments. */
export type OptionValues<S> = {
  readonly [K in keyof S]: S[K] extends Option<infer T> ? T : S[K] extends Argument<infer T> ? T : never;
};

export interface Command<A extends Arguments = Arguments, O extends Options = Options, V = Any> {
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
  run(context: Context, args: OptionValues<A>, options: OptionValues<O>): Promise<V> | V;
}

/** Declares a command; exists for its type inference. */
export function command<A extends Arguments, O extends Options, V>(definition: Command<A, O, V>): Command<A, O, V> {
  return definition;
}

/** An option with a value; absent is `undefined`. */
export function option<T>(
  flags: string,
  description: string,
  parse: (text: string) => T,
  extra: OptionExtra = {},
): Option<T | undefined> {
  return { flags, description, parse, repeatable: false, extra };
}

/** An option that may be given several times; absent is an empty list. */
export function repeatable<T>(
  flags: string,
  description: string,
  parse: (text: string) => T,
  extra: OptionExtra = {},
): Option<readonly T[]> {
  return { flags, description, parse, repeatable: true, extra };
}

/** An option without a value. */
export function flag(flags: string, description: string): Option<boolean> {
  return { flags, description, parse: undefined, repeatable: false, extra: {} };
}

interface ArgumentExtra {
  readonly complete?: Completes;
  readonly choices?: readonly string[];
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
export function argument(name: string, description: string, extra: ArgumentExtra = {}): Argument<string> {
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
