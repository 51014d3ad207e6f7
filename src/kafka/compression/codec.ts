/** The interface of a compression codec, and the error for data that would exhaust memory. */
import { malformed } from '../batch/malformed.ts';

/** Compresses and decompresses the records section of a batch, without the header. */
export interface CompressionCodec {
  compress(bytes: Buffer): Buffer;
  /** The same on another thread, where the runtime offers that; `bytes` must not change until it resolves. */
  compressInBackground?(bytes: Buffer): Promise<Buffer>;
  /** @throws Malformed for bytes this codec did not write, and before more than `maxBytes` are allocated */
  decompress(bytes: Buffer, maxBytes: number): Buffer;
}

/** @throws Malformed always */
export function tooLarge(maxBytes: number): never {
  malformed(`it decompresses to more than ${maxBytes} bytes`);
}
