/** A dry run of a pipe shows records as they are, also those that would fail. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileExpression } from '../../../../src/records/expression/compile.ts';
import { type PreviewRecord, previewed } from '../../../../src/records/pipe/preview.ts';
import { fakeCluster, offsetsAnswer } from '../../../support/fake-cluster.ts';
import { noEvents, readRequest } from '../../../support/reading.ts';
import { batchOf } from '../../kafka/batch/fixtures.ts';
import { fakeLog, fetchAnswer } from '../../kafka/fetch/fake-logs.ts';

/** Nanoseconds, which a number does not hold. */
const timestamp = 1_700_000_000_000_000_001n;

test('the timestamp of a record is exact, whether the record would be written or fail', async () => {
  const log = fakeLog([batchOf(0n, ['{"a":{"b":"x"}}', '{}'], { timestamp })]);
  const cluster = fakeCluster({
    topics: () => ({ orders: [1], copies: [1] }),
    answers: { Fetch: fetchAnswer({ 'orders-0': log }), ListOffsets: offsetsAnswer({ 'orders-0': [0n, log.end] }) },
  });
  const map = await compileExpression('--map', 'value.a');
  const request = {
    read: readRequest(['orders']),
    group: undefined,
    exactlyOnce: false,
    change: {
      map,
      mapsRecord: false,
      rekey: undefined,
      setHeaders: [],
      dropHeaders: [],
      formats: { keyFormat: undefined, valueFormat: undefined },
      schemas: {},
    },
    destination: { to: { topic: 'copies' }, partitions: undefined, rekeys: false, isRead: () => false },
    deadLetter: undefined,
    recordsPerSecond: undefined,
    delivery: { acks: -1, idempotent: true, compression: 'none', deliveryTimeoutMs: 1_000 },
  } as const;
  const shown: PreviewRecord[] = [];
  for await (const records of previewed(cluster, cluster, request, noEvents)) shown.push(...records);
  assert.deepEqual(
    shown.map((record) => [record.topic, record.value, record.timestamp, record.error !== undefined]),
    [
      ['copies', '{"b":"x"}', timestamp, false],
      [null, '{}', timestamp, true],
    ],
  );
});
