/** What `kt tail` can be asked for. */
import { flag, type OptionValues, option } from '../../cli/define.ts';
import { choice, finiteDuration, text, wholeNumber } from '../../cli/options.ts';
import { readingOptions } from '../reading/options.ts';
import { filterOptions, rangeOptions } from '../reading/selection.ts';

const acknowledgements = ['accept', 'release', 'reject'] as const;

export const tailOptions = {
  ...rangeOptions,
  fromFile: option(
    '--from-file <file>',
    'start each partition at its offset in this file, such as kt groups export prints',
    text,
    {
      complete: 'file',
    },
  ),
  last: option('--last <count>', 'the newest records of all partitions together, in time order, then exit', wholeNumber),
  idleTimeout: option('--idle-timeout <duration>', 'exit when no record came for this long', finiteDuration),
  merge: flag('--merge', 'order records of all partitions by time (best effort)'),
  group: option('--group <group>', 'read as a member of this group, from its committed offsets', text, { complete: 'group' }),
  commit: flag('--commit', 'commit offsets to the group once their records are written out'),
  shareGroup: option('--share-group <group>', 'read as a member of this share group', text, { complete: 'group' }),
  ack: option('--ack <how>', 'what the share group is told of records that were written out', choice(acknowledgements), {
    defaultText: 'accept',
  }),
  keyIs: option(
    '--key-is <key>',
    "only records with exactly this key; only the partition where Java's partitioner puts it is read",
    text,
  ),
  allPartitions: flag('--all-partitions', 'look for --key-is in all partitions'),
  ...filterOptions,
  format: option('-f, --format <format>', 'print each record in this format: %t %p %o %k %v %h %T and \\n, as in kcat', text),
  ...readingOptions,
};

export type TailOptions = OptionValues<typeof tailOptions>;
