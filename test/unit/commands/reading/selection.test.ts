/** Which partitions of which topics are read, as command lines name them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FieldReading } from '../../../../src/commands/reading/field-reading.ts';
import { selectionRequest } from '../../../../src/commands/reading/selection.ts';
import { wantedPartitions } from '../../../../src/records/source/request.ts';

/** The partitions of a topic; none: all. */
async function asked(topics: readonly string[], partition: readonly number[] = [], topic = 'orders') {
  const nothing = { key: undefined, value: undefined, header: [], where: [], to: undefined, exit: true, maxRecords: undefined };
  const options = { ...nothing, partition, fromBeginning: false, from: undefined } as unknown as Parameters<
    typeof selectionRequest
  >[1];
  const request = await selectionRequest(topics, options, {} as FieldReading);
  return [request.topics.join(' '), wantedPartitions(request, topic).join(',')];
}

test('a topic that is named twice is read as far as any of them says', async () => {
  assert.deepEqual(await asked(['orders:0', 'orders:1']), ['orders', '0,1']);
  assert.deepEqual(await asked(['orders:0', 'orders:1', 'payments']), ['orders payments', '0,1']);
  assert.deepEqual(await asked(['orders', 'orders:1']), ['orders', '']);
  assert.deepEqual(await asked(['orders:1', 'orders']), ['orders', '']);
  assert.deepEqual(await asked(['orders:1', 'payments:2'], [], 'payments'), ['orders payments', '2']);
  assert.deepEqual(await asked(['orders', 'payments'], [3]), ['orders payments', '3']);
});
