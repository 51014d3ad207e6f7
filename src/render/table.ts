/** Blocks → aligned text for people; in a pipe the same text, without colour and never cut. */
import stringWidth from 'string-width';
import { shortened } from '../base/shorten.ts';
import type { Block, Cell, Column, Tone, Unit } from '../cli/shape.ts';
import type { Paint } from './colors.ts';
import { visible } from './escape.ts';
import type { Drawing, Line, MeasuredLine } from './fitted-table.ts';
import { humanCell } from './human.ts';

/** How a table is laid out. */
export interface TableRoom {
  /** Wide columns too. */
  readonly wide: boolean;
  /** Whether the names of columns stand above them (default), or there is nothing but rows. */
  readonly headers?: boolean;
  /** Lines are cut to this width; undefined: never. */
  readonly columns?: number | undefined;
  /** Whether people look at it: numbers are then written in their units. */
  readonly human?: boolean;
}

export interface TableLook extends TableRoom {
  readonly paint: Paint;
}

const gap = 2;
const narrowest = 6;

function cellText(cell: Cell, unit?: Unit): string {
  if (unit) return cellText(humanCell(cell, unit));
  return cell === null || cell === undefined || cell === '' ? '-' : visible(String(cell));
}

const plainText = /^[\x20-\x7e]*$/;

function width(text: string): number {
  return plainText.test(text) ? text.length : stringWidth(text);
}

/** Of 10,000 rows nearly all cells are numbers or names, in which there is nothing to escape. */
function measured(cell: Cell, tone: Tone | undefined, unit: Unit | undefined): MeasuredLine[number] {
  const isNumber = typeof cell === 'number' || typeof cell === 'bigint';
  if (!unit && (isNumber || (typeof cell === 'string' && cell !== '' && plainText.test(cell)))) {
    const text = String(cell);
    return { text, tone, width: text.length };
  }
  const text = cellText(cell, unit);
  return { text, tone, width: width(text) };
}

/** Narrows the widest columns until a line fits, but none below the width of its header. */
function fitted(widths: readonly number[], least: readonly number[], columns: number): number[] {
  const fits = [...widths];
  let over = widthOf(fits) - columns;
  while (over > 0) {
    const spare = fits.map((each, index) => each - Math.max(narrowest, least[index]!));
    const widest = spare.indexOf(Math.max(...spare));
    if (spare[widest]! <= 0) break;
    const cut = Math.min(over, Math.max(1, Math.floor(spare[widest]! / 4)));
    fits[widest]! -= cut;
    over -= cut;
  }
  return fits;
}

/** What a column's cells have been so far: of numbers, which are aligned right, or of other things. */
interface Kinds {
  numbers: boolean;
  others: boolean;
}

function note(kinds: Kinds, cell: Cell): void {
  if (typeof cell === 'number' || typeof cell === 'bigint') kinds.numbers = true;
  else if (cell !== null && cell !== undefined) kinds.others = true;
}

/** For tables that are not cut: in a program that has just started cli-table3 takes 7 ms for 20 rows, a quarter of the whole run. */
function aligned({ lines, widths, aligns, gap }: Drawing, paint: Paint): string[] {
  const between = spaces(gap);
  return lines.map((line) => {
    let drawn = '';
    for (let index = 0; index < line.length; index++) {
      const { text, tone, width } = line[index]!;
      const space = spaces(widths[index]! - width);
      if (index > 0) drawn += between;
      drawn += aligns[index] === 'right' ? space + paint(text, tone) : paint(text, tone) + space;
    }
    return drawn.trimEnd();
  });
}

/** By how many they are. */
const runs: string[] = [];

function spaces(count: number): string {
  runs[count] ??= ' '.repeat(count);
  return runs[count];
}

/** A block's table, laid out for the room there is; undefined without columns, or where an empty one is hidden. */
export function drawingOf(block: Block, look: TableRoom): Drawing | undefined {
  if (block.hidesEmpty && block.rows.length === 0) return undefined;
  const wanted = block.columns.filter((column) => look.wide || !column.wide);
  const laid = layout(wanted, block, look);
  const tooWide = look.columns !== undefined && laid.natural > look.columns;
  // When space is short, empty columns are dropped before others are cut.
  const telling = tooWide ? wanted.filter((column) => block.rows.some((row) => cellText(column.get(row)) !== '-')) : wanted;
  const { drawing } = fewest(telling, telling.length < wanted.length ? layout(telling, block, look) : laid, block, look);
  return drawing.widths.length === 0 ? undefined : drawing;
}

