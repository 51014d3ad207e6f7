/** `kt pipe`: records from topics to topics, changed on the way. */

import { KtError } from '../base/errors.ts';
import { variadicArgument } from '../cli/define.ts';
import { type Context, command } from '../context.ts';
import { describeConfigs } from '../core/configs/describe.ts';
import type { Cluster } from '../kafka/cluster.ts';
import { Pipe } from '../records/pipe/pipe.ts';
import { previewed } from '../records/pipe/preview.ts';
import { pipeOptions } from './pipe/options.ts';
import { outcomeOf, pipeRows, previewOf } from './pipe/outcome.ts';
import { planOf, requestOf } from './pipe/request.ts';
import { readEvents } from './reading/selection.ts';

export const pipe = command({
  name: 'pipe',
  aliases: ['copy'],
  summary: 'Copy records from topics to a topic, filtered and changed on the way',
  description: [
    'The last topic is the one to write to. kt pipe reads as kt tail does: new records only, for as long as it runs, unless positions, -e or -n say otherwise. Filters are applied first. Keys, values, headers, timestamps and nulls stay as they are, byte for byte.',
    '--map gives the new value, --rekey the new key, --set-header a header. Text is written as it is, everything else as JSON, integers with all digits, null as null; a tombstone stays one. All expressions see the record as it was read. With --map-record the result is an object with key, value, headers (an object, or a list of {key, value}), timestamp or partition; what it leaves out stays as it was.',
    '--value-schema and --key-schema write values and keys with a schema of the registry or of a file, as kt produce does: what --map and --rekey give, or else what was read, as JSON. What does not fit is a record that fails. Without them Avro or Protobuf that an expression changes becomes JSON.',
    '--to-header writes each record to the topic that a header names. Records in dead-letter topics have one: kafka_dlt-original-topic (Spring), x-original-topic (kt and others), __connect.errors.topic (Kafka Connect).',
    'Records of a key stay in order. --partitions same keeps the partition of each record; key puts it where a Java producer would. The default is same between topics with the same number of partitions, key otherwise and with --rekey.',
    'A record on which an expression fails, or that a broker refuses (it may be too large), ends the pipe with exit code 3, and nothing after it is committed. With --dead-letter it goes to that topic instead, as it was, with the headers x-error-message, x-original-topic, x-original-partition and x-original-offset, and the pipe goes on. (A refused record goes there as it would have been written.)',
    'With --group several processes share the work, and offsets are committed about once a second, never before all records below them were acknowledged: after a crash records may come twice, but none is lost. With --exactly-once records and offsets are in one transaction, which ends about every 200 ms: readers of committed records see each record once, even if kt is killed. The brokers abort the transaction of a killed process after 10 s, and give its partitions to others after --session-timeout.',
    'A pipe must not read what it writes: the topic to write to can be one of those that are read only with -e, which stops where they ended at the start.',
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
    {
      line: 'kt pipe orders orders-avro --from-beginning -e --value-schema orders-avro-value',
      does: 'JSON as Avro, with a schema of the registry',
    },
    {
      line: "kt pipe 'orders-*' all-orders --from -1h -e --rekey 'value.customer' --dry-run",
      does: 'see what would be written',
    },
  ],
  async run(context, { topics }, options) {
    const planned = await planOf(context, topics, options);
    const source = await context.cluster();
    const destination = options.toProfile === undefined ? source : await context.clusterOf(options.toProfile);
    const request = await requestOf(context, planned, options, source, destination);
    const events = readEvents(context, false);
    if (options.dryRun) {
      if (options.group !== undefined)
        context.note(`dry run: group ${options.group} is not joined, and its offsets do not count`);
      return previewOf(context, previewed(source, destination, request, events), planned.reading);
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
