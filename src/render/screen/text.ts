/** Text in columns of a terminal: made harmless, measured, cut by what a reader sees as one character, filled up. */
import stringWidth from 'string-width';
import { visible } from '../escape.ts';

const ascii = /^[\x20-\x7e]*$/;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Columns that harmless text takes. */
export function columnsOf(text: string): number {
  return ascii.test(text) ? text.length : stringWidth(text);
}

/** Whether all of it takes one column a character on every terminal. */
export function isPlain(text: string): boolean {
  return ascii.test(text);
}

/** Columns that a text takes once it is harmless, measured no further than `fitted` would look for this width. */
export function columnsWanted(text: string, width: number): number {
  return columnsOf(shownOf(text, width));
}

/** Harmless text: what is cut off in any case need not be escaped and measured. */
function shownOf(text: string, width: number): string {
  return visible(text.length > width * 16 ? text.slice(0, width * 16) : text);
}

/**
 * Harmless text in exactly `width` columns: cut text ends in `…`, and a wide character that would cross the edge becomes a space.
 */
export function fitted(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  if (width <= 0) return '';
  const shown = shownOf(text, width);
  const columns = columnsOf(shown);
  if (columns > width) {
    const [kept, taken] = cut(shown, width);
    return `${kept}…${' '.repeat(width - 1 - taken)}`;
  }
  const space = ' '.repeat(width - columns);
  return align === 'right' ? space + shown : shown + space;
}

/**
 * A harmless line that is no wider than the terminal; one that is cut ends in `…`.
 * @param columns of the terminal, at least 1
 */
export function cutLine(line: string, columns: number): string {
  return columnsOf(line) <= columns ? line : `${cut(line, columns)[0]}…`;
}

/** As much of a text as leaves room for an ellipsis, with the columns it takes. */
function cut(text: string, width: number): readonly [kept: string, columns: number] {
  if (ascii.test(text)) return [text.slice(0, width - 1), width - 1];
  let kept = '';
  let columns = 0;
  for (const { segment } of graphemes.segment(text)) {
    const wide = columnsOf(segment);
    if (columns + wide > width - 1) break;
    kept += segment;
    columns += wide;
  }
  return [kept, columns];
}
