/** Record batches for tests: made by Java's clients, or by the writer with what only a broker sets. */
import assert from 'node:assert/strict';
import { crc32c } from '../../../../src/kafka/batch/crc32c.ts';
import { attribute, field } from '../../../../src/kafka/batch/header.ts';
import { RecordBatches, type RecordBatchesOptions } from '../../../../src/kafka/batch/reader.ts';
import { visitHeaders } from '../../../../src/kafka/batch/record-headers.ts';
import { BatchWriter } from '../../../../src/kafka/batch/writer.ts';
import { fieldsOf } from '../../../support/record-fields.ts';

/** A record as plain values, which tests compare. */
export interface PlainRecord {
  readonly offset: bigint;
  readonly timestamp: bigint;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: readonly (readonly [string, string | null])[];
}

export function hexOf(bytes: Uint8Array, start: number, end: number): string | null {
  return start < 0 ? null : Buffer.from(bytes.subarray(start, end)).toString('hex');
}

/** Bytes as hex, so that nothing is lost. */
export function readAll(records: Buffer, options: Partial<RecordBatchesOptions> = {}): PlainRecord[] {
  const read: PlainRecord[] = [];
  new RecordBatches({ topic: 'orders', partition: 3, records, startOffset: 0n, ...options }).each((record) => {
    const headers: [string, string | null][] = [];
    visitHeaders(record, (bytes, keyStart, keyEnd, valueStart, valueEnd) => {
      headers.push([hexOf(bytes, keyStart, keyEnd)!, hexOf(bytes, valueStart, valueEnd)]);
    });
    const offset = record.exactOffset();
    const timestamp = record.exactTimestamp();
    assert.equal(record.offset, Number(offset));
    assert.equal(record.timestamp, Number(timestamp));
    read.push({
      offset,
      timestamp,
      key: hexOf(record.bytes, record.keyStart, record.keyEnd),
      value: hexOf(record.bytes, record.valueStart, record.valueEnd),
      headers,
    });
  });
  return read;
}

/** The values as text: enough where only the choice of records matters. */
export function valuesOf(records: Buffer, options: Partial<RecordBatchesOptions> = {}): (string | null)[] {
  return readAll(records, options).map(({ value }) => (value === null ? null : Buffer.from(value, 'hex').toString()));
}

export interface BatchOptions {
  readonly producerId?: bigint;
  readonly transactional?: boolean;
  readonly key?: Buffer;
  readonly timestamp?: number | bigint;
}

/** One batch at `baseOffset` with a record per value. */
export function batchOf(baseOffset: bigint, values: readonly string[], options: BatchOptions = {}): Buffer {
  const { producerId = -1n, transactional = false, key, timestamp = 1_700_000_000_000 } = options;
  const writer = new BatchWriter();
  for (const text of values) {
    writer.append({
      ...fieldsOf(key, Buffer.from(text)),
      headers: undefined,
      timestamp,
    });
  }
  const batch = writer.finish('none');
  BatchWriter.setProducer(batch, producerId, 0, 0, transactional);
  batch.writeBigInt64BE(baseOffset, field.baseOffset);
  return batch;
}

/** Gives a batch that was changed by hand the CRC it needs. */
export function reseal(batch: Buffer): Buffer {
  batch.writeUInt32BE(crc32c(batch, field.attributes, batch.length), field.crc);
  return batch;
}

/** The control batch that ends a transaction. */
export function markerOf(offset: bigint, producerId: bigint, type: 'abort' | 'commit'): Buffer {
  const batch = batchOf(offset, ['\0\0\0\0\0\0'], { key: Buffer.from(type === 'abort' ? '00000000' : '00000001', 'hex') });
  batch[field.attributes + 1]! |= attribute.control;
  reseal(batch);
  BatchWriter.setProducer(batch, producerId, 0, -1, true);
  return batch;
}

/** The same four records in every codec, made by kafka-clients 4.1.1 (`MemoryRecordsBuilder`): base offset 4200, producer 77, epoch 3, transactional. */
export const javaBatches = {
  none: [
    '0000000000001068000000f10000000102e5f8f5100010000000030000018bcfe5687b0000018bcfe58f0f000000000000004d00030000',
    '000c00000004a0010000000c757365722d3186017b226576656e74223a22757365722e7369676e7570222c226576656e74223a22757365',
    '722e7369676e7570222c226576656e74223a22757365722e7369676e7570227d000c002d020101002a00d80d040006ff00fe0602610231',
    '026201026102329e0100a89a01068c016b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b',
    '6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b0000',
  ].join(''),
  gzip: [
    '00000000000010680000009600000001029e8747d90011000000030000018bcfe5687b0000018bcfe58f0f000000000000004d00030000',
    '000c000000041f8b08000000000000ff5bc0c8c0c0c0535a9c5aa46bd8c658ad945a969a57a264a50412d12bce4ccf2b2d50d22141b496',
    '81874197899191418be1062f0b03db7f867f6c4c894c864c498c40ca681e23c38a598c6c3d8cd954010c0c00e093d2cbc0000000',
  ].join(''),
  snappy: [
    '0000000000001068000000a400000001020c2cb6640012000000030000018bcfe5687b0000018bcfe58f0f000000000000004d00030000',
    '000c0000000482534e415050590000000001000000010000005fc00190a0010000000c757365722d3186017b226576656e74223a227573',
    '65722e7369676e7570222caa1600a87d000c002d020101002a00d80d040006ff00fe0602610231026201026102329e0100a89a01068c01',
    '6b6b6bee02000d02040000',
  ].join(''),
  lz4: [
    '00000000000010680000009d000000010214fc40170013000000030000018bcfe5687b0000018bcfe58f0f000000000000004d00030000',
    '000c0000000404224d186040825d000000f009a0010000000c757365722d3186017b226576656e74223a2212009f2e7369676e7570222c',
    '160018ff1a7d000c002d020101002a00d80d040006ff00fe0602610231026201026102329e0100a89a01068c016b01002f506b6b6b0000',
    '00000000',
  ].join(''),
  zstd: [
    '0000000000001068000000980000000102c9a5da0c0014000000030000018bcfe5687b0000018bcfe58f0f000000000000004d00030000',
    '000c0000000428b52ffd0058dc02000405a0010000000c757365722d3186017b226576656e74223a22757365722e7369676e7570222c7d',
    '000c002d020101002a00d80d040006ff00fe0602610231026201026102329e0100a89a01068c016b00000200111c5a4a9a930c010000',
  ].join(''),
} as const;

export const javaRecords: readonly PlainRecord[] = [
  {
    offset: 4200n,
    timestamp: 1_700_000_000_123n,
    key: Buffer.from('user-1').toString('hex'),
    value: Buffer.from('{"event":"user.signup","event":"user.signup","event":"user.signup"}').toString('hex'),
    headers: [],
  },
  { offset: 4201n, timestamp: 1_700_000_000_100n, key: null, value: null, headers: [] },
  {
    offset: 4202n,
    timestamp: 1_700_000_000_999n,
    key: '',
    value: 'ff00fe',
    headers: [
      ['61', '31'],
      ['62', null],
      ['61', '32'],
    ],
  },
  { offset: 4203n, timestamp: 1_700_000_009_999n, key: Buffer.from('k'.repeat(70)).toString('hex'), value: '', headers: [] },
];
