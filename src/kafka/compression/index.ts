/** Kafka's compression types: their ids in a batch's attributes, and the codec of each, loaded when it is first needed. */
import { KtError } from '../../base/errors.ts';
import { defaultBatchBytes, malformed } from '../batch/malformed.ts';
import { type CompressionCodec, tooLarge } from './codec.ts';

export const compressionNames = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
export type CompressionName = (typeof compressionNames)[number];

const loaders: readonly ((() => Promise<CompressionCodec>) | undefined)[] = [
  undefined,
  async () => (await import('./gzip.ts')).gzip,
  async () => (await import('./snappy.ts')).snappy,
  async () => (await import('./lz4.ts')).lz4,
  async () => (await import('./zstd.ts')).loadZstd(),
];
const loaded: (CompressionCodec | undefined)[] = [];

/**
 * Loads what `compress` and `decompress` need for these codecs: a bit per id, as `scanBatches` returns them. Returns undefined when they are
 * loaded already, as for all fetches but the first.
 */
export function prepareCodecs(codecs: number): Promise<void> | undefined {
  const missing = [...loaders.keys()].filter(
    (id) => (codecs >>> id) & 1 && loaders[id] !== undefined && loaded[id] === undefined,
  );
  if (missing.length === 0) return undefined;
  return load(missing);
}

async function load(ids: readonly number[]): Promise<void> {
  for (const id of ids) loaded[id] = await loaders[id]?.();
}

/** Loads the codec of one compression type; wait for it before the first batch is compressed. */
export async function prepareCompression(name: CompressionName): Promise<void> {
  await prepareCodecs(1 << compressionNames.indexOf(name));
}

/** Decompresses a records section. @throws Malformed, TooLarge */
export function decompress(id: number, bytes: Buffer, maxBytes: number = defaultBatchBytes): Buffer {
  const codec = codecOf(id);
  try {
    return codec.decompress(bytes, maxBytes);
  } catch (error) {
    if (error instanceof RangeError || (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') tooLarge(maxBytes);
    throw error;
  }
}

/** Compresses a records section. */
export function compress(id: number, bytes: Buffer): Buffer {
  return codecOf(id).compress(bytes);
}

/** Compresses a records section off the main thread; undefined where the runtime cannot. `bytes` must not change until it resolves. */
export function compressInBackground(id: number, bytes: Buffer): Promise<Buffer> | undefined {
  return codecOf(id).compressInBackground?.(bytes);
}

function codecOf(id: number): CompressionCodec {
  const codec = loaded[id];
  if (codec !== undefined) return codec;
  if (loaders[id] === undefined) malformed(`an unknown compression type ${id}`);
  throw new KtError('bug', `${compressionNames[id]} is used (but it was not prepared)`);
}
