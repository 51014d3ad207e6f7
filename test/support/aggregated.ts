/** Aggregations of records in memory, by the options of `kt aggregate`. */
import { parse } from '../../src/cli/program.ts';
import type { AggregateOptions } from '../../src/commands/aggregate/options.ts';
import { aggregateSpec } from '../../src/commands/aggregate/spec.ts';
import { aggregate } from '../../src/commands/aggregate.ts';
import type { RecordBatch } from '../../src/kafka/batch/record.ts';
import { Aggregation, type AggregationOptions } from '../../src/records/aggregate/aggregation.ts';
import { type AggregateRow, resultOf } from '../../src/records/aggregate/results.ts';
import type { AggregateSpec } from '../../src/records/aggregate/spec.ts';
import type { WindowState } from '../../src/records/aggregate/window-state.ts';
import { StreamFields } from '../../src/records/expression/stream-fields.ts';
import { fetched } from './fetched.ts';

export async function specOf(...words: readonly string[]): Promise<AggregateSpec> {
  return aggregateSpec('orders', await optionsOf(...words));
}

export async function optionsOf(...words: readonly string[]): Promise<AggregateOptions> {
  const registration = { name: 'aggregate', summary: aggregate.summary, load: async () => aggregate };
  const parsed = await parse([registration], ['aggregate', 'orders', ...words], {});
  if (parsed.kind !== 'run') throw new Error(`parsed as ${parsed.kind}`);
  return parsed.options as AggregateOptions;
}

export function aggregationOf(spec: AggregateSpec, options: Partial<AggregationOptions> = {}): Aggregation {
  const fields = new StreamFields({ keyFormat: undefined, valueFormat: undefined });
  return new Aggregation(spec, { fields, memoryBytes: 64 << 20, tracksChanges: false, ...options });
}

export interface Event {
  readonly partition: number;
  readonly timestamp: number;
  readonly value: unknown;
}

/** A batch of records of one partition. @param from the offset of the first */
export function batchOf(events: readonly Event[], from = 0): RecordBatch {
  const [{ partition }] = events as [Event];
  const written = events.map(({ timestamp, value }) => ({ timestamp, value: JSON.stringify(value) }));
  const { topic, each } = { topic: 'orders', each: fetched(written, 'orders', partition) };
  return {
    topic,
    each: (visit) => each.each(visit),
    passed: [{ topic, partition, nextOffset: BigInt(from + events.length) }],
  };
}

export function rowsOf(states: Iterable<WindowState>, spec: AggregateSpec, aggregation: Aggregation): readonly AggregateRow[] {
  return [...states].flatMap((state) => resultOf(state, spec, aggregation.account)?.row ?? []);
}
