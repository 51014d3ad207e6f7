/** `--columns`, `--sort` and `--no-headers`: which of them a command can follow, checked before it does anything. */
import { usageError } from '../base/errors.ts';
import { isSameName, unknownColumn } from './columns.ts';
import type { GlobalOptions } from './options.ts';
import type { Column, Shape } from './shape.ts';

type Asked = Pick<GlobalOptions, 'columns' | 'sort' | 'noHeaders'>;
// biome-ignore lint/suspicious/noExplicitAny: rows are known to their own columns.
type AnyShape = Shape<any>;

/**
 * Refuses what a command's output does not have.
 * @param format the format of the run; undefined: the shape's own
 * @throws KtError `usage`
 */
export function checkRowOptions(shape: AnyShape, asked: Asked, format: string | undefined): void {
  const { columns, sort } = asked;
  const option = columns ? '--columns' : sort ? '--sort' : asked.noHeaders ? '--no-headers' : undefined;
  if (option === undefined) return;
  if (shape.kind === 'text') throw usageError(`${option} (this command shows no rows)`, 'leave it out');
  if (sort && shape.kind !== 'table')
    throw usageError('--sort (rows are printed as they come)', 'pipe them to sort, or to jq -s with -o json');
  if (shape.kind === 'table') checkTable(shape.columns, asked, format, Object.keys(shape.formats ?? {}));
  else if (columns) checkStream(shape, columns, format);
}

function checkTable(
  known: readonly Column<never>[] | undefined,
  { columns, sort }: Asked,
  format = 'table',
  own: readonly string[],
): void {
  const option = columns ? '--columns' : '--sort';
  if ((columns || sort) && (own.includes(format) || (format === 'name' && columns)))
    throw usageError(`${option} with -o ${format} (it has no columns)`, 'use -o table, csv, json, jsonl or yaml');
  if (!known) return;
  const names = [...(columns ?? []), ...(sort ? [sort.column] : [])];
  const unknown = names.find((name) => !known.some(({ header }) => isSameName(header, name)));
  if (unknown !== undefined)
    throw unknownColumn(
      unknown,
      known.map(({ header }) => header.toLowerCase()),
    );
}

/** Records are asked for their columns where their format is made; names of other rows are those of JSON fields, and a path leads into them. */
function checkStream(
  shape: Extract<AnyShape, { kind: 'lines' | 'records' }>,
  columns: readonly string[],
  format = 'csv',
): void {
  const able = shape.kind === 'records' ? ['csv'] : ['csv', 'json', 'jsonl'];
  if (!able.includes(format))
    throw usageError(`--columns with -o ${format} (it has no columns)`, `use ${able.map((each) => `-o ${each}`).join(' or ')}`);
  if (shape.kind === 'records' || shape.hasOtherFields) return;
  const known = fieldNames(shape);
  const unknown = columns.find((name) => !known.includes(name.split('.')[0]!));
  if (unknown !== undefined) throw unknownColumn(unknown, known);
}

/** The fields of the JSON objects that a command prints line by line. */
export function fieldNames({ fields }: Pick<AnyShape, 'fields'>): readonly string[] {
  return [...new Set(Object.keys(fields).map((name) => /^[^.[]+/.exec(name)![0]))];
}
