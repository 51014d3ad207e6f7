import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GroupPosition } from '../../../../src/core/groups/positions.ts';
import { failedChecks } from '../../../../src/core/lag/checks.ts';
import { type Logs, lagOf, type Uncommitted } from '../../../../src/core/lag/compute.ts';

const member = (assigned: readonly number[]) => ({
  memberId: 'm-1',
  groupInstanceId: null,
  clientId: 'billing-app',
  host: '10.0.0.1',
  assignment: assigned.map((partition) => ({ topic: 'orders', partition })),
});

function group(commits: Readonly<Record<number, bigint>>, assigned: readonly number[] = []): GroupPosition {
  return {
    group: { group: 'billing', state: 'Stable', type: 'classic', protocolType: 'consumer', coordinator: 1 },
    protocol: 'range',
    members: assigned.length > 0 ? [member(assigned)] : [],
    commits: Object.entries(commits).map(([partition, offset]) => ({ topic: 'orders', partition: Number(partition), offset })),
  };
}

/** The topic of peers.md: 12 + 6 + 12 records. */
const ends = [12n, 6n, 12n];
const logs = (starts: readonly (bigint | null)[] = [0n, 0n, 0n]): Logs => ({
  partitionsOf: (topic) => (topic === 'orders' ? starts.length : 0),
  startOf: ({ partition }) => starts[partition] ?? null,
  endOf: ({ partition }) => (starts[partition] === null ? null : ends[partition]!),
  highWatermarkOf: ({ partition }) => ends[partition]!,
});
const lag = (position: GroupPosition, uncommitted: Uncommitted = 'count', from = logs()) =>
  lagOf(position, from, uncommitted, () => true);
const shown = ({ partitions }: ReturnType<typeof lag>) => partitions.map((row) => [row.committedOffset, row.lag, row.status]);

test('a group that is caught up lags nothing', () => {
  const caughtUp = lag(group({ 0: 12n, 1: 6n, 2: 12n }, [0, 1, 2]));
  assert.equal(caughtUp.lag, 0n);
  assert.deepEqual(shown(caughtUp), [[12n, 0n, undefined], [6n, 0n, undefined], [12n, 0n, undefined]]); // biome-ignore format: rows
});

test('a live group that never committed shows all its partitions, counted from their start', () => {
  const live = lag(group({}, [0, 1, 2]));
  assert.equal(live.lag, 30n);
  assert.deepEqual(shown(live), [[null, 12n, 'uncommitted'], [null, 6n, 'uncommitted'], [null, 12n, 'uncommitted']]); // biome-ignore format: rows
  assert.deepEqual(
    [live.partitions[0]!.memberId, live.partitions[0]!.clientId, live.partitions[0]!.host],
    ['m-1', 'billing-app', '10.0.0.1'],
  );
});

test('an empty group that committed one of three partitions has three rows; --uncommitted ignore leaves two out of the lag', () => {
  const counted = lag(group({ 2: 10n }));
  assert.equal(counted.lag, 20n);
  assert.deepEqual(shown(counted), [[null, 12n, 'uncommitted'], [null, 6n, 'uncommitted'], [10n, 2n, undefined]]); // biome-ignore format: rows
  const ignored = lag(group({ 2: 10n }), 'ignore');
  assert.equal(ignored.lag, 2n);
  assert.deepEqual(shown(ignored)[0], [null, null, 'uncommitted']);
});

test('uncommitted partitions count from where the log begins now, not from zero', () => {
  assert.equal(lag(group({}, [0]), 'count', logs([10n, 6n, 12n])).lag, 2n);
});

test('a committed offset older than the log counts what can still be read', () => {
  const passed = lag(group({ 0: 3n }), 'ignore', logs([8n, 0n, 0n]));
  assert.deepEqual(shown(passed)[0], [3n, 4n, 'below-start']);
  assert.equal(passed.partitions[0]!.lost, 5n);
});

