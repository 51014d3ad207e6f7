/** Kafka's frames out of a socket's chunks: four bytes of size, then as many of answer. */
import { takeFrameMemory } from './frame-memory.ts';

/** Every answer begins with its correlation id. */
const smallestFrame = 4;
const sizeBytes = 4;
/** What is allocated for a claim before its bytes come. */
const trustedBytes = 16 << 20;

export class Frames {
  /** No frame may claim more bytes than this. */
  limit: number;
  /** A size of which not every byte has come. */
  #head: Buffer = Buffer.alloc(0);
  /** The frame that is being filled, and how far. */
  #frame: Buffer | undefined;
  #size = 0;
  #filled = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  /**
   * Takes the socket's next chunk, and hands out each frame that it completes, without the size.
   * @returns the first bytes of what cannot be a frame, and then the stream is lost; undefined when all is well
   */
  take(chunk: Buffer, onFrame: (frame: Buffer) => void): Buffer | undefined {
    let bytes = chunk;
    if (this.#head.length > 0) {
      bytes = Buffer.concat([this.#head, chunk]);
      this.#head = Buffer.alloc(0);
    }
    for (let at = 0; at < bytes.length; ) {
      if (this.#frame) {
        at += this.#fill(bytes, at);
        if (this.#filled < this.#size) return undefined;
        const frame = this.#frame.subarray(0, this.#size);
        this.#frame = undefined;
        onFrame(frame);
        continue;
      }
      if (bytes.length - at < sizeBytes) {
        this.#head = bytes.subarray(at);
        return undefined;
      }
      const size = bytes.readInt32BE(at);
      if (size < smallestFrame || size > this.limit) return bytes.subarray(at);
      at += sizeBytes;
      if (bytes.length - at >= size) {
        onFrame(bytes.subarray(at, at + size));
        at += size;
      } else {
        this.#frame = takeFrameMemory(Math.min(size, trustedBytes));
        this.#size = size;
        this.#filled = 0;
      }
    }
    return undefined;
  }

  /** Copies what belongs to the open frame; returns how many bytes that were. */
  #fill(bytes: Buffer, at: number): number {
    const count = Math.min(bytes.length - at, this.#size - this.#filled);
    const needed = this.#filled + count;
    if (needed > this.#frame!.length) {
      const larger = takeFrameMemory(Math.min(this.#size, 2 * needed));
      this.#frame!.copy(larger, 0, 0, this.#filled);
      this.#frame = larger;
    }
    bytes.copy(this.#frame!, this.#filled, at, at + count);
    this.#filled = needed;
    return count;
  }
}
