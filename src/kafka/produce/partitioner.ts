/** Which partition a key belongs to, as Kafka's Java producer and as librdkafka decide it. */
import { contentLength, type RecordBytes } from '../batch/writer.ts';

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

/** What waits to be sent to a partition, in batches; undefined while it has no leader. */
type Backlog = (partition: number) => number | undefined;

export interface Turn {
  /**
   * Begins the next turn if the last one is over.
   * @param atHand bytes of records that will follow at once: with many of them turns are longer, which is less work and as even
   */
  partition(atHand?: number): number;
  /** Bytes that are left of it, each record counted as `partitionFor` does; a negative number ends it. */
  left: number;
}

/** Chooses partitions for the records of one topic. */
export interface Partitioner {
  /**
   * The partition for the key `bytes[start, end)`; a start of -1 is a null key.
   * @param size bytes of the record: records without a key stay with a partition for 16 KiB
   */
  partitionOf(key: Uint8Array, start: number, end: number, size: number): number;
  /**
   * The partition whose turn it is among records without a key, and how long that lasts: what gives it several records at once says in `left` what
   * it used. Undefined where every record begins another turn.
   */
  readonly turn: Turn | undefined;
  /** From now on records without a key prefer partitions that have less to send, and avoid those without a leader (KIP-794). */
  adapt(backlog: Backlog): void;
}

/** `batch.size` of Java's producer: as much goes to one partition in a row. Batches here are larger, and gather several such turns. */
const turnBytes = 16 << 10;
/** Until so much has come, turns are no longer than that, so that few records too go to all partitions. */
const shortBytes = 1 << 20;

/** What a small record takes besides key, value and headers. */
const recordOverhead = 6;

/** The partition for a record. */
export function partitionFor(choose: Partitioner, record: RecordBytes): number {
  return choose.partitionOf(record.key, record.keyStart, record.keyEnd, contentLength(record) + recordOverhead);
}

/**
 * - `java`: murmur2 of the key, as Kafka's Java producer and librdkafka's `murmur2_random`; sticky without key (KIP-480, KIP-794).
 * - `librdkafka`: CRC-32 of the key, as librdkafka's and kcat's default `consistent_random`; sticky with an empty key or none.
 * - `round-robin`: one after the other, whatever the key.
 */
export function partitioner(name: PartitionerName, partitions: number): Partitioner {
  let backlog: Backlog = () => 0;
  let current = Math.floor(Math.random() * partitions);
  let shortLeft = shortBytes;
  const turn: Turn = {
    left: -1,
    partition(atHand = 0) {
      if (turn.left < 0) {
        current = partitions === 1 ? 0 : nextSticky(partitions, backlog);
        turn.left = shortLeft > 0 ? turnBytes : Math.max(turnBytes, atHand >>> 3);
        shortLeft -= turn.left;
      }
      return current;
    },
  };

  const sticky = (size: number): number => {
    const partition = turn.partition();
    turn.left -= size;
    return partition;
  };

  return {
    turn: name === 'round-robin' ? undefined : turn,
    partitionOf(key, start, end, size) {
      if (name === 'round-robin') {
        current = (current + 1) % partitions;
        return current;
      }
      if (start < 0) return sticky(size);
      if (name === 'java') return (murmur2(key, start, end) & 0x7fffffff) % partitions;
      return start === end ? sticky(size) : crc32(key, start, end) % partitions;
    },
    adapt(of) {
      backlog = of;
    },
  };
}

/** Of two random partitions with a leader the one that has less to send: as even as weighing all of them, however many there are. */
function nextSticky(partitions: number, backlog: Backlog): number {
  const one = withLeader(partitions, backlog);
  const other = withLeader(partitions, backlog);
  return (backlog(other) ?? 0) < (backlog(one) ?? 0) ? other : one;
}

/** A random partition with a leader; any partition if none has one. */
function withLeader(partitions: number, backlog: Backlog): number {
  const start = Math.floor(Math.random() * partitions);
  for (let step = 0; step < partitions; step++) {
    const partition = (start + step) % partitions;
    if (backlog(partition) !== undefined) return partition;
  }
  return start;
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
