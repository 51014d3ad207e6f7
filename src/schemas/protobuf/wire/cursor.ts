/** A place in the bytes of a message, and how the wire's few forms are read there, each checked against the end. */
import { sourceView } from '../../../base/bytes/word32.ts';
import { WireFault } from './fault.ts';

/** The wire's forms (https://protobuf.dev/programming-guides/encoding). */
export const wireTypes = { varint: 0, fixed64: 1, bytes: 2, startGroup: 3, endGroup: 4, fixed32: 5 } as const;
export const wireNames = ['a varint', '8 bytes', 'a length and bytes', 'a group', 'the end of a group', '4 bytes'];

/** Deeper messages are refused rather than overflowing the stack; other readers of Protobuf have a limit of 100. */
export const deepest = 300;
const longestVarint = 10;

export class Cursor {
  bytes: Buffer = Buffer.alloc(0);
  at = 0;
  /** Where the innermost message ends. */
  end = 0;
  /** Messages around this place. */
  depth = 0;
  /** Fields of the messages read so far, absent ones included. */
  fields = 0;
  /** Where JSON in the sink may end. */
  sinkLimit = 0;
  /** Whether something was read that JSON will not show: fields that the schema does not know, bits beyond a field's width. */
  isLossy = false;
  /** The halves of the 64-bit number read last, unsigned. */
  low = 0;
  high = 0;
  /** Where the content of the group skipped last ends, before its closing tag. */
  groupEnd = 0;
  /** Where in the sink the keys of the maps around begin and end, in pairs. */
  readonly keys: number[] = [];

  reset(bytes: Buffer, start: number, end: number): void {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
    this.depth = 0;
    this.fields = 0;
    this.isLossy = false;
    this.keys.length = 0;
  }

  fault(problem: string, at = this.at): never {
    throw new WireFault(problem, at);
  }

  #missing(count: number): never {
    return this.fault(`${count} ${count === 1 ? 'byte' : 'bytes'} missing at the end`);
  }

  /** Reads a varint of up to 64 bits into `low` and `high`. */
  varint(): void {
    const { bytes, end } = this;
    let at = this.at;
    if (at < end) {
      const byte = bytes[at]!;
      if (byte < 128) {
        this.low = byte;
        this.high = 0;
        this.at = at + 1;
        return;
      }
    }
    const start = at;
    let low = 0;
    let high = 0;
    for (let shift = 0; ; shift += 7) {
      if (at >= end) this.#missing(1);
      const byte = bytes[at++]!;
      const bits = byte & 127;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high = bits >> 4;
      } else high |= bits << (shift - 32);
      if (byte < 128) {
        if (at - start === longestVarint && byte > 1) this.fault('a varint has more than 64 bits', start);
        break;
      }
      if (at - start === longestVarint) this.fault('a varint has more than 10 bytes', start);
    }
    this.low = low >>> 0;
    this.high = high >>> 0;
    this.at = at;
  }

  /** A varint of a field of 32 bits, signed; `isLossy` if the number has more. */
  int32(): number {
    const { at } = this;
    if (at < this.end) {
      const byte = this.bytes[at]!;
      if (byte < 128) {
        this.at = at + 1;
        return byte;
      }
    }
    this.varint();
    const value = this.low | 0;
    if (this.high !== 0 && !(this.high === 0xffffffff && value < 0)) this.isLossy = true;
    return value;
  }

  uint32(): number {
    this.varint();
    if (this.high !== 0) this.isLossy = true;
    return this.low;
  }

  bool(): boolean {
    this.varint();
    if (this.high !== 0 || this.low > 1) this.isLossy = true;
    return this.low !== 0 || this.high !== 0;
  }

  /** The tag of a field: its number × 8 + its wire type. */
  tag(): number {
    const { at } = this;
    let tag = at < this.end ? this.bytes[at]! : 128;
    if (tag < 128) this.at = at + 1;
    else {
      this.varint();
      if (this.high !== 0) this.fault('a field number has more than 29 bits', at);
      tag = this.low;
    }
    if (tag < 8) this.fault('0 is no field number', at);
    if ((tag & 7) > 5) this.fault(`${tag & 7} is no wire type`, at);
    return tag;
  }

  /** Whether the same tag follows once more, which is then taken. */
  takesTag(tag: number): boolean {
    const { at } = this;
    if (at >= this.end) return false;
    if (tag < 128) {
      if (this.bytes[at] !== tag) return false;
      this.at = at + 1;
      return true;
    }
    if (this.tag() === tag) return true;
    this.at = at;
    return false;
  }

  /** A length and where what it counts ends; `at` is its first byte then. */
  lengthEnd(): number {
    const { at } = this;
    let length = at < this.end ? this.bytes[at]! : 128;
    if (length < 128) this.at = at + 1;
    else {
      this.varint();
      if (this.high !== 0) this.fault('a length has more than 32 bits', at);
      length = this.low;
    }
    const end = this.at + length;
    if (end > this.end) this.#missing(end - this.end);
    return end;
  }

  /** Little-endian, signed. */
  fixed32(): number {
    const { at } = this;
    if (at + 4 > this.end) this.#missing(at + 4 - this.end);
    this.at = at + 4;
    return sourceView(this.bytes).getInt32(at, true);
  }

  /** Reads 8 bytes into `low` and `high`. */
  fixed64(): void {
    const { at } = this;
    if (at + 8 > this.end) this.#missing(at + 8 - this.end);
    const view = sourceView(this.bytes);
    this.low = view.getUint32(at, true);
    this.high = view.getUint32(at + 4, true);
    this.at = at + 8;
  }

  float(): number {
    const { at } = this;
    if (at + 4 > this.end) this.#missing(at + 4 - this.end);
    this.at = at + 4;
    return sourceView(this.bytes).getFloat32(at, true);
  }

  double(): number {
    const { at } = this;
    if (at + 8 > this.end) this.#missing(at + 8 - this.end);
    this.at = at + 8;
    return sourceView(this.bytes).getFloat64(at, true);
  }

  /** Undoes the zigzag of `low` and `high`. */
  unzigzag(): void {
    const sign = -(this.low & 1);
    const low = ((this.low >>> 1) | (this.high << 31)) ^ sign;
    this.high = ((this.high >>> 1) ^ sign) >>> 0;
    this.low = low >>> 0;
  }

  /** The 64-bit number in `low` and `high`: a number while that is exact, else a bigint. */
  signed64(): number | bigint {
    const high = this.high | 0;
    // Numbers are exact for 53 bits and the sign.
    if (high >= -0x200000 && high < 0x200000) {
      const value = high * 0x100000000 + this.low;
      if (value !== Number.MIN_SAFE_INTEGER - 1) return value;
    }
    return (BigInt(high) << 32n) | BigInt(this.low);
  }

  unsigned64(): number | bigint {
    if (this.high < 0x200000) return this.high * 0x100000000 + this.low;
    return (BigInt(this.high) << 32n) | BigInt(this.low);
  }
}
