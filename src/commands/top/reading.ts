/** Opens the screens that show records: the feed behind them, and the single record that a group reads next. */
import { isEnding, KtError } from '../../base/errors.ts';
import type { Context } from '../../context.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { partitionName } from '../../kafka/routing.ts';
import type { CopiedRecord } from '../../records/copied-record.ts';
import { FieldTexts } from '../../records/live/field-texts.ts';
import { LiveFeed, type LiveFormats } from '../../records/live/live-feed.ts';
import { nextRecord } from '../../records/live/next-record.ts';
import type { Place, Stuck, StuckLook } from './group.ts';
import { RecordView } from './record.ts';
import { contentOf } from './record-lines.ts';
import { recordsView } from './records.ts';
import { type Actions, retryMs, type View } from './view.ts';

/** How keys and values are read. */
export type RecordReading = LiveFormats;

/** How many of the newest records stand there at first, over all partitions. */
const newestRecords = 100;
/** A cursor that only passes by asks for nothing. */
const restMs = 500;
const shownBytes = 300;
/** So many are remembered: a record may be large. */
const mostFound = 20;

type Found =
  | { readonly record: CopiedRecord; readonly texts: FieldTexts }
  /** Why there is none, and when to look again, epoch ms. */
  | { readonly why: string; readonly dueAt: number };

/** What the screens need. */
export interface RecordsContext {
  readonly context: Context;
  readonly formats: RecordReading;
  readonly cluster: Cluster;
  readonly actions: Actions;
}

/** @param partitions how many are read */
export function openRecords(
  { formats, cluster, actions }: RecordsContext,
  topic: string,
  partition: number | undefined,
  partitions: number,
): View {
  const newest = Math.max(1, Math.ceil(newestRecords / Math.max(1, partition === undefined ? partitions : 1)));
  const feed = new LiveFeed(cluster, { topic, partition, newest, formats }, () => actions.redraw());
  void feed.run().catch(failure(actions));
  const partsOf = (record: CopiedRecord) => contentOf(record, feed.texts!);
  return recordsView(topic, partition, feed, (record) =>
    actions.open(
      new RecordView(partsOf(record), (of, by) => {
        const { shown } = feed;
        // Before the first one where it has gone.
        const next = shown[shown.indexOf(of) + by];
        return next && partsOf(next);
      }),
    ),
  );
}

function failure(actions: Actions): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof KtError)) throw error;
    if (!isEnding(error)) actions.say(error.message);
  };
}

/** What partitions of a group are stuck on: fetched when the cursor rests on one, and remembered for a while. */
export class StuckRecords implements StuckLook {
  readonly #records: RecordsContext;
  /** The oldest first. */
  readonly #found = new Map<string, Found>();
  readonly #fetching = new Set<string>();
  readonly #closed = new AbortController();
  #place: Place | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(records: RecordsContext) {
    this.#records = records;
  }

  rest(place: Place | undefined): void {
    if (nameOf(place) !== nameOf(this.#place)) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#place = place;
    }
    if (!place || this.#timer || !this.#isDue(nameOf(place))) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#fetch(place);
    }, restMs);
  }

  known(): Stuck {
    const place = this.#place;
    if (!place) return undefined;
    const found = this.#found.get(nameOf(place));
    if (found === undefined || 'why' in found) return { place, found: found?.why };
    const { record, texts } = found;
    const { offset, timestamp, size } = record;
    return {
      place,
      found: {
        offset,
        timestamp,
        size,
        key: texts.of(record, 'key', shownBytes).text,
        value: texts.of(record, 'value', shownBytes).text,
      },
    };
  }

  open(place: Place): void {
    const { actions } = this.#records;
    const found = this.#found.get(nameOf(place));
    if (found === undefined) actions.say('the record is being fetched');
    else if ('why' in found) {
      actions.say(found.why);
      if (!this.#fetching.has(nameOf(place))) void this.#fetch(place);
    } else actions.open(new RecordView(contentOf(found.record, found.texts), () => undefined));
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#closed.abort(new KtError('interrupted', 'the group was closed'));
  }

  #isDue(name: string): boolean {
    const found = this.#found.get(name);
    return !this.#fetching.has(name) && (found === undefined || ('why' in found && Date.now() >= found.dueAt));
  }

  async #fetch(place: Place): Promise<void> {
    const name = nameOf(place);
    this.#fetching.add(name);
    const { cluster, formats, context, actions } = this.#records;
    const { topic, partition, offset, end } = place;
    const signal = AbortSignal.any([this.#closed.signal, context.signal]);
    try {
      const texts = await FieldTexts.of(topic, formats);
      const { schemas, maxBatchBytes } = formats;
      const record = await nextRecord(cluster, { topic, partition, start: offset, end }, { signal, schemas, maxBatchBytes });
      const why = 'no record there: compacted away, or the end of a transaction';
      this.#remember(name, record ? { record, texts } : { why, dueAt: Number.POSITIVE_INFINITY });
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof KtError)) throw error;
      this.#remember(name, { why: error.message, dueAt: Date.now() + retryMs });
    } finally {
      this.#fetching.delete(name);
    }
    actions.redraw();
  }

  #remember(name: string, found: Found): void {
    this.#found.delete(name);
    this.#found.set(name, found);
    if (this.#found.size > mostFound) this.#found.delete(this.#found.keys().next().value!);
  }
}

function nameOf(place: Place | undefined): string {
  return place ? `${partitionName(place)}@${place.offset}` : '';
}
