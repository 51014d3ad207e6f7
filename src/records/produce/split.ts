/** Cuts a stream of bytes into records at a separator, without copying records that lie within one chunk. */

/** Called with the bytes of one record: `bytes[start, end)`; valid only during the call, `number` counts from 1. */
export type OnPiece = (bytes: Buffer, start: number, end: number, number: number) => void;

export interface Splitter {
  /** Hands over every piece that this chunk completes; its memory may change afterwards. */
  push(chunk: Buffer): void;
  /** Hands over what follows the last separator, if anything does. */
  end(): void;
}

const newline = 0x0a;
const keptBytes = 1 << 20;

/** A splitter for which every chunk is a piece of its own. */
export function chunks(onPiece: OnPiece): Splitter {
  let count = 0;
  return { push: (chunk) => onPiece(chunk, 0, chunk.length, ++count), end: () => {} };
}

/** A splitter at `separator`; an empty one makes the whole stream one record. Nothing is trimmed: a carriage return belongs to its line. */
export function splitter(separator: Buffer, onPiece: OnPiece): Splitter {
  const { length } = separator;
  const last = separator.at(-1) ?? newline;
  let count = 0;
  // Two in turn: a piece may be read until its push has ended, when the beginning of the next one is already there.
  let carry = new Carry();
  let other = new Carry();

  const handOver = (): void => {
    onPiece(carry.bytes, 0, carry.length, ++count);
    [carry, other] = [other, carry];
    carry.clear();
  };

  const pushed = (chunk: Buffer): void => {
    let start = 0;
    if (carry.length > 0) {
      const end = endInside(carry, chunk, separator);
      if (end === -1) {
        carry.add(chunk, 0);
        return;
      }
      // The separator may have begun in what was carried.
      carry.add(chunk, 0, end);
      carry.length -= length;
      handOver();
      start = end;
    }
    for (;;) {
      const found = length === 1 ? chunk.indexOf(last, start) : chunk.indexOf(separator, start);
      if (found === -1) break;
      onPiece(chunk, start, found, ++count);
      start = found + length;
    }
    carry.add(chunk, start);
  };

  return {
    push(chunk) {
      if (length > 0) pushed(chunk);
      else carry.add(chunk, 0);
    },
    end() {
      if (carry.length > 0) handOver();
    },
  };
}

/** The beginning of a piece whose end has not come yet, in memory that is reused: each chunk ends within a line. */
class Carry {
  bytes: Buffer = Buffer.alloc(0);
  length = 0;

  add(chunk: Buffer, start: number, end = chunk.length): void {
    const needed = this.length + end - start;
    if (needed > this.bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.bytes.length));
      this.bytes.copy(larger, 0, 0, this.length);
      this.bytes = larger;
    }
    chunk.copy(this.bytes, this.length, start, end);
    this.length = needed;
  }

  /** Makes it empty; large memory is given up, as another long piece may never come. */
  clear(): void {
    this.length = 0;
    if (this.bytes.length > keptBytes) this.bytes = Buffer.alloc(0);
  }
}

/** The position in `chunk` behind the first separator, one that began in what was carried included; -1 without one. */
function endInside(carry: Carry, chunk: Buffer, separator: Buffer): number {
  const { length } = separator;
  if (length > 1) {
    const tail = carry.bytes.subarray(Math.max(0, carry.length - (length - 1)), carry.length);
    const across = Buffer.concat([tail, chunk.subarray(0, length - 1)]).indexOf(separator);
    if (across !== -1) return across + length - tail.length;
  }
  const found = chunk.indexOf(separator);
  return found === -1 ? -1 : found + length;
}
