/** Texts looked for in the bytes of a batch: searched once per batch rather than once per record. */
import type { NeededText } from './expression/needed-texts.ts';

export type RangeTest = (bytes: Buffer, start: number, end: number) => boolean;

const noBytes = Buffer.alloc(0);

/** Finds the next of several texts. Ranges are asked about in the order in which they lie, so that what is next stays so until a range reaches it. */
class NextHit {
  readonly #wanted: readonly Buffer[];
  /** Where each comes next in the bytes. */
  readonly #hits: Float64Array;
  #bytes: Buffer = noBytes;
  #from = 0;
  /** In `bytes[from, clear)` none is whole. */
  clear = 0;

  constructor(wanted: readonly Buffer[]) {
    this.#wanted = wanted;
    this.#hits = new Float64Array(wanted.length);
  }

  forget(): void {
    this.#bytes = noBytes;
  }

  /** Whether a range is known to have none, without a search. */
  isClear(bytes: Buffer, start: number, end: number): boolean {
    return end <= this.clear && start >= this.#from && bytes === this.#bytes;
  }

  /** Whether one is in a range; if so, what comes behind it is searched at once. */
  isIn(bytes: Buffer, start: number, end: number): boolean {
    if (this.isClear(bytes, start, end)) return false;
    if (bytes !== this.#bytes || start < this.#from) this.#hits.fill(-1);
    this.#bytes = bytes;
    this.#search(start);
    if (end <= this.clear) return false;
    this.#search(end);
    return true;
  }

  #search(from: number): void {
    const bytes = this.#bytes;
    const hits = this.#hits;
    let clear = bytes.length;
    for (let index = 0; index < hits.length; index++) {
      const wanted = this.#wanted[index]!;
      let hit = hits[index]!;
      if (hit < from) {
        hit = bytes.indexOf(wanted, from);
        if (hit < 0) hit = bytes.length;
        hits[index] = hit;
      }
      clear = Math.min(clear, hit + wanted.length - 1);
    }
    this.#from = from;
    this.clear = clear;
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
const leastPassed = 4;

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
    this.#cleared += this.#next.clear - end;
    return isIn;
  }
}
