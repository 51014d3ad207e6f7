/** Which records carry a schema. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RecordView } from '../../../src/kafka/batch/record.ts';
import { encodeHeaders } from '../../../src/kafka/batch/record-headers.ts';
import { SchemaTally } from '../../../src/records/schema-tally.ts';

const guid = '89791762-2336-4186-9674-299b90a802e2';
const guidBytes = Buffer.from(`01${guid.replaceAll('-', '')}`, 'hex');
const idBytes = (id: number, more = '') =>
  Buffer.concat([Buffer.from([0]), Buffer.from(id.toString(16).padStart(8, '0'), 'hex'), Buffer.from(more)]);

interface Given {
  readonly topic?: string;
  readonly key?: Buffer;
  readonly value?: Buffer;
  readonly headers?: readonly (readonly [name: string, value: Buffer | null])[];
  readonly offset?: number;
  readonly timestamp?: number | bigint;
}

function record({ topic = 'orders', key, value, headers = [], offset = 0, timestamp = 0 }: Given): RecordView {
  const encoded = encodeHeaders(headers.map(([name, text]) => ({ key: Buffer.from(name), value: text })));
  const bytes = Buffer.concat([key ?? Buffer.alloc(0), value ?? Buffer.alloc(0), encoded]);
  const keyEnd = key?.length ?? 0;
  const valueEnd = keyEnd + (value?.length ?? 0);
  return {
    topic,
    partition: 1,
    offset,
    timestamp: Number(timestamp),
    timestampType: 'CreateTime',
    bytes,
    keyStart: key ? 0 : -1,
    keyEnd: key ? keyEnd : -1,
    valueStart: value ? keyEnd : -1,
    valueEnd: value ? valueEnd : -1,
    headerCount: headers.length,
    // Their count, in one byte, stands before them.
    headersStart: valueEnd + 1,
    exactOffset: () => BigInt(offset),
    exactTimestamp: () => BigInt(timestamp),
  };
}

function usesOf(...records: readonly Given[]) {
  const tally = new SchemaTally([
    { id: 7, guid },
    { id: 8, guid: undefined },
  ]);
  for (const each of records) tally.add(record(each));
  return tally.uses().map(({ topic, field, id, records: count, of, lastOffset }) => [topic, field, id, count, of, lastOffset]);
}

test('an id or a GUID before the data counts, in keys and values, and the newest record by time is the last', () => {
  assert.deepEqual(
    usesOf(
      { value: idBytes(7, 'x'), offset: 1, timestamp: 20 },
      { value: guidBytes, offset: 2, timestamp: 10 },
      { key: idBytes(8), value: idBytes(7), offset: 3, timestamp: 5 },
      { topic: 'audit', value: idBytes(8), offset: 9 },
    ),
    [
      ['audit', 'value', 8, 1, 1, 9],
      ['orders', 'value', 7, 3, 3, 1],
      ['orders', 'key', 8, 1, 3, 3],
    ],
  );
});

test('headers name a schema as well, the last of a name counting', () => {
  const name = '__value_schema_id';
  assert.deepEqual(
    usesOf({
      value: Buffer.from('data'),
      headers: [
        ['a', null],
        [name, idBytes(8)],
        [name, guidBytes],
      ],
    }),
    [['orders', 'value', 7, 1, 1, 0]],
  );
  assert.deepEqual(usesOf({ headers: [['__key_schema_id', idBytes(8)]] }), [['orders', 'key', 8, 1, 1, 0]]);
});

test('other ids, short data, text and tombstones carry none', () => {
  const others = [idBytes(9), Buffer.from([0, 0, 0, 0]), Buffer.from('text'), guidBytes.subarray(0, 16), Buffer.alloc(0)];
  assert.deepEqual(usesOf(...others.map((value) => ({ value })), {}, { key: idBytes(7).subarray(1) }), []);
});

test('a time in nanoseconds is told to its last digit, and is later than one in milliseconds', () => {
  const tally = new SchemaTally([{ id: 7, guid: undefined }]);
  for (const timestamp of [1_795_766_984_000_000_122n, 1_795_766_984_000_000_123n, 1_795_766_984_000])
    tally.add(record({ value: idBytes(7), timestamp }));
  assert.deepEqual(
    tally.uses().map(({ lastTimestamp }) => lastTimestamp),
    [1_795_766_984_000_000_123n],
  );
});
