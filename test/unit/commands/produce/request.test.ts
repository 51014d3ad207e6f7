/** What `kt produce`'s options ask for together: what contradicts itself is refused before anything is read. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProduceOptions } from '../../../../src/commands/produce/options.ts';
import { requestOf } from '../../../../src/commands/produce/request.ts';
import { compileTemplate } from '../../../../src/records/produce/template.ts';

const none = { message: [], header: [], tombstone: false, report: false, allowTopic: false, partitionFromInput: false };

function request(options: Partial<ProduceOptions>, notes: string[] = []) {
  return requestOf('orders', { ...none, ...options } as ProduceOptions, undefined, {}, (note) => notes.push(note));
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
