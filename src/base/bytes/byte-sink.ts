/** The growing buffer that records are formatted into: bytes are appended in place, without a string or object per record. */
import { copyBytes } from './copy-bytes.ts';
import { viewOf, wordBytes } from './word32.ts';

const zero = 48;
const minus = 45;
/** The two digits of 0 to 99, one after the other. */
const digitPairs = Buffer.from(Array.from({ length: 100 }, (_, number) => String(number).padStart(2, '0')).join(''), 'latin1');
const longestNumber = 20;
/** Int32 arithmetic is exact and fast below this. */
const billion = 1_000_000_000;

/** Bytes that are appended often, kept as words, so that copying needs no view and no call into the runtime. */
export class Constant {
  readonly words: Int32Array;
  readonly length: number;

  constructor(content: string | Uint8Array) {
    const bytes = Buffer.from(content as string);
    this.length = bytes.length;
    const padded = viewOf(Buffer.concat([bytes, Buffer.alloc(wordBytes)]));
    this.words = Int32Array.from({ length: Math.ceil(bytes.length / wordBytes) }, (_, index) =>
      padded.getInt32(index * wordBytes, true),
    );
  }
}

/** What is written between two bytes of a sink, but only made then. */
export interface Later {
  /** How many bytes of the sink come before it. */
  readonly at: number;
  readonly pieces: Iterable<Uint8Array>;
}

export class ByteSink {
  /** Where bytes go; `ensure` may replace it. */
  buf: Buffer;
  /** The same bytes, for access by words. */
  view: DataView;
  /** How many bytes of `buf` are used. */
  length = 0;
  /** Large fields that stand between the bytes; undefined where whoever writes the sink takes none. */
  later: Later[] | undefined;

  constructor(size: number) {
    this.buf = Buffer.allocUnsafeSlow(size);
    this.view = viewOf(this.buf);
  }

  /** Continues in another, empty buffer. */
  restart(buf: Buffer): void {
    this.buf = buf;
    this.view = viewOf(buf);
    this.length = 0;
  }

  /** Makes room for `count` more bytes. */
  ensure(count: number): void {
    if (this.length + count > this.buf.length) this.#grow(count);
  }

  #grow(count: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(this.buf.length * 2, this.length + count));
    this.buf.copy(grown, 0, 0, this.length);
    this.buf = grown;
    this.view = viewOf(grown);
  }

  byte(value: number): void {
    this.ensure(1);
    this.buf[this.length++] = value;
  }

  /** Appends `from[start, end)`; nothing when both are -1, the range of a null. */
  copy(from: Buffer, start: number, end: number): void {
    this.ensure(end - start);
    this.length = copyBytes(from, start, end, this.buf, this.length);
  }

  constant({ words, length }: Constant): void {
    this.ensure(length + wordBytes);
    const { view } = this;
    let at = this.length;
    this.length += length;
    for (let index = 0; index < words.length; index++, at += wordBytes) view.setInt32(at, words[index]!, true);
  }

  /** Puts a large field here, made when it is written. Only where `later` is there. */
  put(pieces: Iterable<Uint8Array>): void {
    this.later!.push({ at: this.length, pieces });
  }

  /** Appends text whose characters are at most U+00FF, as one byte each. */
  ascii(text: string): void {
    this.ensure(text.length);
    this.length += this.buf.write(text, this.length, 'latin1');
  }

  utf8(text: string): void {
    this.ensure(text.length * 3);
    this.length += this.buf.write(text, this.length, 'utf8');
  }

  /** Appends a safe integer in decimal digits. */
  number(value: number): void {
    this.ensure(longestNumber);
    if (value < 0) {
      this.buf[this.length++] = minus;
      value = -value;
    }
    if (value < billion) this.#small(value, 0);
    else {
      const high = Math.floor(value / billion);
      this.#small(high, 0);
      this.#small(value - high * billion, 9);
    }
  }

  /** Appends an integer below a billion (up to 2^31 without padding), padded with zeros to `width` digits. */
  #small(value: number, width: number): void {
    const { buf } = this;
    let rest = value | 0;
    let digits = width;
    if (width === 0) {
      digits = rest < 10 ? 1 : rest < 100 ? 2 : rest < 1000 ? 3 : rest < 10_000 ? 4 : rest < 100_000 ? 5 : 6;
      if (rest >= 1_000_000) digits = rest < 10_000_000 ? 7 : rest < 100_000_000 ? 8 : 9;
    }
    const start = this.length;
    let at = start + digits;
    this.length = at;
    while (at > start + 1) {
      const next = (rest / 100) | 0;
      const pair = (rest - next * 100) * 2;
      rest = next;
      buf[--at] = digitPairs[pair + 1]!;
      buf[--at] = digitPairs[pair]!;
    }
    if (at > start) buf[at - 1] = zero + rest;
  }
}
