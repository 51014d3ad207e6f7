/** Checks on lag that decide an exit code: each failed one is an error that names its partitions. */
import { KtError } from '../errors.ts';
import { partitionName } from '../kafka/routing.ts';
import type { GroupLag, PartitionLag, Uncommitted } from './lag.ts';

export interface LagChecks {
  /** No partition may lag more than this many records. */
  readonly maxLag?: number | undefined;
  readonly uncommitted: Uncommitted;
  /** What was asked for: a group named here that has no partition at all has failed its check, which would else hold for want of anything. */
  readonly named: readonly string[];
}

/** More partitions than these are only counted in a message. */
const shownPartitions = 5;

/** @returns per group at most one error for each check that does not hold, or that cannot be judged */
export function failedChecks(groups: readonly GroupLag[], { maxLag, uncommitted, named }: LagChecks): readonly KtError[] {
  return groups.flatMap(({ group, partitions }) => {
    const failed: KtError[] = [];
    const check = (
      fails: (row: PartitionLag) => boolean,
      message: (names: string) => string,
      code: string,
      kind: 'check' | 'refused',
    ) => {
      const rows = partitions.filter(fails);
      if (rows.length > 0) failed.push(new KtError(kind, message(inWords(rows)), { code }));
    };
    if (maxLag !== undefined && partitions.length === 0 && named.includes(group)) failed.push(nothingToCheck(group));
    check(
      ({ lag }) => maxLag !== undefined && lag !== null && lag > maxLag,
      (names) => `group ${group} lags more than ${maxLag} (${names})`,
      'MAX_LAG_EXCEEDED',
      'check',
    );
    check(
      ({ status }) => uncommitted === 'fail' && status === 'uncommitted',
      (names) => `group ${group} never committed some partitions (${names})`,
      'UNCOMMITTED',
      'check',
    );
    check(
      ({ status }) => status === 'unavailable',
      (names) => `lag of group ${group} is not known (no offsets of ${names})`,
      'LEADER_NOT_AVAILABLE',
      'refused',
    );
    return failed;
  });
}

function nothingToCheck(group: string): KtError {
  return new KtError('check', `group ${group} has no lag to check (it has committed nothing and is assigned nothing)`, {
    code: 'NOTHING_COMMITTED',
    hint: `kt groups describe ${group} shows its members; does it commit?`,
  });
}

function inWords(rows: readonly PartitionLag[]): string {
  const shown = rows.slice(0, shownPartitions).map((row) => `${partitionName(row)}${row.lag === null ? '' : `: ${row.lag}`}`);
  const rest = rows.length - shown.length;
  return `${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
