/** Options of `kt tail` that contradict each other. */
import { usageError } from '../../base/errors.ts';
import { shellWord } from '../../base/shell-word.ts';
import type { TailOptions } from './options.ts';

/** @throws KtError `usage` for options that contradict each other */
export function refuseContradictions(options: TailOptions): void {
  refuseBesideShareGroup(options);
  refuseOthers(options);
}

/** A share group hands records out itself. */
function refuseBesideShareGroup(options: TailOptions): void {
  const { shareGroup, ack, isolation, partition, group, commit, last, merge } = options;
  if (shareGroup === undefined) {
    if (ack !== undefined) throw usageError('--ack needs a share group', 'name it: --share-group billing --ack release');
    return;
  }
  const name = shellWord(shareGroup);
  const refuse = (option: string, why: string, hint: string): never => {
    throw usageError(`--share-group and ${option} (${why})`, hint);
  };
  const start = startOption(options);
  if (start !== undefined)
    refuse(
      start,
      'a share group hands out what it has not finished',
      `where a new one begins is its config: kt configs alter group ${name} --config share.auto.offset.reset=earliest`,
    );
  if (options.to !== undefined)
    refuse('--to', 'a share group hands records out in no fixed order', '-e or -n ends the reading');
  if (isolation !== undefined)
    refuse(
      '--isolation',
      'it is a config of the group, for all its members',
      `kt configs alter group ${name} --config share.isolation.level=${isolation}`,
    );
  if (partition.length > 0) refuse('--partition', 'the group divides the partitions itself', 'leave one of them out');
  if (group !== undefined) refuse('--group', 'a group is of one type', 'leave one of them out');
  if (commit)
    refuse('--commit', 'a share group has no offsets to commit', '--ack accept, the default, says that records are done');
  if (last !== undefined || merge)
    refuse(merge ? '--merge' : '--last', 'a share group hands records out in its own order', 'leave one of them out');
}

/** The option that says where to begin, if any. */
function startOption({ fromBeginning, from, fromFile }: TailOptions): string | undefined {
  if (fromBeginning) return '--from-beginning';
  if (from !== undefined) return '--from';
  return fromFile === undefined ? undefined : '--from-file';
}

/** @throws KtError `usage` */
function refuseOthers({
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