test('a group that reads uncommitted records may be past the last stable offset without being beyond the end', () => {
  const stable = { ...logs(), endOf: () => 5n };
  assert.deepEqual(shown(lag(group({ 0: 12n }), 'ignore', stable))[0], [12n, 0n, undefined]);
  assert.deepEqual(shown(lag(group({ 0: 13n }), 'ignore', stable))[0], [13n, 0n, 'beyond-end']);
});

test('a committed offset beyond the end does not make the lag negative', () => {
  assert.deepEqual(shown(lag(group({ 0: 50n }), 'ignore'))[0], [50n, 0n, 'beyond-end']);
});

test('partitions and topics that are gone are shown as deleted, and counted as nothing', () => {
  const gone = lagOf({ ...group({ 5: 7n }), commits: [{ topic: 'orders', partition: 5, offset: 7n }, { topic: 'old', partition: 0, offset: 1n }] }, logs(), 'ignore', () => true); // biome-ignore format: one group
  const deleted = gone.partitions
    .filter(({ status }) => status === 'deleted')
    .map(({ topic, partition, lag: none }) => [topic, partition, none]);
  assert.deepEqual(deleted, [['old', 0, null], ['orders', 5, null]]); // biome-ignore format: rows
  assert.equal(gone.lag, null, 'nothing is known of any, and nobody is told that it were 0');
  assert.deepEqual(failedChecks([gone], ['billing'], { maxTotalLag: 0, uncommitted: 'ignore' }), []);
});

test('partitions and topics that a share group has not begun to read are rows without a lag, and no failed check', () => {
  const begun = { ...group({ 0: 2n }), unread: ['orders', 'gone'] };
  const share = lag({ ...begun, group: { ...begun.group, type: 'share' } });
  assert.deepEqual([share.lag, shown(share)], [10n, [[2n, 10n, undefined], [null, null, 'uncommitted'], [null, null, 'uncommitted']]]); // biome-ignore format: rows
  assert.deepEqual(failedChecks([share], ['billing'], { maxLag: 10, uncommitted: 'count' }), []);
});

test('a share group lags what the broker counts, as records are acknowledged out of order', () => {
  const share = { ...group({}), commits: [{ topic: 'orders', partition: 0, offset: 2n, lag: 1n }] };
  assert.deepEqual(shown(lag(share, 'ignore'))[0], [2n, 1n, undefined]);
});

test('--topic looks at one topic only', () => {
  assert.deepEqual(lagOf(group({ 0: 1n }), logs(), 'count', (topic) => topic === 'other').partitions, []);
});

test('a check that does not hold names the partitions, the first five of them', () => {
  const [failed, ...others] = failedChecks([lag(group({ 2: 10n }))], [], { maxLag: 6, uncommitted: 'count' });
  assert.equal(others.length, 0);
  assert.equal(failed!.kind, 'check');
  assert.equal(failed!.message, 'group billing lags more than 6 (orders:0: 12)');
  assert.deepEqual(failedChecks([lag(group({ 2: 10n }))], [], { maxLag: 12, uncommitted: 'count' }), []);
});

test('a named group without anything to check does not pass; among all groups it is left alone', () => {
  const idle = { ...lag(group({})), partitions: [] };
  const [failed] = failedChecks([idle], ['billing'], { maxLag: 6, uncommitted: 'count' });
  assert.equal(failed!.kind, 'check');
  assert.match(failed!.message, /has no lag to check/);
  assert.deepEqual(failedChecks([idle], [], { maxLag: 6, uncommitted: 'count' }), []);
});

test('--uncommitted fail is a separate check', () => {
  const [failed] = failedChecks([lag(group({ 2: 12n }), 'fail')], [], { uncommitted: 'fail' });
  assert.equal(failed!.kind, 'check');
  assert.match(failed!.message, /never committed some partitions \(orders:0: 12, orders:1: 6\)/);
});

test('lag that is not known never passes for a check that holds', () => {
  const [failed] = failedChecks([lag(group({ 0: 12n, 1: 6n, 2: 12n }), 'count', logs([null, 0n, 0n]))], [], {
    maxLag: 5,
    uncommitted: 'count',
  });
  assert.equal(failed!.kind, 'refused');
  assert.match(failed!.message, /unknown \(no offsets of orders:0\)/);
});
