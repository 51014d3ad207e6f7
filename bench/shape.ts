/** The records of a row and their topic: the base case, and cases that differ from it in one thing. */
import type { CompressionName } from '../src/kafka/compression/index.ts';

export interface Shape {
  /** What differs, as the end of the row's name; empty for the base case. */
  readonly name: string;
  readonly valueBytes: number;
  readonly codec: CompressionName;
  readonly partitions: number;
  /** Each partition has a replica on each broker. */
  readonly brokers: number;
  /** How many bytes of values there are, as fractions of the base case's. */
  readonly read: number;
  readonly written: number;
}

export const base: Shape = {
  name: '',
  valueBytes: 100,
  codec: 'none',
  partitions: 3,
  brokers: 1,
  read: 1,
  written: 1,
};

const variant = { ...base, read: 0.25, written: 0.5 };

export const variants: readonly Shape[] = [
  // Large values are so fast that start-up would weigh.
  { ...variant, name: '10kb', valueBytes: 10_000, read: 1, written: 2 },
  { ...variant, name: 'gzip', codec: 'gzip' },
  { ...variant, name: 'snappy', codec: 'snappy' },
  { ...variant, name: 'lz4', codec: 'lz4' },
  // kcat is so fast with it that start-up would weigh.
  { ...variant, name: 'zstd', codec: 'zstd', read: 0.5 },
  { ...variant, name: '1-partition', partitions: 1 },
  { ...variant, name: '24-partitions', partitions: 24 },
  { ...variant, name: '3-brokers', brokers: 3 },
];

/** How many records of this shape a row reads or writes. @param baseRecords how many the base case has */
export function recordCount(shape: Shape, does: 'read' | 'written', baseRecords: number): number {
  return Math.round((baseRecords * base.valueBytes * shape[does]) / shape.valueBytes);
}

/** For a title: "100 B, zstd, 3 partitions, 1 broker". */
export function describeShape({ valueBytes, codec, partitions, brokers }: Shape): string {
  const size = valueBytes < 1000 ? `${valueBytes} B` : `${valueBytes / 1000} kB`;
  const plural = (count: number, name: string) => `${count} ${name}${count === 1 ? '' : 's'}`;
  return `${size}, ${codec === 'none' ? 'uncompressed' : codec}, ${plural(partitions, 'partition')}, ${plural(brokers, 'broker')}`;
}
