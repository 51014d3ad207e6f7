/** Cuts a stream of bytes into records at a separator, without copying what lies within one chunk. */

/** Called with the bytes of one record: `bytes[start, end)`; valid only during the call, `number` counts from 1. */
export type OnPiece = (bytes: Buffer, start: number, end: number, number: number) => void;

export interface Splitter {
  /** Hands over every piece that this chunk completes; its memory may change afterwards. */
  push(chunk: Buffer): void;
  /** Hands over what stands behind the last separator, if anything does. */
  end(): void;
}

const newline = 0x0a;

/** A splitter that takes every chunk for a piece of its own. */
export function chunks(onPiece: OnPiece): Splitter {
  let count = 0;
  return { push: (chunk) => onPiece(chunk, 0, chunk.length, ++count), end: () => {} };
}

/** A splitter at `separator`; an empty one makes the whole stream one record. Bytes are kept as they are: a carriage return belongs to its line. */
export function splitter(separator: Buffer, onPiece: OnPiece): Splitter {
  let carry: Buffer[] = [];
  let carried = 0;
  let count = 0;
  const last = separator.at(-1) ?? newline;

  const pushed = (chunk: Buffer): void => {
    let start = 0;
    if (carried > 0) {
      const end = endInside(carry, chunk, separator);
      if (end === -1) {
        carry.push(Buffer.from(chunk));
        carried += chunk.length;
        return;
      }
      const whole = Buffer.concat([...carry, chunk.subarray(0, end)]);
      carry = [];
      carried = 0;
      onPiece(whole, 0, whole.length - separator.length, ++count);
      start = end;
    }
    for (;;) {
      const found = separator.length === 1 ? chunk.indexOf(last, start) : chunk.indexOf(separator, start);
      if (found === -1) break;
      onPiece(chunk, start, found, ++count);
      start = found + separator.length;
    }
    if (start < chunk.length) {
      carry = [Buffer.from(chunk.subarray(start))];
      carried = chunk.length - start;
    }
  };

  return {
    push(chunk) {
      if (separator.length > 0) return pushed(chunk);
      carry.push(Buffer.from(chunk));
      carried += chunk.length;
    },
    end() {
      if (carried === 0) return;
      const whole = Buffer.concat(carry);
      carry = [];
      carried = 0;
      onPiece(whole, 0, whole.length, ++count);
    },
  };
}

/** The position in `chunk` behind the first separator, one that began in what was carried included; -1 without one. */
function endInside(carry: readonly Buffer[], chunk: Buffer, separator: Buffer): number {
  const { length } = separator;
  if (length > 1) {
    const tail = Buffer.concat(carry).subarray(-(length - 1));
    const across = Buffer.concat([tail, chunk.subarray(0, length - 1)]).indexOf(separator);
    if (across !== -1) return across + length - tail.length;
  }
  const found = chunk.indexOf(separator);
  return found === -1 ? -1 : found + length;
}