/** Without the columns of the highest ranks, as many as a line is too narrow for although the others were narrowed. */
function fewest(columns: readonly Column<unknown>[], laid: Laid, block: Block, look: TableRoom): Laid {
  if (look.columns === undefined || widthOf(laid.drawing.widths) <= look.columns) return laid;
  const rank = Math.max(...columns.map((column) => column.rank ?? 0));
  if (rank === 0) return laid;
  const fewer = columns.filter((column) => column.rank !== rank);
  return fewest(fewer, layout(fewer, block, look), block, look);
}

/** Characters of a line of columns, with what is between them. */
function widthOf(widths: readonly number[]): number {
  return widths.reduce((sum, each) => sum + each, gap * (widths.length - 1));
}

interface Laid {
  readonly drawing: Drawing;
  /** The width of the uncut table, in characters. */
  readonly natural: number;
}

function layout(columns: readonly Column<unknown>[], block: Block, look: TableRoom): Laid {
  const headers = look.headers === false ? undefined : columns.map(({ header }) => measured(header, 'dim', undefined));
  const lines: MeasuredLine[] = headers ? [headers] : [];
  const widths = columns.map((_, index) => headers?.[index]?.width ?? 0);
  const kinds = columns.map((): Kinds => ({ numbers: false, others: false }));
  for (const row of block.rows) {
    lines.push(
      columns.map((column, index) => {
        const cell = column.get(row);
        note(kinds[index]!, cell);
        const made = measured(cell, column.tone?.(row), look.human ? column.unit : undefined);
        if (made.width > widths[index]!) widths[index] = made.width;
        return made;
      }),
    );
  }
  const least = columns.map((column) => (look.headers === false ? 0 : column.header.length));
  const fits = look.columns === undefined ? widths : fitted(widths, least, look.columns);
  const aligns = kinds.map(({ numbers, others }) => (numbers && !others ? ('right' as const) : ('left' as const)));
  const shown = fits.some((each, index) => each < widths[index]!) ? narrowed(lines, fits, columns) : lines;
  return { drawing: { lines: shown, widths: fits, aligns, gap }, natural: widthOf(widths) };
}

/** Long names in the room there is for them. */
function narrowed(
  lines: readonly MeasuredLine[],
  widths: readonly number[],
  columns: readonly Column<unknown>[],
): readonly MeasuredLine[] {
  const texts = widths.map((most, index) => {
    const all = lines.map((line) => line[index]!.text);
    // The names of columns are never longer than what they are narrowed to.
    return columns[index]!.keepsEnd ? all.map((text) => text.slice(-most)) : shortened(all, most);
  });
  return lines.map((line, row) =>
    line.map(({ tone }, index) => {
      const text = texts[index]![row]!;
      return { text, tone, width: width(text) };
    }),
  );
}

/** The pairs above a table; the first of each is as wide as the longest of them. */
export function headingCells(
  heading: NonNullable<Block['heading']>,
  human = false,
): { lines: readonly Line[]; widest: number } {
  const lines = heading.map(
    ([label, value, tone, unit]): Line => [
      { text: `${label}:`, tone: 'dim' },
      { text: cellText(value, human ? unit : undefined), tone },
    ],
  );
  return { lines, widest: lines.reduce((most, [label]) => Math.max(most, width(label!.text)), 0) + gap };
}

function headingLines(heading: NonNullable<Block['heading']>, { paint, human }: TableLook): string[] {
  const { lines, widest } = headingCells(heading, human);
  return lines.map(([label, value]) => {
    const space = ' '.repeat(widest - width(label!.text));
    return `${paint(label!.text, label!.tone)}${space}${paint(value!.text, value!.tone)}`;
  });
}

/** The text of each block, ending with a line end; an empty line separates them. */
export async function* tables(blocks: Iterable<Block>, look: TableLook): AsyncGenerator<string> {
  const draw = look.columns === undefined ? aligned : (await import('./fitted-table.ts')).fittedTable;
  let before = '';
  for (const block of blocks) {
    const heading = block.heading?.length ? headingLines(block.heading, look) : [];
    const drawing = drawingOf(block, look);
    const table = drawing ? draw(drawing, look.paint) : [];
    const footer = block.footer === undefined ? [] : block.footer.split('\n').map(visible);
    if (heading.length + table.length + footer.length === 0) continue;
    const between = heading.length > 0 && table.length > 0 ? [''] : [];
    yield `${before}${[...heading, ...between, ...table, ...footer].join('\n')}\n`;
    before = look.headers === false ? '' : '\n';
  }
}
