/** Names of columns as people type them. */
import { type KtError, usageError } from '../base/errors.ts';

/** What `--sort` asks for. */
export interface SortOrder {
  /** Name of a column, as typed. */
  readonly column: string;
  readonly descending: boolean;
}

/** Names between commas: `topic,end-offset`. @throws KtError `usage` for an empty one */
export function columnNames(value: string): readonly string[] {
  const all = value.split(',').map((each) => each.trim());
  if (all.includes('')) throw usageError(`'${value}' (an empty name)`, 'write names with commas between them: topic,partition');
  return all;
}

/** A column to sort by: `lag`, or `-lag` for the largest first. @throws KtError `usage` for an empty one */
export function sortOrder(value: string): SortOrder {
  const descending = value.startsWith('-');
  const column = descending ? value.slice(1) : value;
  if (column === '') throw usageError(`'${value}' (no column)`, 'name a column: lag, or -lag for the largest first');
  return { column, descending };
}

/** Whether two names mean the same column: `END-OFFSET`, `end-offset` and `endOffset` do. */
export function isSameName(a: string, b: string): boolean {
  return plainName(a) === plainName(b);
}

function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}/]/gu, '');
}

/** @param known the names there are */
export function unknownColumn(name: string, known: readonly string[]): KtError {
  return usageError(`unknown column ${name}`, `columns are ${known.join(', ')}`);
}
