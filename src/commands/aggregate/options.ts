/** What `kt aggregate` can be asked for. */
import { flag, type OptionValues, option, repeatable } from '../../cli/define.ts';
import { choice, duration, finiteDuration, size, text } from '../../cli/options.ts';
import { readingOptions } from '../reading/options.ts';
import { filterOptions, rangeOptions } from '../reading/selection.ts';

const emits = ['final', 'updates'] as const;
const prints = ['flink-sql'] as const;
const { fromBeginning, from, to, exit, partition } = rangeOptions;
const { where, isolation } = filterOptions;

/** An option with the expression that is measured. */
function measure(kind: string, what: string) {
  return repeatable(`--${kind} <[name=]expression>`, what, text, { defaultText: `the name is ${kind}` });
}

export const aggregateOptions = {
  by: option('--by <expression>', 'one result for each value of this, such as value.country', text, {
    defaultText: 'one for all records',
  }),
  count: flag('--count', 'how many records (the default where nothing else is measured)'),
  sum: measure('sum', 'sum of numbers'),
  avg: measure('avg', 'mean of numbers'),
  min: measure('min', 'smallest number, or first text in the order of characters'),
  max: measure('max', 'largest number, or last text in the order of characters'),
  distinct: measure('distinct', 'how many different values'),
  p50: measure('p50', 'median of numbers'),
  p95: measure('p95', '95th percentile of numbers'),
  p99: measure('p99', '99th percentile of numbers'),
  window: option('--window <duration>', 'one result for each span of time of this length', finiteDuration, {
    defaultText: 'one window for all',
  }),
  hop: option('--hop <duration>', 'with --window: time from one window to the next, so that they overlap', finiteDuration),
  session: option('--session <duration>', 'one result for each run of records less than this apart', finiteDuration),
  time: option('--time <expression>', "a record's time: epoch milliseconds, or a text that time() reads", text, {
    defaultText: "the record's timestamp",
  }),
  grace: option('--grace <duration>', 'how long after its end a window still takes records', duration, {
    defaultText: '1m; with -e nothing is late',
  }),
  emit: option('--emit <when>', 'print each result once, when its window closes, or each time it changes', choice(emits), {
    defaultText: 'final',
  }),
  value: option('--value <expression>', 'shape of the output, from key, windowStart, windowEnd and the measures', text),
  into: option('--into <topic>', 'write results to this topic; it is created if it does not exist', text, {
    complete: 'topic',
  }),
  group: option('--group <name>', 'with --into: keep state under this name, to go on after a stop', text, {
    complete: 'group',
  }),
  lateTo: option('--late-to <topic>', 'write late records to this topic; it is created if it does not exist', text, {
    complete: 'topic',
  }),
  print: option('--print <what>', 'print this as a job for Apache Flink, and run nothing', choice(prints)),
  maxMemory: option('--max-memory <size>', 'memory for open windows, before they go to disk', size, { defaultText: '256MiB' }),
  fromBeginning,
  from,
  to,
  exit,
  partition,
  where,
  isolation,
  ...readingOptions,
};

export type AggregateOptions = OptionValues<typeof aggregateOptions>;
