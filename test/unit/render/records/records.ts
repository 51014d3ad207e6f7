/** Records made by hand for the tests of what they look like. */

import type { FetchedRecords, RecordView, TimestampType } from '../../../../src/kafka/batch/record.ts';
import { encodeHeaders } from '../../../../src/kafka/batch/record-headers.ts';
import { ended, readVarint } from '../../../../src/kafka/batch/varint.ts';
import type { RecordFormat, RecordStream } from '../../../../src/records/stream.ts';
import { renderRecords } from '../../../../src/render/records/index.ts';
import type { RecordOutput } from '../../../../src/render/records/output.ts';

export type Bytes = string | Uint8Array | null;

export interface HandMade {
  readonly key?: Bytes;
  readonly value?: Bytes;
  readonly headers?: readonly (readonly [key: string | Uint8Array, value: Bytes])[];
  readonly topic?: string;
  readonly partition?: number;
  readonly offset?: bigint;
  readonly timestamp?: bigint;
  readonly timestampType?: TimestampType;
}

function bytesOf(field: Bytes): Buffer | null {
  return field === null ? null : Buffer.from(field as Uint8Array);
}

/** A record as it lies in a batch: key, value and headers between other bytes that must not come out. */
export function view(record: HandMade): RecordView {
  const { key = null, value = null, headers = [], offset = 0n, timestamp = 1_700_000_000_000n } = record;
  const [keyBytes, valueBytes] = [bytesOf(key), bytesOf(value)];
  const encoded = encodeHeaders(headers.map(([name, content]) => ({ key: bytesOf(name)!, value: bytesOf(content) })));
  const around = Buffer.from([0xee]);
  const parts = [around, keyBytes ?? Buffer.alloc(0), around, valueBytes ?? Buffer.alloc(0), encoded, around];
  const keyStart = 1;
  const valueStart = keyStart + (keyBytes?.length ?? 0) + 1;
  readVarint(encoded, 0);
  return {
    topic: record.topic ?? 'orders',
    partition: record.partition ?? 0,
    offset: Number(offset),
    timestamp: Number(timestamp),
    timestampType: record.timestampType ?? 'CreateTime',
    bytes: Buffer.concat(parts),
    keyStart: keyBytes ? keyStart : -1,
    keyEnd: keyBytes ? keyStart + keyBytes.length : -1,
    valueStart: valueBytes ? valueStart : -1,
    valueEnd: valueBytes ? valueStart + valueBytes.length : -1,
    headerCount: headers.length,
    headersStart: valueStart + (valueBytes?.length ?? 0) + ended.at,
    exactOffset: () => offset,
    exactTimestamp: () => timestamp,
  };
}

export function batch(records: readonly HandMade[]): FetchedRecords {
  const { topic = 'orders' } = records[0] ?? {};
  return {
    topic,
    each(visit) {
      for (const record of records) if (visit(view(record)) === false) return;
    },
  };
}

export function format(changes: Partial<RecordFormat>): RecordFormat {
  return { style: 'value', keyFormat: 'string', valueFormat: 'string', ...changes };
}

async function* from(batches: readonly FetchedRecords[]): AsyncGenerator<FetchedRecords> {
  yield* batches;
}

export function stream(batches: readonly FetchedRecords[], changes: Partial<RecordFormat> = {}): RecordStream {
  return { batches: from(batches), format: format(changes) };
}

/** The bytes that are written for the records. */
export async function rendered(
  records: readonly HandMade[],
  changes: Partial<RecordFormat> = {},
  screen: Partial<RecordOutput> = {},
): Promise<Buffer> {
  const written: Buffer[] = [];
  const out: RecordOutput = {
    terminal: false,
    color: false,
    columns: 80,
    ...screen,
    async write(bytes) {
      written.push(Buffer.from(bytes));
    },
  };
  await renderRecords(stream([batch(records)], changes), out);
  return Buffer.concat(written);
}
