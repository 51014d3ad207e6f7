/** Rows that come while a command runs, as CSV or as JSON objects of the chosen fields. */
import { usageError } from '../base/errors.ts';
import { unknownColumn } from '../cli/columns.ts';
import { fieldNames } from '../cli/row-options.ts';
import type { LinesShape } from '../cli/shape.ts';
import { csvLine } from './csv.ts';
import { csvCell, fieldsAt, type RowOptions } from './rows.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * What picks the chosen fields of a row.
 * @throws KtError `usage`, at the first row, for a column that no row has
 */
export function chosenFields(shape: LinesShape<unknown>, names: readonly string[]): (row: unknown) => Fields {
  let isFirst = true;
  return (row) => {
    const fields = fieldsOf(shape.json(row));
    if (isFirst) refuseUnknown(names, fields, shape);
    isFirst = false;
    const values = fieldsAt(fields, names);
    return Object.fromEntries(names.map((name, at) => [name, values[at]]));
  };
}

/** The names of the columns as a line of CSV, for a table without rows; empty where only a row tells them, or they are not wanted. */
export function csvHeader(shape: LinesShape<unknown>, { columns, noHeaders }: RowOptions): string {
  const names = columns ?? (shape.hasOtherFields ? undefined : fieldNames(shape));
  return names === undefined || noHeaders ? '' : csvLine(names);
}

/**
 * What writes one row as CSV, the names of the columns before the first one.
 * @throws KtError `usage`, from the row on which it shows, for a column that no row has, and for rows that do not fit under one header
 */
export function csvLines(shape: LinesShape<unknown>, { columns, noHeaders }: RowOptions): (row: unknown) => string {
  let names = columns ?? (shape.hasOtherFields ? undefined : fieldNames(shape));
  let isFirst = true;
  return (row) => {
    const fields = fieldsOf(shape.json(row));
    names ??= Object.keys(fields);
    const header = isFirst && !noHeaders ? csvLine(names) : '';
    if (isFirst) refuseUnknown(names, fields, shape);
    isFirst = false;
    if (shape.hasOtherFields && !columns) refuseOthers(names, fields);
    return header + csvLine(fieldsAt(fields, names).map(csvCell));
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
