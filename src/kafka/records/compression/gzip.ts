/** gzip (RFC 1952), by the runtime's own zlib. */
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import { malformed } from '../malformed.ts';
import type { CompressionCodec } from './codec.ts';

/** Few large steps: the default of 16 KiB makes a call into zlib for each. */
const CHUNK_BYTES = 256 * 1024;

export const gzip: CompressionCodec = {
  compress(bytes) {
    return gzipSync(bytes, { level: constants.Z_DEFAULT_COMPRESSION, chunkSize: CHUNK_BYTES });
  },

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
