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

/** Defined by scripts/build.mjs, only for the binary. */
declare const KT_BINARY: true | undefined;

const CHUNK_BYTES = 256 * 1024;
/** WebAssembly's heap ends at 2 GiB and never shrinks. */
const MAX_WASM_BYTES = 2 ** 29;
/** ZSTD_error_dstSize_tooSmall, as the WebAssembly module words it. */
const NO_ROOM = /code -70$/;

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
      bounded(bytes, maxBytes, (_, most) =>
        // In one step where it is large: zlib would else hold its pieces and then all of them once more, as one.
        zstdDecompressSync(bytes, { maxOutputLength: Math.max(most, 1), chunkSize: Math.max(CHUNK_BYTES, most + 1) }),
      ),
  };
}

/** Undefined in the binary, whose runtime has zstd: nothing of the package is to be in it. */
const importWasm = typeof KT_BINARY === 'boolean' ? undefined : () => import('@bokuweb/zstd-wasm');
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
  const wasm = await importWasm!();
  await wasm.init();
  return {
    compress: (bytes) => asBuffer(wasm.compress(bytes, 3)),
    decompress(bytes, maxBytes) {
      return bounded(bytes, Math.min(maxBytes, MAX_WASM_BYTES), (frames, most) => {
        const pieces: Buffer[] = [];
        let left = most;
        for (const { start, end, maxLength } of frames) {
          const piece = wasm.decompress(bytes.subarray(start, end), { defaultHeapSize: Math.min(left, maxLength) });
          left -= piece.length;
          pieces.push(asBuffer(piece));
        }
        return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
      });
    },
  };
}

/**
 * Decompresses frames into `most` bytes: all that they can hold, or `maxBytes`.
 * @throws TooLarge also where a frame does not declare its size, and turns out to be larger
 */
function bounded(bytes: Buffer, maxBytes: number, decompress: (frames: readonly ZstdFrame[], most: number) => Buffer): Buffer {
  const frames = readZstdFrames(bytes);
  let declared = 0;
  let most = 0;
  for (const { maxLength, isDeclared } of frames) {
    most += maxLength;
    if (isDeclared) declared += maxLength;
  }
  if (declared > maxBytes) tooLarge(maxBytes);
  try {
    return decompress(frames, Math.min(most, maxBytes));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (error instanceof Malformed) throw error;
    if (code === 'ERR_BUFFER_TOO_LARGE' || (most > maxBytes && NO_ROOM.test(message))) tooLarge(maxBytes);
    return malformed(`zstd: ${message}`);
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
