/** Kafka's frames out of a socket's chunks: four bytes of size, then as many of answer. */

/** Every answer begins with its correlation id. */
const smallestFrame = 4;

export class Frames {
  /** No frame may claim more bytes than this. What was claimed is never allocated: chunks are kept as they come. */
  limit: number;
  #chunks: Buffer[] = [];
  #buffered = 0;
  #wanted = 4;

  constructor(limit: number) {
    this.limit = limit;
  }

  /**
   * Takes the socket's next chunk, and hands out each frame that it completes, without the size.
   * @returns the first bytes of what cannot be a frame, and then the stream is lost; undefined when all is well
   */
  take(chunk: Buffer, onFrame: (frame: Buffer) => void): Buffer | undefined {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    while (this.#buffered >= this.#wanted) {
      const bytes = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks, this.#buffered);
      const size = bytes.readInt32BE(0);
      if (size < smallestFrame || size > this.limit) return bytes;
      const end = 4 + size;
      const isWhole = bytes.length >= end;
      const rest = isWhole ? bytes.subarray(end) : bytes;
      this.#chunks = rest.length > 0 ? [rest] : [];
      this.#buffered = rest.length;
      this.#wanted = isWhole ? 4 : end;
      if (isWhole) onFrame(bytes.subarray(4, end));
    }
    return undefined;
  }
}
