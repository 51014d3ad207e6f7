/** `kt lag --summary`: what of a group's partitions is in its row. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AgedReport, summaryBlock, summaryRows } from '../../../../src/commands/lag/summary.ts';

function reportOf(ages: boolean, lagSeconds: readonly (number | null)[]): AgedReport {
  const partitions = lagSeconds.map((age, partition) => ({
    topic: 'orders',
    partition,
    lag: 5n,
    ...(ages && { lagSeconds: age }),
  }));
  const group = { group: 'billing', state: 'Empty', type: 'classic', coordinator: 1, lag: 10n, partitions };
  return { groups: [group], positions: new Map(), problems: [], ages } as unknown as AgedReport;
}

const ageOf = (...ages: readonly (number | null)[]) => summaryRows(reportOf(true, ages))[0]!.highestLagSeconds;

test('with --seconds a group has the highest age of its partitions, unless one is unknown', () => {
  assert.equal(ageOf(3, 60.5, 0), 60.5);
  assert.equal(ageOf(3, null), null);
  assert.equal(ageOf(), null);
});

test('without it the row says nothing of ages', () => {
  const report = reportOf(false, [1]);
  assert.ok(!('highestLagSeconds' in summaryRows(report)[0]!));
  assert.ok(!summaryBlock(report).columns.some(({ header }) => /SECONDS/.test(header)));
});
