/** Blocks compressed as LZ4 or snappy, by a kernel (kernels/lz77.ts). */
import { lz77 } from '../kernels/generated/lz77.ts';
import { instantiate, type KernelNumber } from '../kernels/instance.ts';

/** The largest block that it takes, in bytes. */
export const largestBlock = 65_536;

interface Exports {
  readonly SOURCE: KernelNumber;
  readonly TARGET: KernelNumber;
  readonly lz4: (length: number) => number;
  readonly snappy: (length: number) => number;
}

interface BlockKernel extends Pick<Exports, 'lz4' | 'snappy'> {
  readonly source: Uint8Array;
  readonly target: Uint8Array;
}

/** Made at first use: reading needs none. */
let kernel: BlockKernel | undefined;

function made(): BlockKernel {
  const { memory, SOURCE, TARGET, lz4, snappy } = instantiate<Exports>(lz77);
  return {
    source: new Uint8Array(memory.buffer, SOURCE.value, largestBlock),
    target: new Uint8Array(memory.buffer, TARGET.value),
    lz4,
    snappy,
  };
}

/** A block in the format of one codec; valid until the next one. It may be longer than it was. */
export function compressBlock(format: 'lz4' | 'snappy', block: Uint8Array): Uint8Array {
  kernel ??= made();
  kernel.source.set(block);
  return kernel.target.subarray(0, kernel[format](block.length));
}
