/** Which output formats each kind of value has, and which one a run uses. */
import { usageError } from '../base/errors.ts';
import type { GlobalOptions } from './options.ts';

type Kind = 'table' | 'lines' | 'records' | 'text';

const formats: Readonly<Record<Kind, readonly string[]>> = {
  table: ['table', 'wide', 'json', 'jsonl', 'yaml', 'csv', 'name'],
  lines: ['text', 'json', 'csv'],
  records: ['value', 'pretty', 'line', 'json', 'csv', 'raw'],
  text: ['text'],
};

/** Words that mean a format of another name: the default of one shape is called `table` everywhere. */
const sameAs: Readonly<Partial<Record<Kind, Readonly<Record<string, string>>>>> = {
  lines: { table: 'text', jsonl: 'json' },
  records: { jsonl: 'json' },
};

/** What of a shape decides its formats: a table may have further ones of its own. */
interface Formatted {
  readonly kind: Kind;
  readonly formats?: Readonly<Record<string, unknown>>;
  /** Whether lines are one array as JSON, so that one a line is a format of its own. */
  readonly isArray?: true;
}

/** What `-o` may be for this kind of value. */
export function formatsOf(shape: Formatted): readonly string[] {
  return [...new Set([...formats[shape.kind], ...(shape.isArray ? ['jsonl'] : []), ...Object.keys(shape.formats ?? {})])];
}

/**
 * The format of one run: `--output`, else KT_OUTPUT where this kind of value has it, else undefined, the kind's own default.
 * @throws KtError `usage` when `--output` names a format that this kind of value does not have, or KT_OUTPUT one that no kind has
 */
export function chosenOutput(shape: Formatted, globals: GlobalOptions, env: Readonly<Record<string, string | undefined>>) {
  const { kind } = shape;
  const own = formatsOf(shape);
  // One text is the same in every format.
  if (kind === 'text') return undefined;
  const known = (word: string): string | undefined => {
    const format = own.includes(word) ? word : sameAs[kind]?.[word];
    return format !== undefined && own.includes(format) ? format : undefined;
  };
  const wanted = env['KT_OUTPUT'];
  if (globals.output === undefined && wanted !== undefined && wanted !== '') {
    const all = [...new Set([...Object.values(formats).flat(), ...own])];
    if (!all.includes(wanted)) throw usageError(`KT_OUTPUT: '${wanted}' is not a format`, `one of ${all.join(', ')}`);
    return known(wanted);
  }
  if (globals.output === undefined) return undefined;
  const format = known(globals.output);
  if (format) return format;
  throw usageError(
    `unknown format '${globals.output}'`,
    `use ${own.slice(0, -1).join(', ')} or ${own.at(-1)}${startHint(kind, globals.output)}`,
  );
}

/** kcat's `-o beginning` is a position. */
function startHint(kind: Kind, word: string): string {
  const isStart = kind === 'records' && /^(beginning|end|earliest|latest|-?\d+)$/.test(word);
  return isStart ? ` (for a start position: --from ${word})` : '';
}
