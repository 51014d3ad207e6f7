/** Options of `kt tail` that contradict each other. */
import { usageError } from '../../base/errors.ts';
import { shellWord } from '../../base/shell-word.ts';
import type { TailOptions } from './options.ts';

/** @throws KtError `usage` for options that contradict each other */
export function refuseContradictions({
  fromBeginning,
  from,
  last,
  merge,
  maxRecords,
  partition,
  group,
  commit,
  fromFile,
  keyIs,
  allPartitions,
}: TailOptions): void {
  if (last !== undefined && (fromBeginning || from)) {
    throw usageError(
      '--last and a start (--last finds its own)',
      '--last 10 alone, or --from -10 for the last 10 of each partition',
    );
  }
  if (last !== undefined && maxRecords !== undefined) {
    throw usageError('--last and -n (two counts)', '--last is how many are printed: leave -n out');
  }
  if (fromFile !== undefined && last !== undefined) {
    throw usageError('--from-file and --last (--last finds its own start)', 'leave one of them out');
  }
  if (fromFile !== undefined && group !== undefined) {
    throw usageError(
      '--from-file and --group (a group reads from its committed offsets)',
      `kt groups reset-offsets ${shellWord(group)} --from-file ${shellWord(fromFile)} sets them`,
    );
  }
  if (allPartitions && keyIs === undefined)
    throw usageError('--all-partitions without --key-is (all are read)', 'leave it out');
  if (commit && group === undefined) throw usageError('--commit needs a group', 'name it: --group billing --commit');
  if (group === undefined) return;
  if (partition.length > 0) {
    throw usageError('--group and --partition (a group divides the partitions itself)', 'leave one of them out');
  }
  if (last !== undefined || merge) {
    const which = merge ? '--merge' : '--last';
    throw usageError(
      `--group and ${which} (a group reads each partition from its committed offset, in order)`,
      `leave one of them out`,
    );
  }
}
