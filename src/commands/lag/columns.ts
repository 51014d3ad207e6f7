/** The columns of lag's table: those every group has, and what was asked for beside them. */
import type { Column } from '../../cli/shape.ts';
import { alarms } from '../../core/lag/verdicts.ts';
import { type LagRow, lagColumns } from '../groups/lag-rows.ts';

const seconds: Column<LagRow> = { header: 'LAG-SECONDS', get: ({ lagSeconds }) => lagSeconds, unit: 'seconds' };
const verdict: Column<LagRow> = {
  header: 'VERDICT',
  get: (row) => row.verdict,
  tone: (row) => (row.verdict && alarms.has(row.verdict) ? 'bad' : row.verdict === 'catching up' ? 'warn' : 'good'),
};

/** What was asked for beside the lag itself. */
export interface LagColumns {
  readonly ages: boolean;
  readonly verdicts: boolean;
}

export function columnsOf({ ages, verdicts }: LagColumns): readonly Column<LagRow>[] {
  const at = lagColumns.findIndex(({ header }) => header === 'LAG') + 1;
  return [...lagColumns.slice(0, at), ...(ages ? [seconds] : []), ...(verdicts ? [verdict] : []), ...lagColumns.slice(at)];
}
