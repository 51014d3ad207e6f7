/** Reads records to an end or for ever, and gives windows as they close or change. */
import { within } from '../../base/pause.ts';
import type { RecordBatch } from '../../kafka/batch/record.ts';
import type { PartitionReach } from '../../kafka/fetch/fetch.ts';
import type { Aggregation } from './aggregation.ts';
import { inOrder } from './in-order.ts';
import type { AggregateSpec } from './spec.ts';
import type { WindowState } from './window-state.ts';

/** How often to look, while nothing comes, whether partitions have been read to their ends: then their windows close. */
const lookMs = 250;

/** What records are read from: a RecordSource. */
export interface AggregateSource {
  batches(): AsyncIterableIterator<RecordBatch>;
  readonly reach: readonly PartitionReach[];
  stop(): void;
}

/** What has happened: a batch was added, nothing came for a while, or the reading is over. */
export type Step = 'batch' | 'nothing' | 'end';

/**
 * Adds batch after batch, and tells after each, while `yield` keeps the next one from being added. Where nothing comes it tells so a few
 * times a second, unless the reading has an end.
 */
export async function* steps(source: AggregateSource, aggregation: Aggregation, hasEnd: boolean): AsyncGenerator<Step> {
  const batches = source.batches();
  try {
    for (let coming: Promise<IteratorResult<RecordBatch>> | undefined; ; ) {
      coming ??= batches.next();
      const come = hasEnd ? await coming : await within(lookMs, coming);
      if (come === undefined) {
        yield 'nothing';
        continue;
      }
      coming = undefined;
      if (come.done) break;
      const waiting = aggregation.prepare(come.value);
      if (waiting) await waiting;
      aggregation.add(come.value);
      yield 'batch';
    }
    yield 'end';
  } finally {
    // A batch may still be waited for.
    source.stop();
    await batches.return?.();
  }
}

/** Windows that are given at once. */
const windowsAtOnce = 1_000;

/**
 * The windows whose results are due, in order: those that have closed, or with `updates` those that have changed.
 * Empty lists come where nothing is due, batch by batch.
 * @param hasEnd whether the reading ends: then no window closes before
 */
export async function* dueWindows(
  source: AggregateSource,
  aggregation: Aggregation,
  { emit }: AggregateSpec,
  hasEnd: boolean,
): AsyncGenerator<readonly WindowState[]> {
  for await (const step of steps(source, aggregation, hasEnd)) {
    if (emit === 'updates') yield [...inOrder(aggregation.takeChanges().changed)];
    const closed = step === 'end' ? aggregation.closeAll() : hasEnd ? [] : aggregation.advance(source.reach);
    if (emit === 'final') yield* portions(closed);
    else for (const _ of closed);
    yield [];
  }
}

function* portions(states: Iterable<WindowState>): Generator<readonly WindowState[]> {
  let portion: WindowState[] = [];
  for (const state of states) {
    portion.push(state);
    if (portion.length < windowsAtOnce) continue;
    yield portion;
    portion = [];
  }
  if (portion.length > 0) yield portion;
}
