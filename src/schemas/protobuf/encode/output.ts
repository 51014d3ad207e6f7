/** The bytes of a message while they are written. */
import { ByteSink } from '../../../base/bytes/byte-sink.ts';

const startBytes = 512;
/** A larger buffer is not kept for the next message. */
const mostKept = 1 << 20;
const longestVarint = 10;
const longestShort = 64;
const lastAscii = 127;

export class Output extends ByteSink {
  constructor() {
    super(startBytes);
  }

  /** A copy of what has been written; what comes then is written anew. */
  take(): Buffer {
    const bytes = Buffer.from(this.buf.subarray(0, this.length));
    this.#empty();
    return bytes;
  }

  /** Appends what has been written to a sink; what comes then is written anew. */
  moveTo(sink: ByteSink): void {
    sink.copy(this.buf, 0, this.length);
    this.#empty();
  }

  #empty(): void {
    this.length = 0;
    if (this.buf.length > mostKept) this.restart(Buffer.allocUnsafeSlow(startBytes));
  }

  /** A number from 0 below 2^32: tags, lengths. */
  varint32(value: number): void {
    this.ensure(longestVarint);
    let rest = value >>> 0;
    for (; rest > 127; rest >>>= 7) this.buf[this.length++] = (rest & 127) | 128;
    this.buf[this.length++] = rest;
  }

  /** The number as two's complement of 64 bits. */
  varint(value: number | bigint): void {
    if (typeof value === 'number' && value >= 0 && value < 2 ** 32) {
      this.varint32(value);
      return;
    }
    this.ensure(longestVarint);
    if (typeof value === 'number' && value >= 0) {
      // Bits beyond 32 are taken by division.
      let rest = value;
      for (; rest > 127; rest = Math.floor(rest / 128)) this.buf[this.length++] = (rest & 127) | 128;
      this.buf[this.length++] = rest;
      return;
    }
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest > 127n; rest >>= 7n) this.buf[this.length++] = Number(rest & 127n) | 128;
    this.buf[this.length++] = Number(rest);
  }

  fixed32(value: number): void {
    this.ensure(4);
    this.length = this.buf.writeInt32LE(value | 0, this.length);
  }

  fixed64(value: number | bigint): void {
    this.ensure(8);
    this.length = this.buf.writeBigInt64LE(BigInt.asIntN(64, BigInt(value)), this.length);
  }

  float(value: number): void {
    this.ensure(4);
    this.length = this.buf.writeFloatLE(value, this.length);
  }

  double(value: number): void {
    this.ensure(8);
    this.length = this.buf.writeDoubleLE(value, this.length);
  }

  /** A length and the bytes. */
  block(bytes: Buffer): void {
    this.varint32(bytes.length);
    this.copy(bytes, 0, bytes.length);
  }

  /** A length and the text in UTF-8. @param text well-formed */
  text(text: string): void {
    if (this.#shortText(text)) return;
    const length = Buffer.byteLength(text);
    this.varint32(length);
    this.ensure(length);
    this.length += this.buf.write(text, this.length);
  }

  /** The same for few characters, all of them ASCII: calls into the runtime take longer than a loop. False, with nothing appended, for any other. */
  #shortText(text: string): boolean {
    const { length } = text;
    if (length > longestShort) return false;
    this.ensure(1 + length);
    const { buf } = this;
    let at = this.length;
    buf[at++] = length;
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index);
      if (code > lastAscii) return false;
      buf[at++] = code;
    }
    this.length = at;
    return true;
  }

  /** Puts the length of what was written from `start` on before it. */
  prefixLength(start: number): void {
    const length = this.length - start;
    let prefix = 1;
    for (let rest = length; rest > 127; rest >>>= 7) prefix++;
    // As much as the varint asks for below, when `length` leaves out what must be kept.
    this.ensure(longestVarint);
    this.buf.copyWithin(start + prefix, start, this.length);
    this.length = start;
    this.varint32(length);
    this.length += length;
  }
}
