/** Records as they come from a broker, made up. */
import type { FetchedRecords, RecordView } from '../../src/kafka/batch/record.ts';
import { encodeHeaders } from '../../src/kafka/batch/record-headers.ts';

interface Given {
  readonly partition?: number;
  readonly offset: number;
  readonly key?: string | null;
  readonly value: string | null;
  readonly timestamp?: number;
}

export function recordOf({
  partition = 0,
  offset,
  key = null,
  value,
  timestamp = Date.UTC(2026, 10, 27, 12, 4, 31),
}: Given): RecordView {
  const [keyBytes, valueBytes] = [key, value].map((text) => (text === null ? undefined : Buffer.from(text)));
  // The count in front is one byte.
  const headers = encodeHeaders([{ key: Buffer.from('type'), value: Buffer.from('order.created') }]).subarray(1);
  const keyEnd = keyBytes?.length ?? 0;
  const valueEnd = keyEnd + (valueBytes?.length ?? 0);
  return {
    topic: 'orders',
    partition,
    offset,
    timestamp,
    timestampType: 'CreateTime',
    bytes: Buffer.concat([keyBytes ?? Buffer.alloc(0), valueBytes ?? Buffer.alloc(0), headers]),
    keyStart: keyBytes ? 0 : -1,
    keyEnd: keyBytes ? keyEnd : -1,
    valueStart: valueBytes ? keyEnd : -1,
    valueEnd: valueBytes ? valueEnd : -1,
    headerCount: 1,
    headersStart: valueEnd,
    exactOffset: () => BigInt(offset),
    exactTimestamp: () => BigInt(timestamp),
  };
}

/** A batch of them. */
export function batchWith(records: readonly Given[]): FetchedRecords {
  return {
    topic: 'orders',
    each(visit) {
      for (const record of records) if (visit(recordOf(record)) === false) return;
    },
  };
}

/** A batch of them, from an offset on. */
export function batchOf(from: number, values: readonly (string | null)[]): FetchedRecords {
  return batchWith(values.map((value, index) => ({ offset: from + index, value })));
}
