/** Tables → CSV (RFC 4180), with the column headers as the first line. */
import type { Block, Cell } from '../cli/shape.ts';

function field(cell: Cell): string {
  const text = cell === null || cell === undefined ? '' : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function line(cells: readonly Cell[]): string {
  return `${cells.map(field).join(',')}\r\n`;
}

/** A line of CSV in which null is an empty field, and empty text a quoted one. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map((cell) => (cell === '' ? '""' : field(cell))).join(',')}\r\n`;
}

/** All columns, wide ones too. Blocks with the same columns become one table, others follow after an empty line; a block without columns is only a title. Yields each block's lines, without `headers` only its rows. */
export function* csv(blocks: Iterable<Block>, headers = true): Generator<string> {
  let header = '';
  for (const { columns, rows } of blocks) {
    if (columns.length === 0) continue;
    const names = line(columns.map((column) => column.header));
    let text = names === header || !headers ? '' : header === '' ? names : `\r\n${names}`;
    header = names;
    for (const row of rows) text += line(columns.map((column) => column.get(row)));
    yield text;
  }
}
