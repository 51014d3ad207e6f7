/** Where a reader is in an Avro datum: takes its integers and lengths, all of them checked. */
import { Flaw } from './flaw.ts';

const deepest = 1000;
/** How many items and records a datum may have that take no byte, and how many for each byte that it has. */
const freeSteps = 100_000;
const stepsPerByte = 16;
const two28 = 2 ** 28;
/** The middle bits below which 56 bits are a safe integer. */
const safeMiddle = 2 ** 25;

/** How a sentence about bytes begins. */
export function bytesAre(count: number | bigint): string {
  return Number(count) === 1 ? '1 byte is' : `${count} bytes are`;
}

export class Cursor {
  bytes: Buffer = Buffer.alloc(0);
  at = 0;
  end = 0;
  /** The last integer that `long` could not return as a number. */
  big = 0n;
  /** Where the block whose count was read last has to end, -1 if it does not say. */
  blockEnd = -1;
  // Not #private: engines are a few percent slower with those.
  private start = 0;
  private depth = 0;
  private steps = 0;

  open(bytes: Buffer, start: number, end: number): void {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
    this.start = start;
    this.depth = 0;
    this.steps = freeSteps + stepsPerByte * (end - start);
  }

  /** @param at the byte at fault; the next one if not given */
  fail(problem: string, at = this.at): never {
    throw new Flaw(problem, at - this.start);
  }

  /** Begins a record, array or map. */
  enter(): void {
    if (++this.depth > deepest) this.fail(`nested deeper than ${deepest}`);
    this.step();
  }

  leave(): void {
    this.depth--;
  }

  /** Counts an item or record, since those of no bytes could go on for ever. */
  step(): void {
    if (--this.steps < 0) this.fail('more items than its bytes can hold');
  }

  /** Passes over `count` bytes; returns where they begin. */
  take(count: number): number {
    const start = this.at;
    const missing = count - (this.end - start);
    if (missing > 0) this.fail(`${bytesAre(missing)} missing`);
    this.at = start + count;
    return start;
  }

  int(): number {
    const { at } = this;
    if (at < this.end) {
      const first = this.bytes[at]!;
      if (first < 0x80) {
        this.at = at + 1;
        return (first >>> 1) ^ -(first & 1);
      }
    }
    const value = this.long();
    if (value !== (value | 0)) this.fail('the number does not fit into an int', at);
    return value;
  }

  /** NaN for what no number holds exactly: that is in `big`. */
  long(): number {
    const { bytes, end } = this;
    let { at } = this;
    let low = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      if (at === end) this.#cut();
      const byte = bytes[at++]!;
      low |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        this.at = at;
        return (low >>> 1) ^ -(low & 1);
      }
    }
    return this.#longer(at, low);
  }

  /** Goes on behind four bytes, which said the 28 bits of `low`. */
  #longer(start: number, low: number): number {
    const { bytes, end } = this;
    let at = start;
    let middle = 0;
    let high = 0;
    let byte = 0x80;
    for (let shift = 0; byte >= 0x80 && shift < 28; shift += 7) {
      if (at === end) this.#cut();
      byte = bytes[at++]!;
      middle |= (byte & 0x7f) << shift;
    }
    for (let shift = 0; byte >= 0x80; shift += 7) {
      if (at === end) this.#cut();
      byte = bytes[at++]!;
      if (shift === 7 && byte > 1) this.fail('the number does not fit into a long');
      high |= (byte & 0x7f) << shift;
    }
    this.at = at;
    if (high === 0 && middle < safeMiddle) {
      const value = middle * two28 + low;
      return (low & 1) === 0 ? value / 2 : -(value + 1) / 2;
    }
    const whole = (BigInt(high) << 56n) | (BigInt(middle) << 28n) | BigInt(low);
    const value = (whole & 1n) === 0n ? whole >> 1n : -(whole >> 1n) - 1n;
    const number = Number(value);
    if (Number.isSafeInteger(number)) return number;
    this.big = value;
    return Number.NaN;
  }

  #cut(): never {
    this.fail('the number is cut off', this.end);
  }

  /** The length of a string or bytes that are all there. */
  length(): number {
    const { at } = this;
    if (at < this.end) {
      const first = this.bytes[at]!;
      // Up to 63 bytes.
      if (first < 0x80 && (first & 1) === 0 && first >> 1 < this.end - at) {
        this.at = at + 1;
        return first >> 1;
      }
    }
    const length = this.long();
    if (length >= 0 && length <= this.end - this.at) return length;
    const found = Number.isNaN(length) ? this.big : length;
    return this.fail(
      found < 0 ? `a length of ${found} bytes` : `${bytesAre(found)} wanted, ${bytesAre(this.end - this.at)} left`,
      at,
    );
  }

  /** The number of items in the next block of an array or map, 0 at its end; sets `blockEnd`. */
  blockCount(): number {
    const { at } = this;
    let count = this.long();
    this.blockEnd = -1;
    if (Number.isNaN(count)) this.fail(`a block of ${this.big} items`, at);
    if (count < 0) {
      count = -count;
      const size = this.length();
      this.blockEnd = this.at + size;
    }
    return count;
  }

  /** Checks that a block ended where it said. */
  closeBlock(blockEnd: number): void {
    if (blockEnd !== -1 && blockEnd !== this.at) this.fail('a block is not as long as it says');
  }
}
