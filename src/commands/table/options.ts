/** What `kt table` can be asked for. */
import { usageError } from '../../base/errors.ts';
import { parseSize } from '../../base/units.ts';
import { flag, type OptionValues, option, repeatable } from '../../cli/define.ts';
import { text, time } from '../../cli/options.ts';
import { readingOptions } from '../reading/options.ts';
import { filterOptions, rangeOptions } from '../reading/selection.ts';

/** Less would go to disk every few thousand records. */
const leastMemory = 1 << 20;

export const tableOptions = {
  at: option('--at <time>', 'as the table was at this time: ISO 8601, epoch ms, or -1h (an hour ago)', time),
  diff: option('--diff <time>', 'only what is different from this time, with both values', time),
  key: repeatable('--key <key>', 'only this key', text),
  allPartitions: flag('--all-partitions', "look for --key in all partitions, not first where Java's partitioner puts it"),
  where: repeatable('--where <expression>', 'only rows for which this JavaScript expression holds', text),
  follow: flag('--follow', 'then print each row that changes'),
  fold: option('--fold <function>', 'state of a key from all its records: (state, value) => …', text),
  init: option('--init <expression>', 'state before the first record of a key', text, { defaultText: 'null' }),
  partition: rangeOptions.partition,
  isolation: filterOptions.isolation,
  format: option('-f, --format <format>', 'print each row in this format: %p %o %k %v %T and \\n, as in kt tail', text),
  maxMemory: option('--max-memory <size>', 'how much of the table is kept in memory; the rest goes to disk', memory, {
    defaultText: '176MiB',
  }),
  ...readingOptions,
};

export type TableOptions = OptionValues<typeof tableOptions>;

function memory(value: string): number {
  const bytes = parseSize(value);
  if (bytes === undefined || bytes < leastMemory)
    throw usageError(`${value} (not a size of at least 1MiB)`, 'sizes look like 64MiB or 1GiB');
  return bytes;
}

/** @throws KtError `usage` for options that contradict each other */
export function refuseContradictions({ at, diff, follow, fold, init, key, allPartitions, partition }: TableOptions): void {
  if (follow && at !== undefined) throw usageError('--at and --follow (a past table changes no more)', 'leave one of them out');
  if (follow && diff !== undefined)
    throw usageError('--diff and --follow (both show changes)', 'kt table --follow shows them as they come');
  if (at !== undefined && diff !== undefined && diff >= at) {
    throw usageError('--diff is not before --at (changes are shown from --diff to --at)', 'exchange the two times');
  }
  if (init !== undefined && fold === undefined) {
    throw usageError('--init without --fold', "for example --init 0 --fold '(state, value) => state + value.amount'");
  }
  if (allPartitions && key.length === 0) throw usageError('--all-partitions without --key (all are read)', 'leave it out');
  if (allPartitions && partition.length > 0) throw usageError('--all-partitions and --partition', 'leave one of them out');
}
