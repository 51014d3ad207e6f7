/** What `kt produce`'s options ask for together: what contradicts itself is refused before anything is read. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProduceOptions } from '../../../../src/commands/produce/options.ts';
import { requestOf } from '../../../../src/commands/produce/request.ts';
import { walkHeaders } from '../../../../src/kafka/batch/record-headers.ts';
import { emptyInputRecord } from '../../../../src/records/produce/record-input.ts';
import { compileTemplate } from '../../../../src/records/produce/template.ts';
import { loadWritable } from '../../../../src/records/schemas/load-schema.ts';
import { type SchemaWriters, schemaWriter } from '../../../../src/records/schemas/writer.ts';

const none = { message: [], header: [], tombstone: false, report: false, allowTopic: false, partitionFromInput: false };

function request(options: Partial<ProduceOptions>, schemas: SchemaWriters = {}) {
  return requestOf('orders', { ...none, ...options } as ProduceOptions, undefined, schemas, () => {});
}

const refused: readonly (readonly [options: Partial<ProduceOptions>, why: RegExp])[] = [
  [{ message: ['a'], file: 'b' }, /^-m and --file \(two inputs\)/],
  [{ tombstone: true, key: 'a', count: 5 }, /^--tombstone and --count \(two inputs\)/],
  [{ count: 5, input: 'json' }, /^--count with -i, -K or -Z/],
  [{ count: 5, nullMarker: 'NULL' }, /^--count with -i, -K or -Z/],
  [{ key: 'a', keyTemplate: compileTemplate('{{uuid}}') }, /^-k and --key-template \(two keys\)/],
  [{ tombstone: true }, /^--tombstone needs a key/],
  [{ key: 'a', keySeparator: Buffer.from(':') }, /^-k and -K \(two keys\)/],
  [{ input: 'json', keySeparator: Buffer.from(':') }, /^-i json with -K or -Z/],
  [{ input: 'raw', nullMarker: 'NULL' }, /^-i raw with -K or -Z/],
  [{ partitionFromInput: true }, /^--partition-from-input needs JSON input/],
  [{ allowTopic: true, input: 'lines' }, /^--allow-topic needs JSON input/],
  [{ transactionSize: 5 }, /^--transaction-size without a transaction/],
  [{ transactionalId: 'a', deadLetter: 'b' }, /^--dead-letter with --transactional-id/],
  [{ transactionalId: 'a', acks: '1' }, /^--acks 1 with --transactional-id/],
];

test('options that contradict each other are refused, each with its reason', async () => {
  for (const [options, why] of refused) await assert.rejects(request(options), { kind: 'usage', message: why });
});

test('what goes together is one request: how the input is cut, keyed and sent', async () => {
  const plain = await request({});
  assert.deepEqual(
    [plain.topic, plain.partitioner, plain.delivery.retries, plain.partition],
    ['orders', 'java', Number.POSITIVE_INFINITY, undefined],
  );
  const transaction = await request({ transactionalId: 'a', acks: 'all', transactionSize: 5, retries: 2, partition: 1 });
  assert.deepEqual(
    [transaction.delivery.transactionalId, transaction.transactionSize, transaction.delivery.retries, transaction.partition],
    ['a', 5, 2, 1],
  );
  assert.ok((await request({ tombstone: true, key: 'order-1' })).split);
  assert.equal((await request({ input: 'json', allowTopic: true })).severalTopics, true);
});

test('headers of a JSON line name the schema that its bytes have, and no other', async () => {
  const guid = '00112233-4455-6677-8899-aabbccddeeff';
  const writable = await loadWritable({ type: 'AVRO', text: '"string"', references: [] }, undefined);
  const schemas = {
    key: schemaWriter('key', writable, { id: 7, guid }, 'header'),
    value: schemaWriter('value', writable, { id: 7, guid }, 'header'),
  };
  const { read, headers } = await request({ input: 'json', header: [['of', 'all']], key: 'k' }, schemas);
  const written = (line: object): [header: string, value: string][] => {
    const record = { ...emptyInputRecord(), headers };
    const bytes = Buffer.from(JSON.stringify(line));
    read(record, bytes, 0, bytes.length);
    const found: [string, string][] = [];
    // Their count takes one byte.
    if (record.headers)
      walkHeaders(record.headers, 1, record.headers.length + 1, record.headers[0]! >> 1, (all, ...[from, to, start, end]) => {
        found.push([all.toString('latin1', from, to), all.toString('latin1', start, end)]);
      });
    return found;
  };
  const id = Buffer.concat([Buffer.of(1), Buffer.from(guid.replaceAll('-', ''), 'hex')]).toString('latin1');
  const [ofKey, ofValue] = [`__key_schema_id`, `__value_schema_id`].map((name): [string, string] => [name, id]);
  const old = [
    { key: 'content-type', value: 'avro/binary+0123456789abcdef0123456789abcdef' },
    { key: 'apicurio.value.artifactId', value: 'x' },
    { key: '__value_schema_id', value: 'old' },
  ];
  const own = { key: 'own', value: '1' };
  assert.deepEqual(written({ value: 'x' }), [['of', 'all'], ofKey, ofValue]);
  assert.deepEqual(written({ value: 'x', headers: [...old, own] }), [['own', '1'], ofKey, ofValue]);
  assert.deepEqual(written({ value: null }), [['of', 'all'], ofKey], 'a tombstone has no schema');
  for (const valueEncoding of ['json', 'protobuf'])
    assert.deepEqual(
      written({ value: 'x', valueEncoding }),
      [['of', 'all'], ofKey, ofValue],
      'JSON is written with the schema',
    );
  // Bytes as they are keep what is said of them.
  const raw = { value: 'AAAAAAEC', valueEncoding: 'base64' };
  assert.deepEqual(written(raw), [['of', 'all'], ofKey]);
  assert.deepEqual(written({ ...raw, headers: [...old, own] }), [
    ...[...old, own].map(({ key, value }): [string, string] => [key, value]),
    ofKey,
  ]);
  assert.deepEqual(written({ ...raw, key: 'AA==', keyEncoding: 'base64' }), [['of', 'all']]);
});
