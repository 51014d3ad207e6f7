/** Runs `kt aggregate`: reads, prints what is due, and says at the end what was left out. */
import type { Context } from '../../context.ts';
import type { Account } from '../../records/aggregate/account.ts';
import { Aggregation } from '../../records/aggregate/aggregation.ts';
import { type AggregateResult, resultOf } from '../../records/aggregate/results.ts';
import { dueWindows } from '../../records/aggregate/run.ts';
import { StreamFields } from '../../records/expression/stream-fields.ts';
import { RecordSource } from '../../records/source/record-source.ts';
import { fieldReading, tellUnread } from '../reading/field-reading.ts';
import { readEvents, selectionRequest } from '../reading/selection.ts';
import type { AggregateOptions } from './options.ts';
import { aggregateSpec } from './spec.ts';

const defaultMemoryBytes = 256 << 20;

export async function* results(
  context: Context,
  topic: string,
  options: AggregateOptions,
): AsyncGenerator<readonly AggregateResult[]> {
  const spec = await aggregateSpec(topic, options);
  const reading = await fieldReading(context, options, { showsMeaning: false, looksInside: true });
  // Records that do not pass --where still tell the time.
  const filters = { key: undefined, value: undefined, header: [], where: [] };
  const request = await selectionRequest([topic], { ...options, ...filters, maxRecords: undefined }, reading);
  const hasEnd = request.exitAtEnd || request.to !== undefined;
  const aggregation = new Aggregation(spec, {
    fields: new StreamFields({ ...reading, maxBatchBytes: options.maxBatchBytes }),
    memoryBytes: options.maxMemory ?? defaultMemoryBytes,
    tracksChanges: spec.emit === 'updates',
  });
  const source = new RecordSource(await context.cluster(), request, readEvents(context, false));
  const { account } = aggregation;
  try {
    for await (const states of dueWindows(source, aggregation, spec, hasEnd)) {
      yield states.flatMap((state) => resultOf(state, spec, account) ?? []);
    }
  } finally {
    aggregation.end();
    tell(context, account);
    tellUnread(context, reading);
  }
}

function tell({ note, warn }: Context, account: Account): void {
  for (const text of account.notes()) note(text);
  for (const text of account.problems()) warn(text);
}
