/** Blocks of tables → lines of a full screen: the same tables as elsewhere, laid out for its width. */
import type { ScreenLine, Span } from '../../cli/full-screen.ts';
import type { Block } from '../../cli/shape.ts';
import { drawingOf, headingCells } from '../table.ts';

const nothing: ScreenLine = { spans: [] };

/** @param columns of the screen */
export function blockLines(blocks: readonly Block[], columns: number, headers: boolean): readonly ScreenLine[] {
  return blocks.flatMap((block, index) => [...(index > 0 && headers ? [nothing] : []), ...linesOf(block, columns, headers)]);
}

function linesOf(block: Block, columns: number, headers: boolean): readonly ScreenLine[] {
  const heading = headingLines(block.heading ?? []);
  const table = tableLines(block, columns, headers);
  const footer = block.footer === undefined ? [] : block.footer.split('\n').map((text) => ({ spans: [{ text }] }));
  return [...heading, ...(heading.length > 0 && table.length > 0 ? [nothing] : []), ...table, ...footer];
}

function headingLines(heading: NonNullable<Block['heading']>): readonly ScreenLine[] {
  const { lines, widest } = headingCells(heading, true);
  return lines.map(([label, value]) => ({ spans: [{ ...label!, width: widest }, value!] }));
}

function tableLines(block: Block, columns: number, headers: boolean): readonly ScreenLine[] {
  const drawing = drawingOf(block, { wide: false, human: true, headers, columns });
  if (!drawing) return [];
  const { lines, widths, aligns, gap } = drawing;
  const between: Span = { text: '', width: gap };
  return lines.map((line) => ({
    spans: line.flatMap((cell, index) => {
      const span: Span = { ...cell, width: widths[index]!, align: aligns[index]! };
      return index === 0 ? [span] : [between, span];
    }),
  }));
}
