/** What `kt tail` can be asked for. */
import { flag, type OptionValues, option, repeatable } from '../../cli/define.ts';
import { choice, headerFilter, position, regex, text, wholeNumber } from '../../cli/options.ts';
import { readingOptions } from '../reading/options.ts';

const isolations = ['read_committed', 'read_uncommitted'] as const;

export const tailOptions = {
  fromBeginning: flag('--from-beginning', 'start at the oldest record'),
  from: option('--from <position>', 'start at this position', position, { defaultText: 'end' }),
  to: option('--to <position>', 'stop before this position', position),
  exit: flag('-e, --exit', 'exit after the last record that existed at the start'),
  last: option('--last <count>', 'the newest records of all partitions together, in time order, then exit', wholeNumber),
  merge: flag('--merge', 'order records of all partitions by time (best effort)'),
  maxRecords: option('-n, --max-records <count>', 'exit after this many records', wholeNumber),
  partition: repeatable('-p, --partition <partition>', 'only this partition', wholeNumber),
  group: option('--group <group>', 'read as a member of this group, from its committed offsets', text, { complete: 'group' }),
  commit: flag('--commit', 'commit offsets to the group once their records are written out'),
  key: option('--key <regex>', 'only records whose key matches', regex),
  value: option('--value <regex>', 'only records whose value matches, as text', regex),
  header: repeatable('--header <name=regex>', 'only records with this header, whose value matches', headerFilter),
  where: repeatable('--where <expression>', 'only records for which this JavaScript expression holds', text),
  isolation: option('--isolation <level>', 'whether records of open and aborted transactions are shown', choice(isolations), {
    defaultText: 'read_committed',
  }),
  format: option('-f, --format <format>', 'print each record in this format: %t %p %o %k %v %h %T and \\n, as in kcat', text),
  ...readingOptions,
};

export type TailOptions = OptionValues<typeof tailOptions>;
