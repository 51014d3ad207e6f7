/** Blocks → aligned text for people; in a pipe the same text, without colour and never cut. */
import stringWidth from 'string-width';
import type { Block, Cell, Column, Unit } from '../cli/shape.ts';
import type { Paint } from './colors.ts';
import { visible } from './escape.ts';
import type { Drawing, Line } from './fitted-table.ts';
import { humanCell } from './human.ts';
import { shortened } from './shorten.ts';

export interface TableLook {
  /** Wide columns too. */
  readonly wide: boolean;
  /** Whether the names of columns stand above them (default), or there is nothing but rows. */
  readonly headers?: boolean;
  readonly paint: Paint;
  /** Lines are cut to this width; undefined: never. */
  readonly columns?: number | undefined;
  /** Whether people look at it: numbers are then written in their units. */
  readonly human?: boolean;
}

const gap = 2;
const narrowest = 6;

/** Lines of aligned text. */
type Draw = (drawing: Drawing) => string[];

function cellText(cell: Cell, unit?: Unit): string {
  if (unit) return cellText(humanCell(cell, unit));
  return cell === null || cell === undefined || cell === '' ? '-' : visible(String(cell));
}

function width(text: string): number {
  return /^[\x20-\x7e]*$/.test(text) ? text.length : stringWidth(text);
}

/** Narrows the widest columns until a line fits, but none below the width of its header. */
function fitted(widths: readonly number[], least: readonly number[], columns: number): number[] {
  const fits = [...widths];
  let over = fits.reduce((sum, each) => sum + each, gap * (fits.length - 1)) - columns;
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

/** Whether a column holds numbers, which are aligned right. */
function isNumeric(column: Column<unknown>, rows: readonly unknown[]): boolean {
  const cells = rows.map((row) => column.get(row)).filter((cell) => cell !== null && cell !== undefined);
  return cells.length > 0 && cells.every((cell) => typeof cell === 'number' || typeof cell === 'bigint');
}

/** For tables that are not cut: in a program that has just started cli-table3 takes 7 ms for 20 rows, a quarter of the whole run. */
function aligned({ lines, widths, aligns, gap, paint }: Drawing): string[] {
  return lines.map((line) => {
    const cells = line.map(({ text, tone }, index) => {
      const space = ' '.repeat(widths[index]! - width(text));
      return aligns[index] === 'right' ? space + paint(text, tone) : paint(text, tone) + space;
    });
    return cells.join(' '.repeat(gap)).trimEnd();
  });
}

function tableLines(block: Block, look: TableLook, draw: Draw): string[] {
  const wanted = block.columns.filter((column) => look.wide || !column.wide);
  const drawn = tableOf(wanted, block, look, draw);
  const tooWide = look.columns !== undefined && drawn.width > look.columns;
  // When space is short, empty columns are dropped before others are cut.
  const telling = tooWide ? wanted.filter((column) => block.rows.some((row) => cellText(column.get(row)) !== '-')) : wanted;
  return telling.length < wanted.length ? tableOf(telling, block, look, draw).lines : drawn.lines;
}

interface Drawn {
  readonly lines: string[];
  /** The width of the uncut table, in characters. */
  readonly width: number;
}

function tableOf(columns: readonly Column<unknown>[], block: Block, look: TableLook, draw: Draw): Drawn {
  if (columns.length === 0) return { lines: [], width: 0 };
  const header: Line = columns.map((column) => ({ text: column.header, tone: 'dim' }));
  const body: Line[] = block.rows.map((row) =>
    columns.map((column) => ({
      text: cellText(column.get(row), look.human ? column.unit : undefined),
      tone: column.tone?.(row),
    })),
  );
  const lines = look.headers === false ? body : [header, ...body];
  const widths = columns.map((_, index) => lines.reduce((most, line) => Math.max(most, width(line[index]!.text)), 0));
  const least = columns.map((column) => (look.headers === false ? 0 : column.header.length));
  const fits = look.columns === undefined ? widths : fitted(widths, least, look.columns);
  const aligns = columns.map((column) => (isNumeric(column, block.rows) ? ('right' as const) : ('left' as const)));
  const shown = fits.some((each, index) => each < widths[index]!) ? narrowed(lines, fits) : lines;
  const drawn = draw({ lines: shown, widths: fits, aligns, gap, paint: look.paint });
  const natural = widths.reduce((sum, each) => sum + each, gap * (widths.length - 1));
  return { lines: drawn, width: natural };
}

/** Long names in the room there is for them. */
function narrowed(lines: readonly Line[], widths: readonly number[]): readonly Line[] {
  const columns = widths.map((most, index) =>
    shortened(
      lines.map((line) => line[index]!.text),
      most,
    ),
  );
  return lines.map((line, row) => line.map((cell, index) => ({ ...cell, text: columns[index]![row]! })));
}

function headingLines(heading: NonNullable<Block['heading']>, { paint, human }: TableLook): string[] {
  const longest = heading.reduce((most, [label]) => Math.max(most, width(label)), 0);
  return heading.map(([label, value, tone, unit]) => {
    const space = ' '.repeat(longest - width(label) + gap);
    return `${paint(`${label}:`, 'dim')}${space}${paint(cellText(value, human ? unit : undefined), tone)}`;
  });
}

/** The text of each block, ending with a line end; an empty line separates them. */
export async function* tables(blocks: Iterable<Block>, look: TableLook): AsyncGenerator<string> {
  const draw = look.columns === undefined ? aligned : (await import('./fitted-table.ts')).fittedTable;
  let before = '';
  for (const block of blocks) {
    const heading = block.heading?.length ? headingLines(block.heading, look) : [];
    const table = tableLines(block, look, draw);
    const footer = block.footer === undefined ? [] : block.footer.split('\n').map(visible);
    const between = heading.length > 0 && table.length > 0 ? [''] : [];
    yield `${before}${[...heading, ...between, ...table, ...footer].join('\n')}\n`;
    before = look.headers === false ? '' : '\n';
  }
}
