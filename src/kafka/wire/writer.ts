/** A growing buffer for messages; it only refers to large byte strings (records) until all is put together, so they are copied once or not at all. */
import { WireError } from './reader.ts';

/** From this size on, a reference is cheaper than a copy, which is repeated when the buffer grows. */
const large = 4096;

export class Writer {
  #bytes: Buffer;
  #length = 0;
  readonly #large: { readonly at: number; readonly bytes: Uint8Array }[] = [];
  #largeLength = 0;

  constructor(capacity = 256) {
    this.#bytes = Buffer.allocUnsafe(capacity);
  }

  get length(): number {
    return this.#length + this.#largeLength;
  }

  /** All that was written: a view, valid until the next write. */
  written(): Buffer {
    return this.#large.length === 0 ? this.#bytes.subarray(0, this.#length) : Buffer.concat(this.parts());
  }

  /** The same in parts; large byte strings are not copied. */
  parts(): readonly Buffer[] {
    const parts: Buffer[] = [];
    let from = 0;
    for (const { at, bytes } of this.#large) {
      if (at > from) parts.push(this.#bytes.subarray(from, at));
      parts.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
      from = at;
    }
    if (this.#length > from) parts.push(this.#bytes.subarray(from, this.#length));
    return parts;
  }

  int8(value: number): void {
    const at = this.#room(1);
    this.#bytes.writeInt8(value, at);
  }

  int16(value: number): void {
    const at = this.#room(2);
    this.#bytes.writeInt16BE(value, at);
  }

  uint16(value: number): void {
    const at = this.#room(2);
    this.#bytes.writeUInt16BE(value, at);
  }

  int32(value: number): void {
    const at = this.#room(4);
    this.#bytes.writeInt32BE(value, at);
  }

  uint32(value: number): void {
    const at = this.#room(4);
    this.#bytes.writeUInt32BE(value, at);
  }

  int64(value: bigint): void {
    const at = this.#room(8);
    this.#bytes.writeBigInt64BE(value, at);
  }

  float64(value: number): void {
    const at = this.#room(8);
    this.#bytes.writeDoubleBE(value, at);
  }

  boolean(value: boolean): void {
    this.int8(value ? 1 : 0);
  }

  uvarint(value: number): void {
    let rest = value;
    while (rest > 127) {
      this.#byte((rest % 128) | 128);
      rest = Math.floor(rest / 128);
    }
    this.#byte(rest);
  }

  uuid(value: string): void {
    const id = Buffer.from(value, 'base64url');
    if (id.length !== 16) throw new WireError(`not a uuid: ${value}`);
    this.raw(id);
  }

  /** @param length in bytes, as UTF-8 */
  text(value: string, length: number): void {
    const at = this.#room(length);
    this.#bytes.write(value, at, length);
  }

  /** Bytes as they are; they must not change before `written`. */
  raw(value: Uint8Array): void {
    if (value.length >= large) {
      this.#large.push({ at: this.#length, bytes: value });
      this.#largeLength += value.length;
      return;
    }
    const at = this.#room(value.length);
    this.#bytes.set(value, at);
  }

  /** Sets a length left open at `at`, which must come before anything large. */
  patchInt32(at: number, value: number): void {
    this.#bytes.writeInt32BE(value, at);
  }

  #byte(value: number): void {
    // In two steps: `#room` may replace the buffer.
    const at = this.#room(1);
    this.#bytes[at] = value;
  }

  #room(count: number): number {
    const at = this.#length;
    const needed = at + count;
    if (needed > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
      this.#bytes.copy(grown, 0, 0, at);
      this.#bytes = grown;
    }
    this.#length = needed;
    return at;
  }
}
