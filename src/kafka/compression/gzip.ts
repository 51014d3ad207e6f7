/** gzip (RFC 1952), by the runtime's own zlib. */
import { promisify } from 'node:util';
import { constants, gunzipSync, gzip as gzipAside, gzipSync } from 'node:zlib';
import { malformed } from '../batch/malformed.ts';
import type { CompressionCodec } from './codec.ts';

/** Each chunk is a call into zlib, so few large ones; the default is 16 KiB. */
const CHUNK_BYTES = 256 * 1024;

const options = { level: constants.Z_DEFAULT_COMPRESSION, chunkSize: CHUNK_BYTES };
const inBackground = promisify(gzipAside) as (bytes: Buffer, given: typeof options) => Promise<Buffer>;

export const gzip: CompressionCodec = {
  compress(bytes) {
    return gzipSync(bytes, options);
  },

  compressInBackground: (bytes) => inBackground(bytes, options),

  decompress(bytes, maxBytes) {
    try {
      return gunzipSync(bytes, { maxOutputLength: maxBytes, chunkSize: CHUNK_BYTES });
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'ERR_BUFFER_TOO_LARGE') throw error;
      return malformed(`gzip: ${message}`);
    }
  },
};
