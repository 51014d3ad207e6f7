/** The fixed part of a record batch of format v2 (KIP-98): where each field is, and a scan over the headers of a fetch response. */

/**
 * Byte positions from the batch's start. `length` counts what follows it; the CRC covers everything from `attributes` on, so not baseOffset.
 */
export const field = {
  baseOffset: 0,
  length: 8,
  leaderEpoch: 12,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  recordCount: 57,
  records: 61,
} as const;

/** Bits of `attributes`. */
export const attribute = { codec: 0x07, logAppendTime: 0x08, transactional: 0x10, control: 0x20 } as const;

/** Bytes up to and including `length`, which `length` does not count. */
export const LENGTH_END = 12;

export interface BatchScan {
  /** Where the next fetch starts: behind the last whole batch, past compaction holes and control batches; -1 without a whole batch. */
  readonly nextOffset: bigint;
  /** A bit per codec id in use; give it to `prepareCodecs` before the records are visited. */
  readonly codecs: number;
  /** Whole batches. */
  readonly batches: number;
}

/** Where the batch at `at` ends; -1 where there is none, or not all of it. */
function endOfWhole(records: Buffer, at: number): number {
  if (at + field.records > records.length || records[at + field.magic] !== 2) return -1;
  const end = at + LENGTH_END + records.readInt32BE(at + field.length);
  return end > records.length || end < at + field.records ? -1 : end;
}

/** Cuts a fetch response between batches, into pieces of at least `size` bytes. The last piece may be smaller, and keeps an incomplete batch. */
export function splitBatches(records: Buffer, size: number): Buffer[] {
  const pieces: Buffer[] = [];
  let start = 0;
  for (let at = 0, end = endOfWhole(records, at); end !== -1; at = end, end = endOfWhole(records, at)) {
    if (at - start < size) continue;
    pieces.push(records.subarray(start, at));
    start = at;
  }
  pieces.push(records.subarray(start));
  return pieces;
}

/**
 * Reads only batch headers, so that the next fetch can be sent before these records are decoded. Stops without an error at bytes that
 * are not a batch: visiting them reports it.
 */
export function scanBatches(records: Buffer): BatchScan {
  let last = -1;
  let codecs = 0;
  let batches = 0;
  for (let at = 0, end = endOfWhole(records, at); end !== -1; at = end, end = endOfWhole(records, at)) {
    codecs |= 1 << (records[at + field.attributes + 1]! & attribute.codec);
    batches++;
    last = at;
  }
  if (last === -1) return { nextOffset: -1n, codecs, batches };
  const lastOffset = records.readBigInt64BE(last) + BigInt(records.readInt32BE(last + field.lastOffsetDelta));
  return { nextOffset: lastOffset + 1n, codecs, batches };
}
