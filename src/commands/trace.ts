/** `kt trace`: one event's way over topics. */
import { KtError } from '../base/errors.ts';
import { variadicArgument } from '../cli/define.ts';
import type { LinesShape } from '../cli/shape.ts';
import { type Context, command } from '../context.ts';
import type { TraceEvent } from '../records/trace/event.ts';
import { type Expectation, type Outcome, outcomeOf } from '../records/trace/expectation.ts';
import { followUntil } from '../records/trace/follow-until.ts';
import { Trace, type TraceRequest } from '../records/trace/trace.ts';
import { type FieldReading, fieldReading, tellUnread } from './reading/field-reading.ts';
import { chosenKeys } from './reading/keys.ts';
import { expressions, readEvents, selectionRequest } from './reading/selection.ts';
import { refuseContradictions, type TraceOptions, traceOptions } from './trace/options.ts';
import { eventText, type TraceRow } from './trace/row.ts';

const shows: LinesShape<TraceRow> = {
  kind: 'lines',
  fields: {
    timestamp: 'epoch milliseconds; -1 without one',
    sinceStartMs: 'milliseconds since the first event that is shown; null without a timestamp',
    topic: 'topic of the record',
    partition: 'partition of the record',
    offset: 'offset of the record',
    key: 'key as expressions see it; null without one',
    keyEncoding: 'base64 where the key is no text',
    type: 'what --type gives; null without one',
    value: 'value as expressions see it: JSON where it is JSON, else text; null for a tombstone',
    valueEncoding: 'base64 where the value is neither',
  },
  text: eventText,
  isCut: true,
  json: ({ event, sinceStartMs }) => {
    const { timestamp, topic, partition, offset, key, keyEncoding, type, value, valueEncoding } = event;
    return { timestamp, sinceStartMs, topic, partition, offset, key, keyEncoding, type, value, valueEncoding };
  },
};

export const trace = command({
  name: 'trace',
  summary: 'Follow one event through topics, and check its steps',
  description: [
    'Finds the records of one event in several topics, by key, header or expression (all that are given must hold), and prints them in the order of their timestamps, each with the time since the first. Reads from the beginning to the end, or from --from; a time is found by the log’s index, so nothing before it is read.',
    "With --key only the partition is read where Java's partitioner puts the key. Where a record there shows that a producer chooses differently, kt says so and reads the other partitions of that topic too. If a topic has no record of the key, kt says that its other partitions were not looked at; --all-partitions reads them.",
    '--expect names the types of events that must come, in this order; others may come between them. If one is missing, out of order or, with --within, late, the exit code is 1, and the message says which, and what came instead. Events in different partitions with the same timestamp have no order.',
    'With --follow kt goes on and prints what comes. With --expect it ends as soon as all steps came (exit 0) or are late (exit 1); --within then counts from the first step or, before that has come, from when all that was there is read.',
  ].join('\n\n'),
  args: {
    topics: variadicArgument(
      'topic|pattern',
      'a topic name, a glob or a regular expression; orders:0,3 for some partitions',
      true,
      { complete: 'topic' },
    ),
  },
  options: traceOptions,
  shows,
  examples: [
    { line: 'kt trace orders payments --key 17', does: 'what happened to order 17' },
    { line: "kt trace 'shop-*' --header correlation-id=8f14 --from -1h", does: 'all of the last hour that belongs together' },
    {
      line: 'kt trace orders payments --key 17 --expect OrderCreated,PaymentFailed,OrderCancelled --within 5m',
      does: 'exit 1 unless the saga was compensated in time',
    },
    {
      line: 'kt trace orders payments --key 17 --expect OrderCreated,PaymentReceived --follow --within 30s',
      does: 'wait for it, in a test',
    },
  ],
  async run(context, { topics }, options) {
    refuseContradictions(options);
    const reading = await fieldReading(context, options, { showsMeaning: true, looksInside: true });
    const stop = new AbortController();
    const events = readEvents(context, options.follow);
    const request = await traceRequest(topics, options, reading);
    const signal = AbortSignal.any([context.signal, stop.signal]);
    const tracing = new Trace(await context.cluster(), request, { ...events, signal });
    return rows(context, tracing, options, reading, stop);
  },
});

async function traceRequest(topics: readonly string[], options: TraceOptions, reading: FieldReading): Promise<TraceRequest> {
  const { key, header, where, type, expect, follow, allPartitions, maxBatchBytes } = options;
  const [chosen] = key === undefined ? [] : await chosenKeys([key], reading);
  const headers = header.map(([name, value]) => ({ name, pattern: new RegExp(`^${literal(value)}$`) }));
  const selection = { ...options, key: undefined, value: undefined, header: headers, where, exit: true, maxRecords: undefined };
  const [typeOf] = await expressions('--type', [type ?? 'value.type']);
  const read = () => selectionRequest(topics, selection, reading, { at: 'beginning' });
  // What is wrong in it is told before anything is read.
  await read();
  return {
    read,
    maxBatchBytes,
    key: chosen,
    allPartitions,
    type: typeOf!,
    formats: { ...reading, maxBatchBytes },
    follow,
    keepsAll: expect !== undefined,
  };
}

/** Events as they are shown; at the end what was expected and did not come is an error. */
async function* rows(
  context: Context,
  tracing: Trace,
  { expect, within, follow }: TraceOptions,
  reading: FieldReading,
  stop: AbortController,
): AsyncGenerator<readonly TraceRow[]> {
  const expectation: Expectation | undefined = expect && { steps: expect, withinMs: within };
  const all: TraceEvent[] = [];
  let outcome: Outcome | undefined;
  let start: number | undefined;
  const events =
    expectation && follow
      ? followUntil(
          tracing.events(),
          expectation,
          (result) => {
            outcome = result;
          },
          stop,
        )
      : tracing.events();
  for await (const batch of events) {
    if (!follow) for (const event of batch) all.push(event);
    yield batch.map((event) => {
      const time = Number(event.timestamp);
      if (time >= 0) start ??= time;
      return { event, sinceStartMs: time < 0 || start === undefined ? null : time - start };
    });
  }
  tellUnread(context, reading);
  const unseen = tracing.unseen.length === 0 ? undefined : unseenText(tracing.unseen);
  if (expectation) {
    outcome ??= outcomeOf(expectation, all);
    if (outcome.kind !== 'met') throw new KtError('check', outcome.why, { code: 'EXPECTATION_FAILED', hint: unseen });
  }
  if (unseen !== undefined) context.note(unseen);
}

function unseenText(topics: readonly string[]): string {
  return `no such record in ${topics.join(', ')}, where Java's partitioner puts the key; other partitions were not looked at (--all-partitions reads them)`;
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
