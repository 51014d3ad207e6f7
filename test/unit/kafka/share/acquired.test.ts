/** Records that a share group handed out: only they are visited, and each offset is told of once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RecordBatches } from '../../../../src/kafka/batch/reader.ts';
import { AcquiredRecords } from '../../../../src/kafka/share/acquired.ts';
import { batchOf } from '../batch/fixtures.ts';

/** Offsets 10 to 12 and 15 to 17: between them a hole. */
function acquired(ranges: readonly (readonly [first: number, last: number, count: number])[], partBytes?: number) {
  const records = Buffer.concat([batchOf(10n, ['a', 'b', 'c']), batchOf(15n, ['d', 'e', 'f'])]);
  const batches = new RecordBatches({ topic: 'orders', partition: 0, records, startOffset: 10n, partBytes });
  return new AcquiredRecords(
    batches.parts(),
    ranges.map(([first, last, deliveryCount]) => ({ firstOffset: BigInt(first), lastOffset: BigInt(last), deliveryCount })),
  );
}

function visited(records: AcquiredRecords, most = Infinity): (readonly [offset: number, deliveryCount: number])[] {
  const seen: (readonly [number, number])[] = [];
  records.each(({ offset }) => {
    seen.push([offset, records.deliveryCount]);
    return seen.length < most;
  });
  return seen;
}

function told(records: AcquiredRecords, before: number, type: 'accept' | 'release' | 'reject' = 'accept') {
  return records
    .acknowledgements(type, BigInt(before))
    .batches.map(({ firstOffset, lastOffset, acknowledgeTypes }) => [
      Number(firstOffset),
      Number(lastOffset),
      ...acknowledgeTypes,
    ]);
}

test('records of a batch that others have are not shown', () => {
  const records = acquired([
    [11, 11, 3],
    [16, 17, 1],
  ]);
  const all = [
    [11, 3],
    [16, 1],
    [17, 1],
  ];
  assert.deepEqual(visited(records), all);
  records.looked();
  assert.deepEqual(visited(records), all);
  assert.equal(records.nextOffset, 18n);
  assert.deepEqual(told(records, 18, 'release'), [
    [11, 11, 2],
    [16, 17, 2],
  ]);
});

test('an offset without a record is a gap, so that it never comes again', () => {
  const records = acquired([[10, 18, 1]]);
  visited(records);
  // 18 lies behind the bytes that came: nothing is known of it.
  assert.deepEqual(told(records, Number(records.nextOffset), 'reject'), [
    [10, 12, 3],
    [13, 14, 0],
    [15, 17, 3],
  ]);
});

test('only what was handled is told of, and nothing twice', () => {
  const records = acquired([[10, 17, 1]]);
  assert.equal(visited(records, 2).length, 2);
  assert.deepEqual(told(records, 12), [[10, 11, 1]]);
  assert.deepEqual(told(records, 12), []);
  const parts = acquired([[10, 17, 2]], 1);
  const seen: unknown[] = [];
  do {
    assert.equal(visited(parts).length, 1);
    seen.push(...told(parts, Number(parts.nextOffset)));
  } while (parts.advance());
  assert.deepEqual(seen, [
    [10, 10, 1],
    [11, 11, 1],
    [12, 12, 1],
    [13, 14, 0],
    [15, 15, 1],
    [16, 16, 1],
    [17, 17, 1],
  ]);
});
