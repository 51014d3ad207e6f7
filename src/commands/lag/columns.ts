/** The columns of lag's table: those every group has, and what was asked for beside them. */
import type { Column } from '../../cli/shape.ts';
import type { PartitionLag } from '../../core/lag/compute.ts';
import { alarms } from '../../core/lag/verdicts.ts';
import { type LagRow, lagColumns } from '../groups/lag-rows.ts';

const seconds: Column<LagRow> = { header: 'LAG-SECONDS', get: ({ lagSeconds }) => lagSeconds, unit: 'seconds' };
const verdict: Column<LagRow> = {
  header: 'VERDICT',
  get: (row) => row.verdict,
  tone: (row) => (row.verdict && alarms.has(row.verdict) ? 'bad' : row.verdict === 'catching up' ? 'warn' : 'good'),
};

export function columnsOf(partitions: readonly PartitionLag[]): readonly Column<LagRow>[] {
  if (partitions.length === 0) return [];
  const at = lagColumns.findIndex(({ header }) => header === 'LAG') + 1;
  return [
    ...lagColumns.slice(0, at),
    ...(partitions.some(({ lagSeconds }) => lagSeconds !== undefined) ? [seconds] : []),
    ...(partitions.some((row) => row.verdict !== undefined) ? [verdict] : []),
    ...lagColumns.slice(at),
  ];
}
