/** The interface of a compression codec, and the error for data that would exhaust memory. */
import { TooLarge } from '../batch/malformed.ts';

/** Compresses and decompresses the records section of a batch, without the header. */
export interface CompressionCodec {
  compress(bytes: Buffer): Buffer;
  /** The same on another thread, where the runtime offers that; `bytes` must not change until it resolves. */
  compressInBackground?(bytes: Buffer): Promise<Buffer>;
  /**
   * Memory is taken once, for the result. What the bytes say of their own size is believed only as far as they can hold it.
   * @throws Malformed for bytes this codec did not write
   * @throws TooLarge before the result is larger than `maxBytes`
   */
  decompress(bytes: Buffer, maxBytes: number): Buffer;
}

/** @throws TooLarge always */
export function tooLarge(maxBytes: number): never {
  throw new TooLarge(maxBytes);
}
