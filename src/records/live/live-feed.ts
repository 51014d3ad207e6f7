/** Records of a topic as they come, into a ring, with those that match a filter beside them; joins no group. */
import { isEnding, KtError } from '../../base/errors.ts';
import type { RecordView } from '../../kafka/batch/record.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import type { CopiedRecord } from '../copied-record.ts';
import { RecordFilter } from '../filter.ts';
import type { RecordSchemas } from '../schemas/record-schemas.ts';
import type { FieldFormats } from '../serde/stream-serdes.ts';
import { RecordSource } from '../source/record-source.ts';
import { FieldTexts } from './field-texts.ts';
import { type RecordMatch, recordMatch } from './record-match.ts';
import { RecordRing } from './record-ring.ts';

export type LiveFormats = FieldFormats & { readonly schemas: RecordSchemas | undefined };

export interface LiveRequest {
  readonly topic: string;
  /** Undefined: all. */
  readonly partition: number | undefined;
  /** How many of the newest offsets of each partition come first. */
  readonly newest: number;
  readonly formats: LiveFormats;
}

/** People wait no longer for a filter, and it is not run at each letter. */
const restMs = 300;
/** Over so many ms a rate is taken, and over no fewer than the others. */
const mostRateMs = 5_000;
const leastRateMs = 1_000;

export class LiveFeed {
  readonly ring = new RecordRing();
  /** Undefined until the formats are loaded. */
  texts: FieldTexts | undefined;
  /** What ended the reading, or what it waits for. */
  message: string | undefined;
  /** What is wrong with the filter as typed; the last good one stays. */
  filterProblem: KtError | undefined;
  readonly #cluster: Cluster;
  readonly #request: LiveRequest;
  readonly #changed: () => void;
  readonly #stopped = new AbortController();
  #source: RecordSource | undefined;
  #messageStays = false;
  #filter = '';
  #match: RecordMatch | undefined;
  #matching: readonly CopiedRecord[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** Where each partition ended when its reading began. */
  readonly #ends = new Map<number, number>();
  readonly #came: { at: number; count: number }[] = [];
  /** When the reading began, in ms of `performance.now()`. */
  #beganAt: number | undefined;
  #quiet: NodeJS.Timeout | undefined;

  /** @param changed called when there is something new to show */
  constructor(cluster: Cluster, request: LiveRequest, changed: () => void) {
    this.#cluster = cluster;
    this.#request = request;
    this.#changed = changed;
  }

  /** The records that pass the filter, oldest first. */
  get shown(): readonly CopiedRecord[] {
    return this.#match ? this.#matching : this.ring.records;
  }

  get isFiltered(): boolean {
    return this.#match !== undefined;
  }

  /** Records that came a second, over the last few; not those that were there before. */
  get perSecond(): number {
    const now = performance.now();
    while (this.#came.length > 0 && now - this.#came[0]!.at > mostRateMs) this.#came.shift();
    const ms = Math.min(mostRateMs, Math.max(leastRateMs, now - (this.#beganAt ?? now)));
    return (this.#came.reduce((sum, { count }) => sum + count, 0) * 1_000) / ms;
  }

  /** Reads until it is stopped. */
  async run(): Promise<void> {
    const { topic, partition, newest, formats } = this.#request;
    try {
      this.texts = await FieldTexts.of(topic, formats);
      const all = new RecordFilter({ ...formats, key: undefined, value: undefined, headers: [], where: [] });
      const source = new RecordSource(
        this.#cluster,
        {
          topics: [topic],
          partitions: partition === undefined ? [] : [partition],
          from: { at: 'last', count: newest },
          to: undefined,
          exitAtEnd: false,
          maxRecords: undefined,
          last: undefined,
          merge: false,
          filter: all,
          schemas: formats.schemas,
          isolation: 'read_committed',
          maxBatchBytes: formats.maxBatchBytes,
          group: undefined,
        },
        {
          signal: this.#stopped.signal,
          note: (text) => this.#say(text, false),
          warn: (text) => this.#say(text),
          bar: () => undefined,
          waiting: () => {},
          found: (ranges) => {
            this.#beganAt ??= performance.now();
            for (const range of ranges) this.#ends.set(range.partition, Number(range.endOffset));
          },
        },
      );
      this.#source = source;
      const isOlder = (record: RecordView) => record.offset < (this.#ends.get(record.partition) ?? 0);
      for await (const batch of source.batches()) {
        if (this.#stopped.signal.aborted) return;
        const before = this.ring.came;
        const kept = this.ring.add(batch, performance.now(), isOlder);
        if (kept.length === 0) continue;
        if (this.ring.came > before) this.#count(this.ring.came - before);
        if (!this.#messageStays) this.message = undefined;
        if (this.#match) this.#update(kept);
        this.#changed();
      }
    } catch (error) {
      if (this.#stopped.signal.aborted) return;
      if (!(error instanceof KtError) || isEnding(error)) throw error;
      this.#say(error.message);
    }
  }

  /** Filters by this text once the typing rests; empty: all. */
  filterBy(text: string): void {
    if (text === this.#filter) return;
    this.#filter = text;
    clearTimeout(this.#timer);
    if (text === '') this.#use(undefined);
    else this.#timer = setTimeout(() => void this.#compile(text), restMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#quiet);
    this.#stopped.abort(new KtError('interrupted', 'the records were closed'));
    this.#source?.stop();
  }

  async #compile(text: string): Promise<void> {
    if (!this.texts) {
      this.#timer = setTimeout(() => void this.#compile(text), restMs);
      return;
    }
    try {
      const match = await recordMatch(this.#request.topic, text, this.texts, this.#request.formats);
      if (text === this.#filter) this.#use(match);
    } catch (error) {
      if (!(error instanceof KtError)) throw error;
      this.filterProblem = error;
      this.#changed();
    }
  }

  #use(match: RecordMatch | undefined): void {
    this.#match = match;
    this.filterProblem = undefined;
    this.#matching = match ? this.ring.records.filter(match) : [];
    this.#changed();
  }

  #update(kept: readonly CopiedRecord[]): void {
    const [matching, came] = [new Set(this.#matching), new Set(kept)];
    const match = this.#match!;
    this.#matching = this.ring.records.filter((record) => matching.has(record) || (came.has(record) && match(record)));
  }

  #count(count: number): void {
    this.#came.push({ at: performance.now(), count });
    clearTimeout(this.#quiet);
    // When nothing comes the rate has to fall all the same.
    this.#quiet = setTimeout(this.#changed, mostRateMs + 1);
  }

  /** @param stays whether it holds on when records come, as while some partitions are waited for */
  #say(text: string, stays = true): void {
    this.message = text;
    this.#messageStays = stays;
    this.#changed();
  }
}
