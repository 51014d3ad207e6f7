/**
 * Memory in which lines of text become records without any JavaScript for each: the input and the batches lie side by side in it, and a kernel
 * (kernels/lines.ts) goes from one to the other.
 */
import { lines as encoded } from '../kernels/generated/lines.ts';
import { instantiate, type KernelNumber } from '../kernels/instance.ts';

interface Exports {
  readonly from: KernelNumber;
  readonly to: KernelNumber;
  readonly added: KernelNumber;
  readonly payload: KernelNumber;
  readonly turn: KernelNumber;
  readonly isFull: KernelNumber;
  readonly append: (
    start: number,
    end: number,
    at: number,
    limit: number,
    delta: number,
    count: number,
    left: number,
    mayEndInCrLf: number,
  ) => void;
}

/** Lines that are appended, from one call to the next. */
export interface LineRun {
  /** Where the next line begins, and where the input ends; what follows the last newline is not taken. */
  at: number;
  end: number;
  /** Epoch ms, of every record. */
  timestamp: number;
  /** A carriage return before the end of a line does not belong to it. */
  mayEndInCrLf: boolean;
  /** Bytes that may still go to this partition before it is another's turn; less than 0 when it is. */
  left: number;
  /** What the last call did: records and bytes of values, where the batch ends now, and whether the next line did not fit into it. */
  added: number;
  payload: number;
  batchEnd: number;
  isFull: boolean;
}

/** A piece of input: what is done once for each is as much as for some 100 kB of it. */
const pieceBytes = 1 << 20;
/** As much as a batch may have. */
const batchBytes = 512 << 10;
/** Behind each, for copies of 16 bytes. */
const slack = 64;
/** The first page is left to the engine that made the kernel. */
const firstPiece = 65_536;
const pieces = 2;
const firstBatch = firstPiece + pieces * (pieceBytes + slack);

type Kernel = ReturnType<typeof instantiate<Exports>>;

export class LineMemory {
  /** Made at first use: most inputs are small. */
  #made: Kernel | undefined;
  /** Where the next batch's memory begins; a page is taken from the system only when it is written. */
  #next = firstBatch;

  /** Where input is read to, in turn. */
  get pieces(): readonly Buffer[] {
    return Array.from({ length: pieces }, (_, index) => this.#piece(index));
  }

  /**
   * Memory for a batch of 512 KiB, of which so many bytes are there; undefined when there is no more. It is not given back: writers of batches are
   * used again.
   */
  takeBatch(bytes: number): Buffer | undefined {
    const at = this.#next;
    if (bytes > batchBytes || at + batchBytes + slack > this.#kernel.memory.buffer.byteLength) return undefined;
    this.#next += batchBytes + slack;
    return Buffer.from(this.#kernel.memory.buffer, at, batchBytes);
  }

  /** Where bytes lie in this memory; -1 for those that do not. */
  positionOf(bytes: Buffer): number {
    return bytes.buffer === this.#made?.memory.buffer ? bytes.byteOffset : -1;
  }

  /** A run of the lines in a chunk of input from `start` on. What is not in this memory is copied to it, as far as there is room. */
  run(chunk: Buffer, start: number, timestamp: number, mayEndInCrLf: boolean): LineRun {
    const place = this.positionOf(chunk);
    const [at, end] =
      place === -1 ? [firstPiece, firstPiece + chunk.copy(this.#piece(0), 0, start)] : [place + start, place + chunk.length];
    return { at, end, timestamp, mayEndInCrLf, left: 0, added: 0, payload: 0, batchEnd: 0, isFull: false };
  }

  /**
   * Appends lines of a run to a batch in this memory, as values of records without key and headers.
   * @param at where the batch ends; it will not end behind `limit`
   * @param delta from the batch's first timestamp to the run's: from 0 to 2^30
   * @param count of records that the batch has
   */
  append(run: LineRun, at: number, limit: number, delta: number, count: number): void {
    const kernel = this.#kernel;
    kernel.append(run.at, run.end, at, limit, delta, count, run.left, run.mayEndInCrLf ? 1 : 0);
    run.at = kernel.from.value;
    run.left = kernel.turn.value;
    run.added = kernel.added.value;
    run.payload = kernel.payload.value;
    run.batchEnd = kernel.to.value;
    run.isFull = kernel.isFull.value !== 0;
  }

  get #kernel(): Kernel {
    this.#made ??= instantiate<Exports>(encoded);
    return this.#made;
  }

  #piece(index: number): Buffer {
    return Buffer.from(this.#kernel.memory.buffer, firstPiece + index * (pieceBytes + slack), pieceBytes);
  }
}
