/** Checks on lag that decide the exit code: each failed check is an error that names its partitions. */

import { KtError } from '../../base/errors.ts';
import { shellWord } from '../../base/shell-word.ts';
import { formatDuration } from '../../base/units.ts';
import { partitionName } from '../../kafka/routing.ts';
import type { GroupLag, PartitionLag } from './compute.ts';
import { transactionInWords } from './open-transaction.ts';
import type { LagOptions } from './options.ts';
import { alarms } from './verdicts.ts';

/** A message names this many partitions and counts the others. */
const shownPartitions = 5;

/**
 * @param named what was asked for: a group that is named and has no partition at all fails, as there is nothing that could be checked
 * @returns per group at most one error for each check that failed or could not be made
 */
export function failedChecks(
  groups: readonly GroupLag[],
  named: readonly string[],
  { maxLag, maxTotalLag, maxAgeMs, uncommitted }: Pick<LagOptions, 'maxLag' | 'maxTotalLag' | 'maxAgeMs' | 'uncommitted'>,
): readonly KtError[] {
  return groups.flatMap(({ group, lag: total, partitions }) => {
    const failed: KtError[] = [];
    const check = (
      fails: (row: PartitionLag) => boolean,
      message: (names: string) => string,
      code: string,
      kind: 'check' | 'refused',
      tell: (row: PartitionLag) => string | undefined = lagInWords,
    ) => {
      const rows = partitions.filter(fails);
      if (rows.length > 0) failed.push(new KtError(kind, message(inWords(rows, tell)), { code }));
    };
    const age = ({ lagSeconds }: PartitionLag) => lagSeconds ?? 0;
    if ((maxLag ?? maxTotalLag ?? maxAgeMs) !== undefined && partitions.length === 0 && named.includes(group))
      failed.push(nothingToCheck(group));
    check(
      ({ lag }) => maxLag !== undefined && lag !== null && lag > maxLag,
      (names) => `group ${group} lags more than ${maxLag} (${names})`,
      'MAX_LAG_EXCEEDED',
      'check',
    );
    if (maxTotalLag !== undefined && total !== null && total > maxTotalLag)
      failed.push(tooMuchInTotal(group, total, maxTotalLag));
    check(
      (row) => maxAgeMs !== undefined && age(row) * 1000 > maxAgeMs,
      (names) => `group ${group} is more than ${formatDuration(maxAgeMs!)} behind (${names})`,
      'MAX_SECONDS_EXCEEDED',
      'check',
      (row) => formatDuration(age(row) * 1000),
    );
    check(
      ({ verdict }) => verdict !== undefined && verdict !== null && alarms.has(verdict),
      (names) => `group ${group} falls behind (${names})`,
      'LAG_GROWING',
      'check',
      (row) => `${row.verdict}, lag ${lagInWords(row)}`,
    );
    check(
      ({ status }) => uncommitted === 'fail' && status === 'uncommitted',
      (names) => `group ${group} never committed some partitions (${names})`,
      'UNCOMMITTED',
      'check',
    );
    check(
      ({ status }) => status === 'unavailable',
      (names) => `lag of group ${group} is unknown (no offsets of ${names})`,
      'LEADER_NOT_AVAILABLE',
      'refused',
    );
    check(
      ({ lag, lagSeconds }) => maxAgeMs !== undefined && lag !== null && lagSeconds === null,
      (names) => `age of the first unread records of group ${group} is unknown (${names})`,
      'UNKNOWN_AGE',
      'refused',
      ({ lagSecondsProblem }) => lagSecondsProblem,
    );
    check(
      ({ verdict, lag }) => verdict === null && lag !== null,
      (names) => `lag of group ${group} cannot be judged (too few samples of ${names})`,
      'NOT_ENOUGH_SAMPLES',
      'refused',
    );
    return failed;
  });
}

/** The lag, and what holds it back. */
function lagInWords({ lag, status, transaction }: PartitionLag): string | undefined {
  if (status !== 'open-transaction') return lag?.toString();
  return `${lag} behind an open transaction${transaction ? ` of ${transactionInWords(transaction)}` : ''}`;
}

function tooMuchInTotal(group: string, total: bigint, most: number): KtError {
  return new KtError('check', `group ${group} lags ${total} in total, more than ${most}`, { code: 'MAX_TOTAL_LAG_EXCEEDED' });
}

/** Which first unread records have no age to show, and why; undefined where all that are looked at have one. */
export function unknownAges(groups: readonly GroupLag[]): string | undefined {
  const rows = groups.flatMap(({ partitions }) => partitions.filter((row) => row.lagSecondsProblem !== undefined));
  if (rows.length === 0) return undefined;
  return `the age of first unread records is unknown (${inWords(rows, (row) => row.lagSecondsProblem)})`;
}

function nothingToCheck(group: string): KtError {
  return new KtError('check', `group ${group} has no lag to check (it has committed nothing and is assigned nothing)`, {
    code: 'NOTHING_COMMITTED',
    hint: `kt groups describe ${shellWord(group)} shows its members; does it commit?`,
  });
}

function inWords(rows: readonly PartitionLag[], tell: (row: PartitionLag) => string | undefined): string {
  const shown = rows.slice(0, shownPartitions).map((row) => {
    const told = tell(row);
    return told === undefined ? partitionName(row) : `${partitionName(row)}: ${told}`;
  });
  const rest = rows.length - shown.length;
  return `${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
