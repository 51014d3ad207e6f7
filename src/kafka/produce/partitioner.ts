/** Which partition a key belongs to, as Kafka's Java producer and as librdkafka decide it. */

const M = 0x5bd1e995;
const SEED = 0x9747b28c;

/** MurmurHash2 of `bytes[start, end)` as Kafka's Java clients compute it (`Utils.murmur2`), as a signed 32-bit number. */
export function murmur2(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  const tail = end - (length & 3);
  let hash = SEED ^ length;
  let at = start;
  for (; at < tail; at += 4) {
    let k = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    k = Math.imul(k, M);
    k = Math.imul(k ^ (k >>> 24), M);
    hash = Math.imul(hash, M) ^ k;
  }
  if (tail < end) {
    for (let byte = end - 1; byte >= tail; byte--) hash ^= bytes[byte]! << (8 * (byte - tail));
    hash = Math.imul(hash, M);
  }
  hash = Math.imul(hash ^ (hash >>> 13), M);
  return hash ^ (hash >>> 15);
}

export type PartitionerName = 'java' | 'librdkafka' | 'round-robin';

/** Chooses partitions for the records of one topic. */
export interface Partitioner {
  /** The partition for the key `bytes[start, end)`; a start of -1 is a null key. */
  partitionOf(key: Uint8Array, start: number, end: number): number;
  /** A batch of this partition is full: records without a key now go to another partition (KIP-480). */
  batchSealed(partition: number): void;
}

/**
 * - `java`: murmur2 of the key, as Kafka's Java producer and librdkafka's `murmur2_random`; sticky without key.
 * - `librdkafka`: CRC-32 of the key, as librdkafka's and kcat's default `consistent_random`; sticky with an empty key or none.
 * - `round-robin`: one after the other, whatever the key.
 */
export function partitioner(name: PartitionerName, partitions: number): Partitioner {
  let sticky = Math.floor(Math.random() * partitions);
  let turn = sticky;
  return {
    partitionOf(key, start, end) {
      if (name === 'round-robin') {
        turn = (turn + 1) % partitions;
        return turn;
      }
      if (start < 0) return sticky;
      if (name === 'java') return (murmur2(key, start, end) & 0x7fffffff) % partitions;
      return start === end ? sticky : crc32(key, start, end) % partitions;
    },
    batchSealed(partition) {
      if (partition === sticky && partitions > 1)
        sticky = (sticky + 1 + Math.floor(Math.random() * (partitions - 1))) % partitions;
    },
  };
}

let table: Uint32Array | undefined;

/** CRC-32 (IEEE 802.3), unsigned. Not node:zlib's, which would need a view of each key. */
export function crc32(bytes: Uint8Array, start: number, end: number): number {
  table ??= Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    return crc;
  });
  let crc = -1;
  for (let at = start; at < end; at++) crc = (crc >>> 8) ^ table[(crc ^ bytes[at]!) & 255]!;
  return ~crc >>> 0;
}
