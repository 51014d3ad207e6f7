/** `--columns`, `--sort` and `--no-headers`: which of them a command can follow, checked before it does anything. */
import { usageError } from '../base/errors.ts';
import { isSameName, unknownColumn } from './columns.ts';
import type { GlobalOptions } from './options.ts';
import type { Column, Shape } from './shape.ts';

type Asked = Pick<GlobalOptions, 'columns' | 'sort' | 'noHeaders'>;
// biome-ignore lint/suspicious/noExplicitAny: rows are known to their own columns.
type AnyShape = Shape<any>;
// biome-ignore lint/suspicious/noExplicitAny: rows are known to their own columns.
type AnyColumns = readonly Column<any>[];

/** Whether a format can show what is asked for. */
export function canShow(shape: AnyShape, { columns, sort }: Asked, format: string): boolean {
  if (shape.kind === 'table') {
    if (!columns && !sort) return true;
    if (format in (shape.formats ?? {})) return false;
    if (columns) return format !== 'name';
    return shape.isList === true || !wholeFormats.includes(format);
  }
  return columns === undefined || columnFormats(shape).includes(format);
}

/** The formats that show a whole value, which need not be a list of rows. */
const wholeFormats: readonly string[] = ['json', 'jsonl', 'yaml', 'name'];

/** The formats of rows that come one by one that have columns. */
function columnFormats({ kind }: AnyShape): readonly string[] {
  return kind === 'records' ? ['csv'] : ['csv', 'json', 'jsonl'];
}

/**
 * Refuses what a command's output does not have.
 * @param format the format of the run; undefined: the shape's own
 * @param options the command's own, as it receives them
 * @throws KtError `usage`
 */
export function checkRowOptions(
  shape: AnyShape,
  asked: Asked,
  format: string | undefined,
  options: Readonly<Record<string, unknown>> = {},
): void {
  const { columns, sort } = asked;
  const option = columns ? '--columns' : sort ? '--sort' : asked.noHeaders ? '--no-headers' : undefined;
  if (option === undefined) return;
  if (shape.kind === 'text') throw usageError(`${option} (this command shows no rows)`, 'leave it out');
  if (sort && shape.kind !== 'table')
    throw usageError('--sort (rows are printed as they come)', 'pipe them to sort, or to jq -s with -o json');
  if (shape.kind === 'table' && shape.isLiveWith?.(options)) return;
  if (shape.kind === 'table') checkTable(shape, asked, format);
  else if (columns) checkStream(shape, columns, format);
}

function checkTable(shape: Extract<AnyShape, { kind: 'table' }>, asked: Asked, format = 'table'): void {
  if (!canShow(shape, asked, format)) {
    const isNested = !asked.columns && ['json', 'jsonl', 'yaml'].includes(format);
    throw usageError(
      `${asked.columns ? '--columns' : '--sort'} with -o ${format} (${isNested ? 'its rows are nested' : 'it has no columns'})`,
      isNested
        ? 'add --columns: each row is then an object of these fields'
        : `use -o table${asked.columns ? ', csv, json, jsonl or yaml' : ' or csv'}`,
    );
  }
  if (shape.tables) checkNames(shape.tables, asked);
}

/** Whether a table has all of the columns that are asked for. */
export function hasColumns(table: AnyColumns, { columns, sort }: Asked): boolean {
  return [...(columns ?? []), ...(sort ? [sort.column] : [])].every((name) => columnNamed(table, name));
}

export function columnNamed(table: AnyColumns, name: string): AnyColumns[number] | undefined {
  return table.find(({ header }) => isSameName(header, name));
}

/**
 * Refuses columns that no table has. Nothing is wrong with names where there is no table to look in.
 * @throws KtError `usage`
 */
export function checkNames(tables: readonly AnyColumns[], asked: Asked): void {
  const known = [...new Set(tables.flatMap((table) => table.map(({ header }) => header.toLowerCase())))];
  if (known.length === 0 || tables.some((table) => hasColumns(table, asked))) return;
  const wanted = [...(asked.columns ?? []), ...(asked.sort ? [asked.sort.column] : [])];
  const unknown = wanted.find((name) => !known.some((header) => isSameName(header, name)));
  if (unknown !== undefined) throw unknownColumn(unknown, known);
  throw usageError(`${wanted.join(', ')} (no table has all of these columns)`, 'name columns of one table');
}

/** Records are asked for their columns where their format is made; names of other rows are those of JSON fields, and a path leads into them. */
function checkStream(
  shape: Extract<AnyShape, { kind: 'lines' | 'records' }>,
  columns: readonly string[],
  format = 'csv',
): void {
  if (!canShow(shape, { columns }, format)) {
    const able = columnFormats(shape).map((each) => `-o ${each}`);
    throw usageError(`--columns with -o ${format} (it has no columns)`, `use ${able.join(' or ')}`);
  }
  if (shape.kind === 'records' || shape.hasOtherFields) return;
  const known = fieldNames(shape);
  const unknown = columns.find((name) => !known.includes(name.split('.')[0]!));
  if (unknown !== undefined) throw unknownColumn(unknown, known);
}

/** The fields of the JSON objects that a command prints line by line. */
export function fieldNames({ fields }: Pick<AnyShape, 'fields'>): readonly string[] {
  return [...new Set(Object.keys(fields).map((name) => /^[^.[]+/.exec(name)![0]))];
}
