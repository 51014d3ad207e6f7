/** What `kt pipe` can be asked for. */
import { usageError } from '../../base/errors.ts';
import { flag, type OptionValues, option, repeatable } from '../../cli/define.ts';
import { choice, finiteDuration, keyValue, text } from '../../cli/options.ts';
import { deliveryOptions, rateOption } from '../produce/delivery.ts';
import { schemaOptions } from '../produce/schema-options.ts';
import { readingOptions } from '../reading/options.ts';
import { filterOptions, rangeOptions } from '../reading/selection.ts';

const partitionChoices = ['same', 'key'] as const;

export const pipeOptions = {
  ...rangeOptions,
  ...filterOptions,
  map: option('--map <expression>', 'the new value: text as it is, anything else as JSON, null as a tombstone', text),
  mapRecord: flag('--map-record', '--map gives an object with key, value, headers, timestamp, partition, or some of them'),
  rekey: option('--rekey <expression>', 'the new key', text),
  setHeader: repeatable('--set-header <name=expression>', 'a header in place of all of its name', (pair) =>
    keyValue(pair, 'region=value.region'),
  ),
  dropHeader: repeatable('--drop-header <name>', 'leave out the headers of this name', text),
  toHeader: option('--to-header <name>', 'write each record to the topic that this header names', text),
  toProfile: option('--to-profile <profile>', 'write to the cluster of this profile', text, { complete: 'profile' }),
  partitions: option(
    '--partitions <choice>',
    'keep the number of the partition, or let the key choose',
    choice(partitionChoices),
    {
      defaultText: 'same where the topics have equally many and keys stay, else key',
    },
  ),
  ...schemaOptions,
  rate: rateOption,
  deadLetter: option('--dead-letter <topic>', 'write records that fail to this topic, and go on', text, { complete: 'topic' }),
  group: option('--group <group>', 'read as a member of this group, and commit what was written', text, { complete: 'group' }),
  exactlyOnce: flag('--exactly-once', 'commit offsets in one transaction with the records; needs --group'),
  sessionTimeout: option(
    '--session-timeout <duration>',
    'after how long without a sign of life the group gives the partitions to others',
    sessionTimeout,
    { defaultText: '45s' },
  ),
  ...deliveryOptions,
  dryRun: flag('--dry-run', 'print the first ten records that would be written, and write nothing'),
  ...readingOptions,
};

export type PipeOptions = OptionValues<typeof pipeOptions>;

/** The protocol has 32 bits for it. */
const longestSessionMs = 2 ** 31 - 1;

function sessionTimeout(value: string): number {
  const ms = finiteDuration(value);
  if (ms <= longestSessionMs) return ms;
  throw usageError(
    `${value} (longer than 24d)`,
    'brokers take 30m at most, unless group.max.session.timeout.ms says otherwise',
  );
}
