/** Pieces of the input that wait for their turn, where records are not to go out as fast as they come. */
import type { OnPiece } from './split.ts';

interface Piece {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  readonly line: number;
}

export class PieceQueue {
  readonly #onPiece: OnPiece;
  #pieces: Piece[] = [];
  #at = 0;

  constructor(onPiece: OnPiece) {
    this.#onPiece = onPiece;
  }

  /** Takes a piece; its bytes stay as they are until the queue is empty. */
  readonly add: OnPiece = (bytes, start, end, line) => {
    this.#pieces.push({ bytes, start, end, line });
  };

  get isEmpty(): boolean {
    return this.#pieces.length === 0;
  }

  /** Hands over the oldest piece, of those there are; it stays the oldest when that throws. */
  next(): void {
    const { bytes, start, end, line } = this.#pieces[this.#at]!;
    this.#onPiece(bytes, start, end, line);
    this.#at++;
    if (this.#at < this.#pieces.length) return;
    this.#pieces = [];
    this.#at = 0;
  }
}
