/** Pieces of the input that wait for their turn, where records cannot go out as fast as they come. */
import type { OnPiece } from './split.ts';

interface Piece {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  readonly line: number;
}

/** Takes a piece, or returns what to wait for before the same piece is given again. */
type TakePiece = (bytes: Buffer, start: number, end: number, line: number) => Promise<void> | undefined;

export class PieceQueue {
  readonly #take: TakePiece;
  #pieces: Piece[] = [];
  #at = 0;

  constructor(take: TakePiece) {
    this.#take = take;
  }

  /** Adds a piece, whose bytes must not change until the queue is empty. */
  readonly add: OnPiece = (bytes, start, end, line) => {
    this.#pieces.push({ bytes, start, end, line });
  };

  get isEmpty(): boolean {
    return this.#pieces.length === 0;
  }

  /**
   * Hands over the oldest piece of a queue that is not empty.
   * @returns undefined when it was taken, or what to wait for before it is handed over again
   */
  next(): Promise<void> | undefined {
    const { bytes, start, end, line } = this.#pieces[this.#at]!;
    const waiting = this.#take(bytes, start, end, line);
    if (waiting) return waiting;
    this.#at++;
    if (this.#at === this.#pieces.length) {
      this.#pieces = [];
      this.#at = 0;
    }
    return undefined;
  }
}
