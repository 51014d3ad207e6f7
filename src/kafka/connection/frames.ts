/** Cuts a socket's bytes into Kafka's frames: four bytes of size, then that many of answer. Bytes are read where they belong. */
import { giveFrameMemory, takeFrameMemory } from './frame-memory.ts';

/** Every answer begins with its correlation id, four bytes. */
const smallestFrame = 4;
const sizeBytes = 4;
/** Frames up to this size, their size field included, are assembled where they land and copied out; larger ones get memory of their own. */
const landingBytes = 65_536;
/** How much is allocated for a frame on the strength of its size field alone; once twice as much came, it is believed. */
const trustedBytes = 16 << 20;

export class Frames {
  /** No frame may claim more bytes than this. */
  limit: number;
  /** Where bytes go while no large frame is open; it begins with a frame's size. */
  readonly #landing = Buffer.allocUnsafeSlow(landingBytes);
  #landed = 0;
  /** The large frame that is being filled, its size, and how far it is filled. */
  #frame: Buffer | undefined;
  #size = 0;
  #filled = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Where the socket's next bytes go; never empty. */
  room(): Buffer {
    if (!this.#frame) return this.#landing.subarray(this.#landed);
    if (this.#filled === this.#frame.length) {
      const larger = takeFrameMemory(this.#filled < 2 * trustedBytes ? Math.min(this.#size, 2 * this.#filled) : this.#size);
      this.#frame.copy(larger, 0, 0, this.#filled);
      giveFrameMemory(this.#frame.buffer);
      this.#frame = larger;
    }
    return this.#frame.subarray(this.#filled, this.#size);
  }

  /**
   * Takes note of `count` bytes written into the room, and hands out each frame that they complete, without its size field.
   * @returns the first bytes of what cannot be a frame, after which the stream is unusable; undefined when all is well
   */
  filled(count: number, onFrame: (frame: Buffer) => void): Buffer | undefined {
    if (!this.#frame) return this.#cut(count, onFrame);
    this.#filled += count;
    if (this.#filled === this.#size) {
      const frame = this.#frame.subarray(0, this.#size);
      this.#frame = undefined;
      onFrame(frame);
    }
    return undefined;
  }

  /** Cuts what has landed, and moves the rest to the beginning. */
  #cut(count: number, onFrame: (frame: Buffer) => void): Buffer | undefined {
    const bytes = this.#landing;
    const landed = this.#landed + count;
    let at = 0;
    while (landed - at >= sizeBytes) {
      const size = bytes.readInt32BE(at);
      if (size < smallestFrame || size > this.limit) return bytes.subarray(at, landed);
      const start = at + sizeBytes;
      if (start + size <= landed) {
        at = start + size;
        onFrame(Buffer.from(bytes.subarray(start, at)));
      } else {
        if (sizeBytes + size <= landingBytes) break;
        this.#frame = takeFrameMemory(Math.min(size, trustedBytes));
        this.#size = size;
        this.#filled = bytes.copy(this.#frame, 0, start, landed);
        at = landed;
      }
    }
    bytes.copyWithin(0, at, landed);
    this.#landed = landed - at;
    return undefined;
  }
}
