/** Records of a topic as they come, into a ring, with those that match a filter beside them; joins no group. */
import { isEnding, KtError } from '../../base/errors.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { RecordFilter } from '../filter.ts';
import type { RecordSchemas } from '../schemas/record-schemas.ts';
import type { FieldFormats } from '../serde/stream-serdes.ts';
import { RecordSource } from '../source/record-source.ts';
import { FieldTexts } from './field-texts.ts';
import { type RecordMatch, recordMatch } from './record-match.ts';
import { type HeldRecord, RecordRing } from './record-ring.ts';

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
  #filter = '';
  #match: RecordMatch | undefined;
  #matching: HeldRecord[] = [];
  #timer: NodeJS.Timeout | undefined;
  readonly #came: { at: number; count: number }[] = [];

  /** @param changed called when there is something new to show */
  constructor(cluster: Cluster, request: LiveRequest, changed: () => void) {
    this.#cluster = cluster;
    this.#request = request;
    this.#changed = changed;
  }

  /** The records that pass the filter, oldest first. */
  get shown(): readonly HeldRecord[] {
    return this.#match ? this.#matching : this.ring.records;
  }

  get isFiltered(): boolean {
    return this.#match !== undefined;
  }

  /** Records that came a second, over the last few. */
  get perSecond(): number {
    const now = performance.now();
    while (this.#came.length > 0 && now - this.#came[0]!.at > 5_000) this.#came.shift();
    return this.#came.reduce((sum, { count }) => sum + count, 0) / 5;
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
          note: (text) => this.#say(text),
          warn: (text) => this.#say(text),
          bar: () => undefined,
          waiting: () => {},
        },
      );
      this.#source = source;
      for await (const batch of source.batches()) {
        if (this.#stopped.signal.aborted) return;
        const before = this.ring.came;
        const { kept, gone } = this.ring.add(batch, performance.now());
        if (this.ring.came === before) continue;
        this.#came.push({ at: performance.now(), count: this.ring.came - before });
        this.message = undefined;
        if (this.#match) this.#update(kept, gone);
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
    this.#matching = match ? this.ring.records.filter(({ record }) => match(record)) : [];
    this.#changed();
  }

  #update(kept: readonly HeldRecord[], gone: readonly HeldRecord[]): void {
    const last = gone.at(-1)?.number ?? 0;
    while (this.#matching.length > 0 && this.#matching[0]!.number <= last) this.#matching.shift();
    for (const held of kept) if (held.number > last && this.#match!(held.record)) this.#matching.push(held);
  }

  #say(text: string): void {
    this.message = text;
    this.#changed();
  }
}
