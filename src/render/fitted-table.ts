/** A table on a terminal, drawn by cli-table3, which cuts what is too wide. */
import Table from 'cli-table3';
import type { Tone } from '../cli/shape.ts';
import type { Paint } from './colors.ts';

/** The cells of a line, header or row. */
export type Line = readonly { readonly text: string; readonly tone?: Tone | undefined }[];

/** The same with each cell's own width, in characters. */
export type MeasuredLine = readonly (Line[number] & { readonly width: number })[];

/** A table with its column widths. */
export interface Drawing {
  readonly lines: readonly MeasuredLine[];
  /** Of each column, in characters. */
  readonly widths: readonly number[];
  readonly aligns: ('left' | 'right')[];
  /** Spaces between columns. */
  readonly gap: number;
}

/** cli-table3 looks at every row above a cell: many short tables of fixed widths keep 10,000 rows linear. */
const rowsPerTable = 64;
// biome-ignore format: one border per line helps nobody.
const noBorders = {
  top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '',
  left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '',
};

/** The same lines as in a pipe, with cells cut to their column's width. */
export function fittedTable({ lines, widths, aligns, gap }: Drawing, paint: Paint): string[] {
  const drawn: string[] = [];
  for (let from = 0; from < lines.length; from += rowsPerTable) {
    const table = new Table({
      chars: noBorders,
      style: { head: [], border: [], 'padding-left': 0, 'padding-right': gap, compact: true },
      colWidths: widths.map((each) => each + gap),
      colAligns: aligns,
    });
    for (const line of lines.slice(from, from + rowsPerTable)) table.push(line.map(({ text, tone }) => paint(text, tone)));
    drawn.push(...table.toString().split('\n'));
  }
  return drawn.map((line) => line.trimEnd());
}
