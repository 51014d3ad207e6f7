/** Lines of spans → strings for the terminal, each exactly as wide as the screen. */
import type { Frame, ScreenLine, ScreenSize, Span } from '../../cli/full-screen.ts';
import type { Paint } from '../colors.ts';
import { columnsWanted, fitted, isPlain } from './text.ts';

export interface FrameLook {
  readonly paint: Paint;
  /** Whether the terminal shows more than ASCII. */
  readonly unicode: boolean;
}

const reverse = '\x1b[7m';
const reverseOff = '\x1b[27m';

/** What kt's own views draw with, for a terminal that shows only ASCII. */
const plainSigns: Readonly<Record<string, string>> = {
  '▁': '_',
  '▂': '.',
  '▃': ':',
  '▄': '-',
  '▅': '=',
  '▆': '+',
  '▇': '*',
  '█': '#',
  '…': '~',
  '·': '|',
  '›': '>',
  '–': '-',
  '−': '-',
  '×': 'x',
  '↑': '^',
  '↓': 'v',
  '←': '<',
  '→': '>',
};

/** One string a line, as many as the screen has. */
export function drawFrame({ lines }: Frame, { columns, lines: height }: ScreenSize, look: FrameLook): string[] {
  const nothing: ScreenLine = { spans: [] };
  return Array.from({ length: height }, (_, index) => {
    // Some consoles scroll when their last cell is written.
    const width = index === height - 1 ? columns - 1 : columns;
    return drawLine(lines[index] ?? nothing, width, look);
  });
}

function drawLine({ spans, selected }: ScreenLine, width: number, look: FrameLook): string {
  let text = '';
  let column = 0;
  for (const span of spans) {
    const room = Math.min(width - column, span.width ?? columnsWanted(span.text, width));
    if (room <= 0) continue;
    const shown = inSigns(fitted(span.text, room, span.align), look.unicode);
    text += painted(span, shown, selected === true, look.paint);
    column += room;
    // Terminals differ on the width of some characters: what follows stands at its own column.
    if (!isPlain(shown) && column < width) text += `\x1b[${column + 1}G`;
  }
  const rest = ' '.repeat(Math.max(0, width - column));
  return selected ? `${reverse}${text}${rest}${reverseOff}` : text + rest;
}

function painted({ tone, marked }: Span, text: string, selected: boolean, paint: Paint): string {
  const toned = tone === undefined ? text : paint(text, tone);
  // On the selected row, which is in reverse, a match is not.
  return marked ? (selected ? `${reverseOff}${toned}${reverse}` : `${reverse}${toned}${reverseOff}`) : toned;
}

function inSigns(text: string, unicode: boolean): string {
  return unicode || isPlain(text) ? text : text.replace(/[▁-█…·›–−×↑↓←→]/g, (sign) => plainSigns[sign] ?? '?');
}
