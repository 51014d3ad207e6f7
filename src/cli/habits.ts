/** Habits from other tools: options that a command takes without showing them, and words that would mean something else here. */
import { KtError, usageError } from '../base/errors.ts';
import type { Registration } from './catalog.ts';
import type { Argument, Command, Options } from './define.ts';
import type { Values } from './globals.ts';
import type { GlobalOptions } from './options.ts';

/** Long names that stand for an option of another key. */
const sameOptions: Readonly<Record<string, string>> = {
  brokers: 'bootstrapServer',
  bootstrapServers: 'bootstrapServer',
  maxMessages: 'maxRecords',
};

/** The other names for options among `options`, each with the key it stands for; a command's own option of that name goes first. */
export function otherNames(options: Options, own: Options): readonly (readonly [name: string, key: string])[] {
  return Object.entries(sameOptions).filter(([name, key]) => key in options && !(name in own));
}

const nouns = ['topic', 'group'] as const;

/** `--topic T` and `--group G` where the command takes these as arguments: the option with the argument's place. */
export function argumentOptions({ args, options }: Command): readonly (readonly [name: string, place: number])[] {
  const all: Argument<unknown>[] = Object.values(args);
  return nouns.flatMap((noun) => {
    if (noun in options) return [];
    const places = all.flatMap(({ name, complete }, place) =>
      complete === noun || /^\w+/.exec(name)?.[0] === noun ? [place] : [],
    );
    return places.length === 1 ? [[noun, places[0]!] as const] : [];
  });
}

/** What Kafka's console tools take as `--property`, and no client does. */
const consoleProperty =
  /^(print\.\w+|parse\.(key|headers)|key\.separator|line\.separator|null\.(marker|literal)|headers\.(delimiter|separator|key\.separator)|ignore\.error)=/;

interface Line {
  readonly command: Command;
  readonly args: Values;
  readonly options: Values;
  readonly globals: Pick<GlobalOptions, 'property'>;
}

/** @throws KtError `usage` for words that kt can read, but that people mean otherwise */
export function refuseHabits({ command: { name }, args, options, globals }: Line): void {
  const property = globals.property.find((each) => consoleProperty.test(each))?.split('=')[0];
  if (property !== undefined)
    throw usageError(`unknown client property ${property}`, '-f says how records are printed, -K what separates keys');
  if (name !== 'tail') return;
  const count = Object.values(args)
    .flat()
    .find((word) => /^-\d+$/.test(String(word)));
  if (count !== undefined)
    throw usageError(`${count} is no topic`, `--last ${String(count).slice(1)} shows the newest records`);
  const { format } = options;
  if (typeof format === 'string' && /^[\w.-]*\w[\w.-]*$/.test(format))
    throw usageError(`-f ${format} (a format, with no %k or %v in it)`, 'leave -f out: kt tail follows unless -e is given');
}

/**
 * Reads a line; one that kt does not understand, but another tool would, is refused with kt's line as the hint.
 * @param read reads words, and throws KtError `usage` for what it does not understand
 */
export async function orForeign<P extends { readonly kind: string }>(
  list: readonly Registration[],
  argv: readonly string[],
  read: (words: readonly string[]) => Promise<P>,
): Promise<P> {
  try {
    return await read(argv);
  } catch (error) {
    if (!(error instanceof KtError) || error.kind !== 'usage') throw error;
    const { foreignAnswer } = await import('./foreign/answer.ts');
    const runs = (words: readonly string[]) =>
      read(words).then(
        ({ kind }) => kind === 'run',
        () => false,
      );
    const hint = await foreignAnswer(list, argv, runs);
    throw hint === undefined ? error : usageError(error.message, hint);
  }
}
