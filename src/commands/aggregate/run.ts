/** Runs `kt aggregate`: prints results or writes them to a topic, and says at the end what was left out. */
import { counted } from '../../base/units.ts';
import type { Context } from '../../context.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import type { Account } from '../../records/aggregate/account.ts';
import { Aggregation } from '../../records/aggregate/aggregation.ts';
import { type AggregateResult, resultOf } from '../../records/aggregate/results.ts';
import { dueWindows } from '../../records/aggregate/run.ts';
import type { AggregateSpec } from '../../records/aggregate/spec.ts';
import { StreamFields } from '../../records/expression/stream-fields.ts';
import { RecordSource } from '../../records/source/record-source.ts';
import type { ReadEvents, ReadRequest } from '../../records/source/request.ts';
import { fieldReading, tellUnread } from '../reading/field-reading.ts';
import { readEvents, selectionRequest } from '../reading/selection.ts';
import { refuseContradictions } from './checks.ts';
import type { AggregateOptions } from './options.ts';
import { aggregateSpec } from './spec.ts';

const defaultMemoryBytes = 256 << 20;

/** What one run works with. */
interface Work {
  readonly context: Context;
  readonly cluster: Cluster;
  readonly spec: AggregateSpec;
  readonly request: ReadRequest;
  readonly fields: StreamFields;
  readonly memoryBytes: number;
  readonly events: ReadEvents;
  readonly options: AggregateOptions;
}

/** The results that are to be printed: none where they are written to a topic. */
export async function* results(
  context: Context,
  topic: string,
  options: AggregateOptions,
): AsyncGenerator<readonly AggregateResult[]> {
  refuseContradictions(topic, options);
  const spec = await aggregateSpec(topic, options);
  const reading = await fieldReading(context, options, { showsMeaning: false, looksInside: true });
  // Records that do not pass --where still tell the time.
  const filters = { key: undefined, value: undefined, header: [], where: [] };
  const request = await selectionRequest([topic], { ...options, ...filters, maxRecords: undefined }, reading);
  const work: Work = {
    context,
    cluster: await context.cluster(),
    spec,
    request,
    fields: new StreamFields({ ...reading, maxBatchBytes: options.maxBatchBytes }),
    memoryBytes: options.maxMemory ?? defaultMemoryBytes,
    events: readEvents(context, false),
    options,
  };
  try {
    if (options.group === undefined) yield* alone(work);
    else await inGroup(work, options.group, options.into!);
  } finally {
    tellUnread(context, reading);
  }
}

async function* alone(work: Work): AsyncGenerator<readonly AggregateResult[]> {
  const { context, cluster, spec, request, fields, memoryBytes, events, options } = work;
  const { into, lateTo } = options;
  const topics = into === undefined && lateTo === undefined ? undefined : await outputs(work);
  const aggregation = new Aggregation(spec, {
    fields,
    memoryBytes,
    tracksChanges: spec.emit === 'updates',
    onLate: lateTo === undefined ? undefined : (record) => topics!.writer.copy(lateTo, record),
  });
  const hasEnd = request.exitAtEnd || request.to !== undefined;
  const { account } = aggregation;
  try {
    for await (const states of dueWindows(new RecordSource(cluster, request, events), aggregation, spec, hasEnd)) {
      if (topics?.results) await topics.results.write(states, aggregation);
      else if (states.length > 0) yield states.flatMap((state) => resultOf(state, spec, account) ?? []);
      topics?.writer.producer.nudge();
      await topics?.writer.producer.room();
    }
    await topics?.writer.flush();
    if (topics?.results) tellWritten(context, topics.results.count, into!);
  } finally {
    aggregation.end();
    tell(context, account);
  }
}

/** What writes results and late records. */
async function outputs({ context, cluster, spec, events, options: { into, lateTo } }: Work) {
  const { RecordWriter, ResultWriter, resultTopic } = await import('../../records/aggregate/into/outputs.ts');
  const checkTime = into === undefined ? () => {} : await resultTopic(cluster, into, context);
  if (lateTo !== undefined) await resultTopic(cluster, lateTo, context);
  const names = [into, lateTo].filter((topic) => topic !== undefined);
  const writer = await RecordWriter.open(cluster, names, undefined, events.signal);
  return { writer, results: into === undefined ? undefined : new ResultWriter(writer, into, spec, checkTime) };
}

async function inGroup(work: Work, group: string, into: string): Promise<void> {
  const { context, cluster, options } = work;
  const { lateTo } = options;
  const { aggregateInto, changelogTopic, resultTopic } = await import('../../records/aggregate/into/outputs.ts');
  const changelog = `${group}-changelog`;
  const checkTime = await resultTopic(cluster, into, context);
  if (lateTo !== undefined) await resultTopic(cluster, lateTo, context);
  await changelogTopic(cluster, changelog);
  const job = { ...work, group, into, changelog, lateTo, checkTime };
  await aggregateInto(cluster, job, ({ results, account }) => {
    tellWritten(context, results, into);
    if (account) tell(context, account);
  });
}

function tellWritten({ note }: Context, count: number, into: string): void {
  note(`${counted(count, 'result')} written to ${into}`);
}

function tell({ note, warn }: Context, account: Account): void {
  for (const text of account.notes()) note(text);
  for (const text of account.problems()) warn(text);
}
