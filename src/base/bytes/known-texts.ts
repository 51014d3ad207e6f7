/** Short texts that come again and again, such as categories: each is made from its bytes once, and found by them from then on. */
import { wordBytes } from './word32.ts';

/** Longer texts are rarely the same, and cost more to compare. */
const mostWords = 8;
const mostBytes = mostWords * wordBytes;
const placeBits = 8;

/** Each text has one place, by a hash of its bytes; another one may take it. */
export class KnownTexts {
  readonly #make: (bytes: Buffer, start: number, end: number) => string;
  readonly #texts: string[] = new Array(1 << placeBits).fill('');
  readonly #lengths = new Uint8Array(1 << placeBits);
  /** The words of each text's bytes; the last may overlap the one before it. */
  readonly #words = new Int32Array(mostWords << placeBits);

  /** @param make makes a text from its bytes, the same from the same */
  constructor(make: (bytes: Buffer, start: number, end: number) => string) {
    this.#make = make;
  }

  /** @param view of the bytes */
  text(bytes: Buffer, view: DataView, start: number, end: number): string {
    const length = end - start;
    if (length < wordBytes || length > mostBytes) return this.#make(bytes, start, end);
    const lastAt = end - wordBytes;
    const last = view.getInt32(lastAt, true);
    const mixed = Math.imul(view.getInt32(start, true) ^ Math.imul(last, 0x85ebca6b), 0x9e3779b1) + length;
    const place = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35) >>> (32 - placeBits);
    const words = this.#words;
    let at = start;
    let word = place * mostWords;
    if (this.#lengths[place] === length) {
      while (at < lastAt && words[word] === view.getInt32(at, true)) {
        at += wordBytes;
        word++;
      }
      if (at >= lastAt && words[word] === last) return this.#texts[place]!;
    }
    const text = this.#make(bytes, start, end);
    word = place * mostWords;
    for (at = start; at < lastAt; at += wordBytes) words[word++] = view.getInt32(at, true);
    words[word] = last;
    this.#lengths[place] = length;
    this.#texts[place] = text;
    return text;
  }
}
