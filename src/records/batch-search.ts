/** Texts looked for in the bytes of a batch: searched once per batch rather than once per record. */
import type { NeededText } from './expression/needed-texts.ts';

export type RangeTest = (bytes: Buffer, start: number, end: number) => boolean;

const noBytes = Buffer.alloc(0);

/** Finds the next of several texts. Ranges are asked about in the order in which they lie, so that what is next stays so until a range reaches it. */
class NextHit {
  readonly #wanted: readonly Buffer[];
  /** Where each comes next in the bytes. */
  readonly #hits: number[];
  #bytes: Buffer = noBytes;
  #from = 0;
  /** In `bytes[from, clear)` none is whole. */
  clear = 0;

  constructor(wanted: readonly Buffer[]) {
    this.#wanted = wanted;
    this.#hits = wanted.map(() => -1);
  }

  forget(): void {
    this.#bytes = noBytes;
  }

  /** Whether a range is known to have none, without a search. */
  isClear(bytes: Buffer, start: number, end: number): boolean {
    return end <= this.clear && start >= this.#from && bytes === this.#bytes;
  }

  /** Whether one is in a range. */
  isIn(bytes: Buffer, start: number, end: number): boolean {
    if (this.isClear(bytes, start, end)) return false;
    const wanted = this.#wanted;
    const isBehind = bytes === this.#bytes && start >= this.#from;
    this.#bytes = bytes;
    this.#from = start;
    this.clear = bytes.length;
    for (let index = 0; index < wanted.length; index++) {
      if (!isBehind || this.#hits[index]! < start) {
        const hit = bytes.indexOf(wanted[index]!, start);
        this.#hits[index] = hit < 0 ? bytes.length : hit;
      }
      const clear = this.#hits[index]! + wanted[index]!.length - 1;
      if (clear < this.clear) this.clear = clear;
    }
    return end > this.clear;
  }
}

/** The searches for a stream's records, one batch after the other. */
export class BatchSearch {
  readonly #searches: { begin(): void }[] = [];

  /** To be called before the records of a batch, whose bytes stay as they are until the next call: memory is used again. */
  begin(): void {
    for (const search of this.#searches) search.begin();
  }

  /** Tells whether a range holds these bytes. */
  test(wanted: Buffer): RangeTest {
    const next = new NextHit([wanted]);
    this.#searches.push({ begin: () => next.forget() });
    return (bytes, start, end) => next.isIn(bytes, start, end);
  }

  /** A search for the values that may have one of these texts among their fields. */
  values(texts: readonly NeededText[]): ValueSearch {
    const search = new ValueSearch(texts);
    this.#searches.push(search);
    return search;
  }
}

/** After so many looks it shows whether they pay. */
const looksTried = 16;
/** Looks that pass over fewer values cost more than reading them. */
const leastPassed = 3;

/** Tells which values cannot have any of some texts among their fields: neither they nor anything that could stand for one is in the bytes. */
export class ValueSearch {
  readonly #next: NextHit;
  #looks = 0;
  /** How many bytes were found to be clear. */
  #cleared = 0;

  constructor(texts: readonly NeededText[]) {
    // An escape can spell any text. An object with a toString of its own cannot be compared loosely: that has to fail as it always does.
    const others = texts.some(({ isLoose }) => isLoose) ? ['\\', '"toString"'] : ['\\'];
    const wanted = [...texts.map(({ text }) => `"${text}"`), ...others];
    this.#next = new NextHit(wanted.map((each) => Buffer.from(each)));
  }

  begin(): void {
    this.#next.forget();
    this.#looks = 0;
    this.#cleared = 0;
  }

  /** False if no field in a value that is JSON, or text, can be one of the texts. */
  mayHold(bytes: Buffer, start: number, end: number): boolean {
    if (this.#next.isClear(bytes, start, end)) return false;
    if (this.#looks > looksTried && this.#cleared < this.#looks * leastPassed * (end - start)) return true;
    const isIn = this.#next.isIn(bytes, start, end);
    this.#looks++;
    this.#cleared += this.#next.clear - start;
    return isIn;
  }
}
