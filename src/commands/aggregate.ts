/** `kt aggregate`: from events to state: counts, sums and other measures of records, by key and window. */
import { argument } from '../cli/define.ts';
import type { LinesShape } from '../cli/shape.ts';
import { command } from '../context.ts';
import type { AggregateResult } from '../records/aggregate/results.ts';
import { type AggregateOptions, aggregateOptions } from './aggregate/options.ts';
import { resultText } from './aggregate/text.ts';

/** Results, or the text that --print asks for. */
const shows: LinesShape<AggregateResult | string> = {
  kind: 'lines',
  text: (row) => (typeof row === 'string' ? row : resultText(row)),
  json: (row) => (typeof row === 'string' ? row : row.value),
  hasOtherFields: true,
  fields: {
    windowStart: 'epoch ms at which the window begins, inclusive; null if there is one window for all',
    windowEnd: 'epoch ms at which the window ends, exclusive; null if there is one window for all',
    key: 'what --by gave; null without --by, and for records in which it is missing',
    count: 'how many records, with --count',
    'sum, avg, …': 'what the other measures gave, by their names; null if no record had a value',
  },
};

export const aggregate = command({
  name: 'aggregate',
  summary: 'Count, sum and measure records by key and time window',
  description: [
    'Expressions are those of --where: JavaScript over key, value (parsed where it is JSON), headers, topic, partition, offset and timestamp. A record on which one fails is left out, and the number of those is printed at the end.',
    'Windows are aligned to the epoch and go by the time of records, not by the clock. A window closes when every partition has had a record later than the window’s end by --grace, or was read to its end. With -e windows close when all records were read, and nothing is late.',
    'Each measure is a field of the result, called sum, avg and so on, or as you name it: --sum revenue=value.total. Sums of integers are exact, however large. distinct and percentiles are exact up to 1,000 values; beyond that distinct is an estimate with a standard error of 0.8 %, and percentiles are within 0.5 %.',
    'Records in which a measured field is missing or null do not count for that measure, as in SQL, and neither do values of another type; their number is printed at the end.',
  ].join('\n\n'),
  args: { topic: argument('topic', 'topic to read', { complete: 'topic' }) },
  options: aggregateOptions,
  shows,
  examples: [
    { line: 'kt aggregate orders --from-beginning -e --by value.country', does: 'how many orders from each country' },
    {
      line: 'kt aggregate orders --from -1h --by value.category --window 1m --count --sum revenue=value.total',
      does: 'orders and revenue per minute, printed once the minute is over',
    },
    {
      line: 'kt aggregate requests --window 5m --hop 1m --p95 value.ms --p99 value.ms -o json',
      does: 'latency over the last five minutes, every minute',
    },
    {
      line: 'kt aggregate clicks --by value.user --session 30m --count --emit updates',
      does: 'visits: clicks of a user less than half an hour apart',
    },
  ],
  async run(context, { topic }, options: AggregateOptions): Promise<AsyncIterable<readonly (AggregateResult | string)[]>> {
    if (options.print) return (await import('./aggregate/flink-sql.ts')).printed(context, topic, options);
    return (await import('./aggregate/run.ts')).results(context, topic, options);
  },
});
