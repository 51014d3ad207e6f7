/** When a lag is gone: of one partition, and of several together. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catchUp } from '../../../../src/commands/top/numbers.ts';
import { catchUpSeconds, keepsUp, someStandStill } from '../../../../src/core/lag/catch-up.ts';
import { totalsOf } from '../../../../src/core/top/group-watch.ts';
import type { GroupPartitionState } from '../../../../src/core/top/snapshot.ts';

const flow = (lag: bigint | null, inPerSecond: number | null, outPerSecond: number | null) => ({
  lag,
  inPerSecond,
  outPerSecond,
});
/** As a screen shows it. */
const shown = (of: ReturnType<typeof flow>, parts: readonly ReturnType<typeof flow>[] = []) =>
  catchUp({ ...of, catchUpSeconds: catchUpSeconds(of) }, someStandStill(parts));

test('a lag is gone when what is read beyond what is written has made it up', () => {
  assert.equal(catchUpSeconds(flow(7_823n, 102.7, 312.9)), 37);
  assert.equal(catchUpSeconds(flow(0n, 5, 0)), 0);
  assert.equal(shown(flow(7_823n, 102.7, 312.9)), '37s');
  assert.equal(shown(flow(1n, 0, 10)), '1s', 'not 0ms');
});

test('it never is where no more is read than is written', () => {
  assert.equal(shown(flow(4_235n, 36.9, 23.9)), 'never');
  assert.equal(shown(flow(16_325n, 54.9, null)), 'never', 'nothing was ever committed');
  assert.equal(shown(flow(500n, 0, 0)), 'never', 'nobody reads');
  assert.equal(shown(flow(1_000_000n, 50, 50)), 'never', 'as far behind as it was');
});

test('a group that has only the newest records before it keeps up', () => {
  assert.equal(shown(flow(2n, 54.9, 54.9)), 'keeps up');
  assert.equal(shown(flow(1n, 18.2, 18.2)), 'keeps up');
  assert.ok(keepsUp(flow(200n, 54.9, 53.8)), 'commits come in steps');
  assert.equal(shown(flow(200n, 54.9, 40)), 'never', 'it falls behind');
  assert.equal(shown(flow(0n, 54.9, 54.9)), null);
});

test('what is not known is not called never', () => {
  assert.equal(shown(flow(16_325n, null, null)), null, 'the first sample');
  assert.equal(shown(flow(null, 5, 1)), null);
});

test('a partition that waits for its turn makes it longer, not never', () => {
  const reads = Array.from({ length: 4 }, () => flow(1_700n, 17.1, 78.2));
  const waits = flow(1_023n, 34.3, 0);
  assert.equal(shown(flow(7_823n, 102.7, 312.8), reads), '37s');
  assert.equal(shown(flow(7_823n, 102.7, 312.8), [...reads, waits]), '>37s');
  assert.equal(someStandStill([flow(2n, 54.9, 54.9), flow(0n, 0, 0), flow(null, null, null)]), false);
  const states = [...reads, waits].map((each) => ({ ...each, verdict: 'ok' })) as unknown as GroupPartitionState[];
  assert.equal(totalsOf(states).catchUpSeconds, 37, 'kt top says the same');
});
