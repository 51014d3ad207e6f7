/** Blocks of LZ4 and snappy decompressed, by a kernel (kernels/unlz77.ts): from the first call as fast as other code is once it is compiled. */
import { unlz77 } from '../kernels/generated/unlz77.ts';
import { instantiate, type KernelNumber } from '../kernels/instance.ts';

interface Exports {
  readonly LARGEST: KernelNumber;
  readonly SOURCE: KernelNumber;
  readonly TARGET: KernelNumber;
  readonly lz4: (length: number, room: number) => number;
  readonly snappy: (length: number, content: number) => number;
}

interface UnblockKernel extends Pick<Exports, 'lz4' | 'snappy'> {
  readonly source: Uint8Array;
  readonly target: Uint8Array;
}

/** Made at first use. */
let kernel: UnblockKernel | undefined;

function made(): UnblockKernel {
  const { memory, LARGEST, SOURCE, TARGET, lz4, snappy } = instantiate<Exports>(unlz77);
  const part = (at: KernelNumber) => new Uint8Array(memory.buffer, at.value, LARGEST.value);
  return { source: part(SOURCE), target: part(TARGET), lz4, snappy };
}

/**
 * The content of the block from `start` to `end`, whose copies reach back no further than itself; valid until the next one. Undefined for a block
 * that is not sound, or too large for the kernel.
 * @param room the most bytes that it may have; of snappy the length that it declares
 */
export function contentOf(
  format: 'lz4' | 'snappy',
  bytes: Buffer,
  start: number,
  end: number,
  room: number,
): Uint8Array | undefined {
  kernel ??= made();
  const { source, target } = kernel;
  if (end - start > source.length || room > target.length) return undefined;
  source.set(bytes.subarray(start, end));
  const length = kernel[format](end - start, room);
  return length < 0 ? undefined : target.subarray(0, length);
}
