/** zstd (RFC 8878): the runtime's own in Bun and Node ≥ 22.15, WebAssembly on Node 20. */
import * as zlib from 'node:zlib';
import { Malformed, malformed } from '../batch/malformed.ts';
import { type CompressionCodec, tooLarge } from './codec.ts';
import { readZstdFrames, type ZstdFrame } from './zstd-frame.ts';

/** What node:zlib offers since Node 22.15. */
interface NativeZstd {
  zstdCompressSync?(bytes: Buffer, options: { chunkSize: number }): Buffer;
  zstdDecompressSync?(bytes: Buffer, options: { maxOutputLength: number; chunkSize: number }): Buffer;
}

const CHUNK_BYTES = 256 * 1024;
/** WebAssembly's heap ends at 2 GiB and never shrinks. */
const MAX_WASM_BYTES = 2 ** 29;

/** The fastest codec that this runtime has. */
export async function loadZstd(): Promise<CompressionCodec> {
  return nativeZstd() ?? (await wasmZstd());
}

/** The runtime's codec, if it has one. */
export function nativeZstd(): CompressionCodec | undefined {
  const { zstdCompressSync, zstdDecompressSync } = zlib as NativeZstd;
  if (zstdCompressSync === undefined || zstdDecompressSync === undefined) return undefined;
  return {
    compress: (bytes) => zstdCompressSync(bytes, { chunkSize: CHUNK_BYTES }),
    // Incomplete frames must be found here: Bun decompresses what is there, without an error.
    decompress: (bytes, maxBytes) =>
      bounded(bytes, maxBytes, () => zstdDecompressSync(bytes, { maxOutputLength: maxBytes, chunkSize: CHUNK_BYTES })),
  };
}

let wasmCodec: Promise<CompressionCodec> | undefined;

/**
 * The same codec in WebAssembly; its module is read from a file, so it is loaded only if the runtime has no zstd. And only once: initialized again, it
 * would use the first instance's functions with the second one's memory, and reject valid data.
 */
export function wasmZstd(): Promise<CompressionCodec> {
  wasmCodec ??= loadWasm();
  return wasmCodec;
}

async function loadWasm(): Promise<CompressionCodec> {
  const wasm = await import('@bokuweb/zstd-wasm');
  await wasm.init();
  return {
    compress: (bytes) => asBuffer(wasm.compress(bytes, 3)),
    decompress(bytes, maxBytes) {
      return bounded(bytes, Math.min(maxBytes, MAX_WASM_BYTES), (frames) =>
        Buffer.concat(
          frames.map(({ start, end, maxLength }) =>
            wasm.decompress(bytes.subarray(start, end), { defaultHeapSize: maxLength }),
          ),
        ),
      );
    },
  };
}

function bounded(bytes: Buffer, maxBytes: number, decompress: (frames: readonly ZstdFrame[]) => Buffer): Buffer {
  const frames = readZstdFrames(bytes);
  if (frames.reduce((sum, frame) => sum + frame.maxLength, 0) > maxBytes) tooLarge(maxBytes);
  try {
    return decompress(frames);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (error instanceof Malformed || code === 'ERR_BUFFER_TOO_LARGE') throw error;
    return malformed(`zstd: ${message}`);
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
