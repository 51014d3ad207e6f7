/** The options of `kt lag`. */
import { parseDuration } from '../../base/units.ts';
import { flag, type OptionValues, option, repeatable } from '../../cli/define.ts';
import { choice, finiteDuration, text, wholeNumber } from '../../cli/options.ts';
import { uncommittedChoices } from '../../core/lag/compute.ts';

import { maxBatchBytesOption } from '../batch-size.ts';
import { topicPartitions } from '../selections.ts';

const isolations = ['read_committed', 'read_uncommitted'] as const;

/** A duration; else the next word, which the flag did not mean: `kt lag --watch billing`. */
function durationOrWord(value: string): number | string {
  return parseDuration(value) === undefined ? text(value) : finiteDuration(value);
}

export const lagOptions = {
  topic: repeatable('--topic <topic[:p,…]|pattern>', 'only these topics, or these partitions of a topic', topicPartitions, {
    complete: 'topic',
  }),
  all: flag('--all', 'all groups, as without a name'),
  summary: flag('--summary', 'show one row per group'),
  seconds: flag('--seconds', 'show how old the first unread record of each partition is'),
  isolation: option(
    '--isolation <level>',
    'count only what a consumer with this isolation.level can read: up to the last stable offset (read_committed), or all records',
    choice(isolations),
    { defaultText: 'read_uncommitted' },
  ),
  uncommitted: option(
    '--uncommitted <how>',
    'for partitions without a committed offset: count from their start, ignore them, or fail',
    choice(uncommittedChoices),
    { defaultText: 'count' },
  ),
  maxLag: option('--max-lag <records>', 'check that no partition lags more than this', wholeNumber),
  maxTotalLag: option(
    '--max-total-lag <records>',
    'check that no group lags more than this in all its partitions together',
    wholeNumber,
  ),
  maxSeconds: option('--max-seconds <duration>', 'check that no first unread record is older than this', finiteDuration),
  maxBatchBytes: maxBatchBytesOption,
  failIfGrowing: flag('--fail-if-growing', 'watch the lag for a while (--for) and fail if a partition falls behind'),
  wait: flag('--wait', 'wait until every check passes'),
  for: option('--for <duration>', 'how long --fail-if-growing watches, or --wait waits at most', finiteDuration, {
    defaultText: '30s, or 5m with --wait',
  }),
  interval: option('--interval <duration>', 'time between two samples', finiteDuration, {
    defaultText: 'a twelfth of --for, or 2s with --wait',
  }),
  watch: option<number | string | true>('--watch [interval]', 'show the lag live', durationOrWord, { defaultText: '2s' }),
  serve: option('--serve <host:port>', 'serve metrics for Prometheus over HTTP', text),
};

export type LagFlags = OptionValues<typeof lagOptions>;
