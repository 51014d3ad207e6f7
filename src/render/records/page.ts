/** Lays text out in rows of a terminal's width: text put on the page is made harmless, and no row is wider than the terminal. */
import stringWidth from 'string-width';
import { visible } from '../escape.ts';

/** Puts colour around text. */
export type Paint = (text: string) => string;

const unpainted: Paint = (text) => text;

export class Page {
  readonly #columns: number;
  #text = '';
  #column = 0;
  #indent = 0;
  #rowsLeft = Infinity;

  /** @param columns Infinity: nothing is folded */
  constructor(columns: number) {
    this.#columns = columns;
  }

  /** Lets the following text fold into at most `rows` rows, including this one; new rows begin at `indent`. */
  allow(rows: number, indent: number): void {
    this.#rowsLeft = rows;
    this.#indent = indent;
  }

  /** Begins a new row; false if none is left. */
  row(indent = this.#indent): boolean {
    if (this.#rowsLeft <= 1) return false;
    this.#rowsLeft--;
    this.#column = Math.floor(Math.min(indent, this.#columns / 2));
    this.#text += `\n${' '.repeat(this.#column)}`;
    return true;
  }

  /** Puts any text, and returns how much of it fitted, in UTF-16 units. */
  put(text: string, paint: Paint = unpainted): number {
    if (this.#columns === Infinity) {
      // Nothing is folded: a large value must not be gone through character by character.
      this.#flush(visible(text), paint);
      return text.length;
    }
    let run = '';
    let taken = 0;
    for (const character of text) {
      const plain = character >= ' ' && character <= '~';
      const shown = plain ? character : visible(character);
      const width = plain ? 1 : stringWidth(shown);
      if (this.#column + width > this.#columns && this.#column > 0) {
        this.#flush(run, paint);
        run = '';
        if (!this.row()) return taken;
      }
      run += shown;
      this.#column += width;
      taken += character.length;
    }
    this.#flush(run, paint);
    return taken;
  }

  #flush(run: string, paint: Paint): void {
    if (run !== '') this.#text += paint(run);
  }

  endRow(): void {
    this.#text += '\n';
  }

  /** Takes the page so far, and leaves it empty. */
  take(): string {
    const text = this.#text;
    this.#text = '';
    this.#column = 0;
    return text;
  }
}
