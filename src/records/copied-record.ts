/** Records that outlive the batch they came in: for orders other than a partition's own. */
import { copyBytes } from '../base/bytes/copy-bytes.ts';
import type { FetchedRecords, RecordView, TimestampType } from '../kafka/batch/record.ts';
import { walkHeaders } from '../kafka/batch/record-headers.ts';
import { type HeldBytes, largeCopy } from './held-bytes.ts';

/** Many records share a piece of memory: a buffer for each would cost more than the record. */
const pieceBytes = 64 << 10;

/** Copies records one after the other into pieces of memory, each of which is freed with its last record. */
export class RecordCopies {
  readonly #held: HeldBytes;
  #piece: Buffer = Buffer.alloc(0);
  #used = 0;

  /** @param held counts the copies, until they are dropped there */
  constructor(held: HeldBytes) {
    this.#held = held;
  }

  /** @throws KtError `refused` when that would be too much to hold */
  copy(record: RecordView): CopiedRecord {
    const { bytes, keyStart, keyEnd, valueStart, valueEnd, headersStart, headerCount } = record;
    // Key, value and headers lie in this order, so what is first there is where the copy begins.
    const from = keyStart >= 0 ? keyStart : valueStart >= 0 ? valueStart : headersStart;
    const end =
      headerCount > 0 ? walkHeaders(bytes, headersStart, bytes.length, headerCount) : Math.max(keyEnd, valueEnd, from);
    this.#held.add(end - from, record);
    if (end - from >= largeCopy) {
      const own = Buffer.allocUnsafeSlow(end - from);
      bytes.copy(own, 0, from, end);
      return new CopiedRecord(record, own, -from, end - from);
    }
    if (this.#piece.length - this.#used < end - from) {
      this.#piece = Buffer.allocUnsafeSlow(Math.max(pieceBytes, end - from));
      this.#used = 0;
    }
    const copied = new CopiedRecord(record, this.#piece, this.#used - from, end - from);
    this.#used = copyBytes(bytes, from, end, this.#piece, this.#used);
    return copied;
  }
}

export class CopiedRecord implements RecordView {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly timestampType: TimestampType;
  readonly bytes: Buffer;
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly valueStart: number;
  readonly valueEnd: number;
  readonly headerCount: number;
  readonly headersStart: number;
  /** Key, value and headers, in bytes. */
  readonly size: number;
  /** Only where a number is not exact. */
  readonly #exactOffset: bigint | undefined;
  readonly #exactTimestamp: bigint | undefined;

  /** @param moved how far positions in `bytes` are from those in the record's own bytes */
  constructor(record: RecordView, bytes: Buffer, moved: number, size: number) {
    const { keyStart, valueStart, offset, timestamp } = record;
    this.topic = record.topic;
    this.partition = record.partition;
    this.offset = offset;
    this.timestamp = timestamp;
    this.timestampType = record.timestampType;
    this.bytes = bytes;
    this.keyStart = keyStart < 0 ? -1 : keyStart + moved;
    this.keyEnd = keyStart < 0 ? -1 : record.keyEnd + moved;
    this.valueStart = valueStart < 0 ? -1 : valueStart + moved;
    this.valueEnd = valueStart < 0 ? -1 : record.valueEnd + moved;
    this.headerCount = record.headerCount;
    this.headersStart = record.headersStart + moved;
    this.size = size;
    this.#exactOffset = Number.isSafeInteger(offset) ? undefined : record.exactOffset();
    this.#exactTimestamp = Number.isSafeInteger(timestamp) ? undefined : record.exactTimestamp();
  }

  exactOffset(): bigint {
    return this.#exactOffset ?? BigInt(this.offset);
  }

  exactTimestamp(): bigint {
    return this.#exactTimestamp ?? BigInt(this.timestamp);
  }
}

/** Older first; at the same time in the order of partitions and offsets. */
export function byTime(a: RecordView, b: RecordView): number {
  if (a.timestamp !== b.timestamp) return a.timestamp - b.timestamp;
  // Nanoseconds are more than a number holds.
  if (!Number.isSafeInteger(a.timestamp)) {
    const [first, second] = [a.exactTimestamp(), b.exactTimestamp()];
    if (first !== second) return first < second ? -1 : 1;
  }
  if (a.topic !== b.topic) return a.topic < b.topic ? -1 : 1;
  return a.partition - b.partition || a.offset - b.offset;
}

/** Copied records, all of one topic. */
export interface CopiedRecords extends FetchedRecords {
  readonly records: readonly RecordView[];
}

/** Records in the order given, cut wherever the topic changes. */
export function byRunsOfTopic(records: readonly RecordView[]): readonly CopiedRecords[] {
  const runs: CopiedRecords[] = [];
  for (let start = 0; start < records.length; ) {
    const { topic } = records[start]!;
    let end = start + 1;
    while (end < records.length && records[end]!.topic === topic) end++;
    const run = records.slice(start, end);
    runs.push({
      topic,
      records: run,
      each(visit) {
        for (const record of run) if (visit(record) === false) return;
      },
    });
    start = end;
  }
  return runs;
}
