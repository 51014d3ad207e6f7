/** Rows as `--columns` and `--sort` want them: of the tables that a value is shown as, or of JSON objects. */
import { isSameName, type SortOrder } from '../cli/columns.ts';
import type { GlobalOptions } from '../cli/options.ts';
import { columnNamed, hasColumns } from '../cli/row-options.ts';
import type { Block, Cell, Column } from '../cli/shape.ts';
import { compactJson } from './json.ts';

export type RowOptions = Pick<GlobalOptions, 'columns' | 'sort' | 'noHeaders'>;
// biome-ignore lint/suspicious/noExplicitAny: rows are known to their own columns.
type AnyColumn = Column<any>;

/**
 * Blocks with the chosen columns alone, in the order asked for, and sorted rows. Tables without one of the columns are left out; with
 * `noHeaders` there is nothing but rows.
 */
export function chosenBlocks(blocks: Iterable<Block>, options: RowOptions): readonly Block[] {
  const { columns, sort, noHeaders } = options;
  const shown = columns ? [...blocks].filter((block) => hasColumns(block.columns, options)) : [...blocks];
  return shown.flatMap((block) => {
    const rows = sort ? sortedRows(block, sort) : block.rows;
    const picked = columns ? columns.map((name) => ({ ...columnNamed(block.columns, name)!, wide: false })) : block.columns;
    if (noHeaders) return rows.length > 0 ? [{ columns: picked, rows }] : [];
    return [{ ...block, columns: picked, rows }];
  });
}

/** A list of rows, or an object that has that list as a field, with the rows of its table in order. */
export function withSortedRows(value: unknown, table: Block, sort: SortOrder): unknown {
  const rows = sortedRows(table, sort);
  if (value === table.rows) return rows;
  return Object.fromEntries(
    Object.entries(value as object).map(([name, field]) => [name, field === table.rows ? rows : field]),
  );
}

/** Values are looked up once a row, not each time that two rows are compared. */
function sortedRows({ columns, rows }: Block, { column, descending }: SortOrder): readonly unknown[] {
  const by = columnNamed(columns, column);
  if (!by) return rows;
  const direction = descending ? -1 : 1;
  return rows
    .map((row) => ({ row, value: by.order ? by.order(row) : rawValue(row, by).value }))
    .sort((a, b) => compared(a.value, b.value, direction))
    .map(({ row }) => row);
}

/** What a row holds itself where it has a field of the column's name: numbers, where the cell is text for people. */
function rawValue(row: unknown, { header, get }: AnyColumn): { readonly key: string; readonly value: unknown } {
  const fields = isObject(row) ? (row as Readonly<Record<string, unknown>>) : {};
  const key = Object.keys(fields).find((each) => isSameName(each, header));
  if (key !== undefined && (!isObject(fields[key]) || Array.isArray(fields[key]))) return { key, value: fields[key] };
  const [first = '', ...more] = header.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  return { key: first + more.map((word) => word[0]!.toUpperCase() + word.slice(1)).join(''), value: get(row) };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

const collator = new Intl.Collator('en', { numeric: true });

/** Numbers by size, text by its numbers and letters; what is not there comes last in both directions. */
function compared(a: unknown, b: unknown, direction: 1 | -1): number {
  const [noA, noB] = [a ?? '', b ?? ''].map((each) => each === '');
  if (noA || noB) return Number(noA) - Number(noB);
  if (isNumber(a) && isNumber(b)) return direction * (a < b ? -1 : a > b ? 1 : 0);
  return direction * collator.compare(cellOf(a), cellOf(b));
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** The rows of all chosen tables as objects, for JSON and YAML: with the fields' own values, under their own names. */
export function rowObjects(blocks: readonly Block[]): readonly Readonly<Record<string, unknown>>[] {
  return blocks.flatMap(({ columns, rows }) =>
    rows.map((row) =>
      Object.fromEntries(
        columns.map((column) => {
          const { key, value } = rawValue(row, column);
          return [key, value ?? null];
        }),
      ),
    ),
  );
}

/** The fields of a JSON object at paths such as `key` or `value.user`; null where there is none. */
export function fieldsAt(object: unknown, paths: readonly string[]): readonly unknown[] {
  return paths.map((path) => {
    let at = object;
    for (const name of path.split('.'))
      at = isObject(at) && Object.hasOwn(at, name) ? (at as Record<string, unknown>)[name] : undefined;
    return at ?? null;
  });
}

/** Any value as the text of one cell: text as it is, everything else as JSON. */
export function cellOf(value: unknown): string {
  return typeof value === 'string' ? value : compactJson(value);
}

/** A cell of CSV for any value; null stays null. */
export function csvCell(value: unknown): Cell {
  return value === null || value === undefined ? null : cellOf(value);
}
