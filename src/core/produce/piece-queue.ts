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

  /** Takes a piece; its bytes are the input's own, which nobody writes to again. */
  readonly add: OnPiece = (bytes, start, end, line) => {
    this.#pieces.push({ bytes, start, end, line });
  };

  /** Hands over the oldest piece; false when there is none. */
  next(): boolean {
    const piece = this.#pieces[this.#at];
    if (!piece) {
      this.#pieces = [];
      this.#at = 0;
      return false;
    }
    this.#at++;
    this.#onPiece(piece.bytes, piece.start, piece.end, piece.line);
    return true;
  }
}
