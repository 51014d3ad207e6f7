/** What is on the screen, so that only lines that differ are written: without clearing, which flickers. */
import type { ScreenPlace, ScreenSize } from '../../cli/full-screen.ts';

/** Terminals that know it show everything between the two at once; others ignore them. */
const begin = '\x1b[?2026h';
const end = '\x1b[?2026l';
const show = '\x1b[?25h';
const hide = '\x1b[?25l';

export class Painter {
  #lines: readonly string[] = [];
  #size: ScreenSize = { columns: 0, lines: 0 };
  #cursor = '';

  /** After this everything is written. */
  forget(): void {
    this.#lines = [];
    this.#size = { columns: 0, lines: 0 };
    this.#cursor = '';
  }

  /**
   * The bytes that turn what is on the screen into these lines; empty where nothing differs.
   * @param cursor where it is shown; undefined: hidden
   */
  changes(lines: readonly string[], size: ScreenSize, cursor: ScreenPlace | undefined): string {
    const resized = size.columns !== this.#size.columns || size.lines !== this.#size.lines;
    // Only then: a terminal may have reflowed or kept anything.
    let text = resized ? '\x1b[2J' : '';
    for (const [index, line] of lines.entries()) {
      if (!resized && line === this.#lines[index]) continue;
      text += `\x1b[${index + 1};1H\x1b[0m${line}`;
    }
    const place = cursor ? `\x1b[${cursor.line + 1};${cursor.column + 1}H${show}` : hide;
    if (text === '' && place === this.#cursor) return '';
    this.#lines = lines;
    this.#size = size;
    this.#cursor = place;
    return `${begin}${text}\x1b[0m${place}${end}`;
  }
}
