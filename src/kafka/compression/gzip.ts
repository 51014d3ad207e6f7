/** gzip (RFC 1952), by the runtime's own zlib. */
import { promisify } from 'node:util';
import { constants, gunzipSync, gzip as gzipAside, gzipSync } from 'node:zlib';
import { malformed } from '../batch/malformed.ts';
import { type CompressionCodec, tooLarge } from './codec.ts';

/** Each chunk is a call into zlib, so few large ones; the default is 16 KiB. */
const CHUNK_BYTES = 256 * 1024;
/** Deflate's densest code: two bits for 258 bytes. */
const MAX_RATIO = 1032;
/** CRC and size, the size modulo 2^32. */
const TRAILER_BYTES = 8;

const options = { level: constants.Z_DEFAULT_COMPRESSION, chunkSize: CHUNK_BYTES };
const inBackground = promisify(gzipAside) as (bytes: Buffer, given: typeof options) => Promise<Buffer>;

export const gzip: CompressionCodec = {
  compress(bytes) {
    return gzipSync(bytes, options);
  },

  compressInBackground: (bytes) => inBackground(bytes, options),

  decompress(bytes, maxBytes) {
    const most = Math.min(maxBytes, bytes.length * MAX_RATIO);
    const claimed = bytes.length < TRAILER_BYTES ? 0 : bytes.readUInt32LE(bytes.length - 4);
    // The last member of several says less than all hold: then it is done again.
    return (claimed < most ? inflated(bytes, claimed) : undefined) ?? inflated(bytes, most) ?? tooLarge(maxBytes);
  },
};

/**
 * In one step where it is large: zlib would else hold its pieces and then all of them once more, as one.
 * @returns undefined if there are more than `maxBytes`
 */
function inflated(bytes: Buffer, maxBytes: number): Buffer | undefined {
  const maxOutputLength = Math.max(maxBytes, 1);
  try {
    return gunzipSync(bytes, { maxOutputLength, chunkSize: Math.max(CHUNK_BYTES, maxOutputLength + 1) });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ERR_BUFFER_TOO_LARGE' ? undefined : malformed(`gzip: ${message}`);
  }
}
