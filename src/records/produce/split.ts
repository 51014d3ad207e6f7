/** Cuts a stream of bytes into records at a separator, without copying records that lie within one chunk. */
import { usageError } from '../../base/errors.ts';
import { formatSize } from '../../base/units.ts';

/** Called with the bytes of one record: `bytes[start, end)`; valid only during the call, `number` counts from 1. */
export type OnPiece = (bytes: Buffer, start: number, end: number, number: number) => void;

/**
 * Called with what comes behind a separator, `bytes[start, …)`, whose first piece has the number `number`. Returns the start of the first piece that it
 * did not take, and how many it took: those that it leaves are handed over one by one.
 */
export type OnPieces = (bytes: Buffer, start: number, number: number) => { readonly start: number; readonly count: number };

export interface Splitter {
  /** Hands over every piece that this chunk completes; its memory may change afterwards. */
  push(chunk: Buffer): void;
  /** Hands over what follows the last separator, if anything does. */
  end(): void;
}

/** How text is cut into records. */
export interface TextCut {
  /** Empty makes the whole stream one record. */
  readonly separator: Buffer;
  /** Lines may end in CR LF, as on Windows. */
  readonly mayEndInCrLf: boolean;
  /** A byte order mark at the beginning belongs to no record (Windows programs write one in front of UTF-8). */
  readonly skipsMark: boolean;
}

const newline = 0x0a;
const carriageReturn = 0x0d;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);
const keptBytes = 1 << 20;
/** Far more than brokers take (1 MiB by default); without a limit a file that has no lines would fill the memory. */
export const longestPiece = 128 << 20;

/** Input is one record per line, which may end in CR LF. */
export const linesOfText: TextCut = { separator: Buffer.from([newline]), mayEndInCrLf: true, skipsMark: true };

/** The whole input is one record, every byte of it. */
export const wholeInput: TextCut = { separator: Buffer.alloc(0), mayEndInCrLf: false, skipsMark: false };

/** A splitter for which every chunk is a piece of its own. */
export function chunks(onPiece: OnPiece): Splitter {
  let count = 0;
  return { push: (chunk) => onPiece(chunk, 0, chunk.length, ++count), end: () => {} };
}

/** Hands on all pieces but those that are only white space. */
export function unlessBlank(onPiece: OnPiece): OnPiece {
  return (bytes, start, end, number) => {
    for (let at = start; at < end; at++) {
      const byte = bytes[at]!;
      if (byte !== 0x20 && byte !== 0x09 && byte !== newline && byte !== carriageReturn)
        return onPiece(bytes, start, end, number);
    }
  };
}

/**
 * A splitter at a separator. Its `push` throws a KtError `usage` for a piece of more than `longestPiece` bytes.
 * @param onPieces takes several pieces at once, where that is possible
 */
export function splitter({ separator, mayEndInCrLf, skipsMark }: TextCut, onPiece: OnPiece, onPieces?: OnPieces): Splitter {
  const { length } = separator;
  const last = separator.at(-1) ?? newline;
  let count = 0;
  // Two in turn: a piece may be read until its push has ended, when the beginning of the next one is already there.
  let carry = new Carry();
  let other = new Carry();

  const startOf = (bytes: Buffer, start: number, end: number): number =>
    count === 0 && skipsMark && end - start >= 3 && byteOrderMark.compare(bytes, start, start + 3) === 0 ? start + 3 : start;

  const endOf = (bytes: Buffer, start: number, end: number): number =>
    mayEndInCrLf && end > start && bytes[end - 1] === carriageReturn ? end - 1 : end;

  const handOver = (): void => {
    const { bytes, length: end } = carry;
    const start = startOf(bytes, 0, end);
    onPiece(bytes, start, endOf(bytes, start, end), ++count);
    [carry, other] = [other, carry];
    carry.clear();
  };

  const keep = (chunk: Buffer, start: number, end = chunk.length): void => {
    if (carry.length + end - start > longestPiece + length) throw tooLong(length === 0 ? 'the input' : `line ${count + 1}`);
    carry.add(chunk, start, end);
  };

  const pushed = (chunk: Buffer): void => {
    let start = 0;
    if (carry.length > 0) {
      const end = endInside(carry, chunk, separator);
      if (end === -1) {
        keep(chunk, 0);
        return;
      }
      // The separator may have begun in what was carried.
      keep(chunk, 0, end);
      carry.length -= length;
      handOver();
      start = end;
    }
    let takesMany = onPieces !== undefined;
    for (;;) {
      // The first piece may have a mark to skip.
      if (takesMany && count > 0) {
        const taken = onPieces!(chunk, start, count + 1);
        start = taken.start;
        count += taken.count;
        takesMany = taken.count > 0;
      }
      const found = length === 1 ? chunk.indexOf(last, start) : chunk.indexOf(separator, start);
      if (found === -1) break;
      if (count === 0) start = startOf(chunk, start, found);
      onPiece(chunk, start, endOf(chunk, start, found), ++count);
      start = found + length;
    }
    keep(chunk, start);
  };

  return {
    push(chunk) {
      if (length > 0) pushed(chunk);
      else keep(chunk, 0);
    },
    end() {
      if (carry.length > startOf(carry.bytes, 0, carry.length)) handOver();
    },
  };
}

function tooLong(what: string) {
  return usageError(
    `${what}: longer than ${formatSize(longestPiece)}`,
    'is this the right file? --record-separator says what stands between records; brokers take 1 MiB unless max.message.bytes is higher',
  );
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
