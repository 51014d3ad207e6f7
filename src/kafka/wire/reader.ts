/** A cursor over a message's bytes that never leaves them: a length that points beyond the end is an error before anything is allocated. */

/** Bytes that are not the message they should be, or a value that the message cannot hold; `frame.ts` adds which message. */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly problem: string;
  /** Which field: `topics[3].partitions[0].leaderId`. */
  readonly path: string;
  /** Whether another version of the message could hold the value. */
  readonly unsupported: boolean;

  constructor(problem: string, { path = '', unsupported = false } = {}) {
    super(path === '' ? problem : `${path}: ${problem}`);
    this.problem = problem;
    this.path = path;
    this.unsupported = unsupported;
  }

  /** The same error seen from the struct or array around it. */
  under(step: string): WireError {
    const path = this.path === '' || this.path.startsWith('[') ? step + this.path : `${step}.${this.path}`;
    return new WireError(this.problem, { path, unsupported: this.unsupported });
  }
}

/** The error to rethrow from inside `step`, with the place added. For a number outside its type Buffer throws a RangeError. */
export function within(step: string, error: unknown): unknown {
  if (error instanceof WireError) return error.under(step);
  return error instanceof RangeError ? new WireError(error.message, { path: step }) : error;
}

export class Reader {
  readonly bytes: Buffer;
  at: number;
  end: number;

  constructor(bytes: Buffer, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  /** Takes `count` bytes and returns where they began. */
  take(count: number): number {
    const start = this.at;
    if (count < 0 || count > this.end - start)
      throw new WireError(`${count} bytes wanted at ${start}, ${this.end - start} are left`);
    this.at = start + count;
    return start;
  }

  int8(): number {
    return (this.bytes[this.take(1)]! << 24) >> 24;
  }

  // Numbers of an answer about thousands of partitions are read by code that is not compiled yet, where Buffer's own methods take twice as long.

  int16(): number {
    const { bytes } = this;
    const at = this.take(2);
    return ((bytes[at]! << 24) >> 16) | bytes[at + 1]!;
  }

  uint16(): number {
    return this.int16() & 0xffff;
  }

  int32(): number {
    const { bytes } = this;
    const at = this.take(4);
    return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
  }

  /** Many at once: those of replicas stand in every partition of a Metadata answer. */
  int32s(count: number): number[] {
    const { bytes } = this;
    const values: number[] = [];
    const end = this.take(4 * count) + 4 * count;
    for (let at = end - 4 * count; at < end; at += 4)
      values.push((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!);
    return values;
  }

  uint32(): number {
    return this.bytes.readUInt32BE(this.take(4));
  }

  int64(): bigint {
    return this.bytes.readBigInt64BE(this.take(8));
  }

  float64(): number {
    return this.bytes.readDoubleBE(this.take(8));
  }

  boolean(): boolean {
    return this.bytes[this.take(1)] !== 0;
  }

  /** An unsigned varint of up to 32 bits (KIP-482). */
  uvarint(): number {
    const first = this.bytes[this.at]!;
    if (first < 128 && this.at < this.end) {
      this.at++;
      return first;
    }
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.bytes[this.take(1)]!;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) {
        if (value > 0xffff_ffff) break;
        return value;
      }
    }
    throw new WireError(`a varint longer than 32 bits at ${this.at}`);
  }

  /** 16 bytes as Kafka prints them: base64url without padding. */
  uuid(): string {
    const start = this.take(16);
    return this.bytes.toString('base64url', start, start + 16);
  }

  text(length: number): string {
    const start = this.take(length);
    return this.bytes.toString('utf8', start, start + length);
  }

  /** A view, not a copy. */
  slice(length: number): Buffer {
    const start = this.take(length);
    return this.bytes.subarray(start, start + length);
  }
}
