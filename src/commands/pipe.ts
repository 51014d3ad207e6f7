/** `kt pipe`: records from topics to topics, changed on the way. */

import { KtError } from '../base/errors.ts';
import { variadicArgument } from '../cli/define.ts';
import { type Context, command } from '../context.ts';
import { describeConfigs } from '../core/configs/describe.ts';
import type { Cluster } from '../kafka/cluster.ts';
import { Pipe } from '../records/pipe/pipe.ts';
import { previewed } from '../records/pipe/preview.ts';
import { pipeOptions } from './pipe/options.ts';
import { outcomeOf, pipeRows } from './pipe/outcome.ts';
import { planOf, requestOf } from './pipe/request.ts';
import { readEvents } from './reading/selection.ts';

export const pipe = command({
  name: 'pipe',
  aliases: ['copy'],
  summary: 'Copy records from topics to a topic, filtered and changed on the way',
  description: [
    'The last topic is the one to write to. Reading is that of kt tail: it follows from the end unless positions, -e or -n say otherwise; filters come first. Keys, values, headers, timestamps and nulls stay as they are, byte for byte.',
    '--map gives the new value, --rekey the new key, --set-header a header: text is written as it is, everything else as JSON with all digits, null as null. A tombstone stays one. All expressions see the record as it was read. With --map-record the result is an object of which key, value, headers (an object, or a list of {key, value}), timestamp and partition count; what it leaves out stays.',
    '--to-header writes each record to the topic that a header names, as dead-letter topics have it: kafka_dlt-original-topic (Spring), x-original-topic (kt and others), __connect.errors.topic (Kafka Connect).',
    'The order of the records of a key is kept: --partitions same copies partitions as they are; key puts each record where a Java producer would. Unless said, it is same between topics with equally many partitions, and key otherwise and with --rekey.',
    'A record on which an expression fails, or which a broker refuses for what it is, ends the pipe with exit code 3, and nothing behind it is committed. With --dead-letter it goes to that topic, as it was, with the headers x-error-message, x-original-topic, x-original-partition and x-original-offset, and the pipe goes on. (A refused record goes there as it would have been written.)',
    'With --group several processes share the work, and offsets are committed about each second, never before all records below them were acknowledged: after a crash records may come twice, none is lost. With --exactly-once offsets are in one transaction with the records, which ends about each 200 ms: readers of committed records see each record once, whatever is killed. A transaction of a killed process is aborted by the brokers after 10 s, and its partitions go to others after --session-timeout.',
    'What the destination would feed back into itself is refused: the topic to write to must not be among those that are read, unless -e ends the pipe where they ended at its start.',
  ].join('\n\n'),
  args: {
    topics: variadicArgument(
      'topic|pattern',
      'topics to read, by name, glob or regular expression; then the one to write to',
      true,
      {
        complete: 'topic',
      },
    ),
  },
  options: pipeOptions,
  shows: pipeRows,
  examples: [
    { line: 'kt pipe orders orders-copy --from-beginning -e', does: 'copy a topic' },
    { line: 'kt pipe orders orders --from -3d -e --to-profile staging', does: 'the last three days to another cluster' },
    {
      line: "kt pipe users users-masked --group masking --exactly-once --map '{ ...value, email: mask(value.email) }'",
      does: 'mask a field, each record once',
    },
    {
      line: 'kt pipe orders-dlt --to-header kafka_dlt-original-topic --from-beginning -e',
      does: 'send dead letters back to their topics',
    },
    { line: "kt pipe 'orders-*' all-orders --rekey 'value.customer' --dry-run", does: 'see what would be written' },
  ],
  async run(context, { topics }, options) {
    const planned = await planOf(context, topics, options);
    const source = await context.cluster();
    const destination = options.toProfile === undefined ? source : await context.clusterOf(options.toProfile);
    const request = await requestOf(planned, options, source, destination);
    const events = readEvents(context, false);
    if (options.dryRun) {
      if (options.group !== undefined)
        context.note(`dry run: group ${options.group} is not joined, and its offsets do not count`);
      return previewed(source, destination, request, events);
    }
    if (planned.ends.destination !== undefined) await tellOwnTimestamps(context, destination, planned.ends.destination);
    // A pipe with an end has a bar instead.
    const showsLag = context.terminal.stderr && !options.exit && options.to === undefined;
    return outcomeOf(context, new Pipe(source, destination, request, { ...events, showsLag }), showsLag, planned.reading);
  },
});

/** Says that a destination sets timestamps of its own. */
async function tellOwnTimestamps({ note }: Context, cluster: Cluster, name: string): Promise<void> {
  const [configs] = await describeConfigs(cluster, [{ type: 'topic', name }], { documentation: false });
  if (configs === undefined || configs instanceof KtError) return;
  if (configs['message.timestamp.type']?.value === 'LogAppendTime')
    note(
      `${name} sets the time of each record itself (message.timestamp.type=LogAppendTime): those of the source are not kept`,
    );
}
