/** What each compression codec is, and how it refuses what would exhaust memory. */
import { malformed } from '../batch/malformed.ts';

/** Both directions on the records section of a batch, the header left out. */
export interface CompressionCodec {
  compress(bytes: Buffer): Buffer;
  /** The same on another thread, where the runtime has one for it; `bytes` must stay as they are until then. */
  compressInBackground?(bytes: Buffer): Promise<Buffer>;
  /** @throws Malformed for bytes this codec did not write, and before more than `maxBytes` are allocated */
  decompress(bytes: Buffer, maxBytes: number): Buffer;
}

/** @throws Malformed always */
export function tooLarge(maxBytes: number): never {
  malformed(`it decompresses to more than ${maxBytes} bytes`);
}
