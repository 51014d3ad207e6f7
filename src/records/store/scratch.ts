/** Copies of short runs of bytes that the next copy of the same length replaces: what is handed to the database needs no object for each. */
import { copyBytes } from '../../base/bytes/copy-bytes.ts';

/** Longer runs are rare enough for an object each. */
const longest = 1024;

export class ScratchCopies {
  readonly #byLength = new Map<number, Buffer>();

  /** A buffer with exactly these bytes. */
  copy(bytes: Buffer, start: number, end: number): Buffer {
    const length = end - start;
    let buffer = this.#byLength.get(length);
    if (!buffer) {
      buffer = Buffer.allocUnsafeSlow(length);
      if (length <= longest) this.#byLength.set(length, buffer);
    }
    copyBytes(bytes, start, end, buffer, 0);
    return buffer;
  }
}
