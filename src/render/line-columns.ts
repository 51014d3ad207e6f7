/** Rows that come while a command runs, as CSV or as JSON objects of the chosen fields. */
import { usageError } from '../base/errors.ts';
import { unknownColumn } from '../cli/columns.ts';
import { fieldNames } from '../cli/row-options.ts';
import type { LinesShape } from '../cli/shape.ts';
import { csvLine } from './csv.ts';
import { jsonLine } from './json.ts';
import { csvCell, fieldsAt, type RowOptions } from './rows.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * What writes one row, the names of the columns before the first one.
 * @throws KtError `usage`, from the row on which it shows, for a column that no row has, and for rows that do not fit under one header
 */
export function lineColumns(
  shape: LinesShape<unknown>,
  format: string | undefined,
  { columns, noHeaders }: RowOptions,
): (row: unknown) => string {
  let names = columns ?? (shape.hasOtherFields ? undefined : fieldNames(shape));
  let isFirst = true;
  return (row) => {
    const fields = fieldsOf(shape.json(row));
    names ??= Object.keys(fields);
    const header = isFirst && !noHeaders && format !== 'json' ? csvLine(names) : '';
    if (isFirst) refuseUnknown(names, fields, shape);
    isFirst = false;
    if (shape.hasOtherFields && !columns) refuseOthers(names, fields);
    const values = fieldsAt(fields, names);
    if (format === 'json') return jsonLine(Object.fromEntries(names.map((name, at) => [name, values[at]])));
    return header + csvLine(values.map(csvCell));
  };
}

function fieldsOf(row: unknown): Fields {
  if (typeof row !== 'object' || row === null || Array.isArray(row))
    throw usageError('this output has no columns (it is not an object)', 'leave --columns and -o csv out');
  return row as Fields;
}

function refuseUnknown(names: readonly string[], fields: Fields, shape: LinesShape<unknown>): void {
  if (!shape.hasOtherFields) return;
  const known = Object.keys(fields);
  const unknown = names.find((name) => !known.includes(name.split('.')[0]!));
  if (unknown !== undefined) throw unknownColumn(unknown, known);
}

function refuseOthers(names: readonly string[], fields: Fields): void {
  const other = Object.keys(fields).find((name) => !names.includes(name));
  if (other !== undefined)
    throw usageError(`-o csv (a row has the field ${other}, which the first one did not have)`, 'name the --columns');
}
