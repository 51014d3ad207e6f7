/** Reads a topic into a table, and gives the table's rows; then, if asked for, the rows that change. */
import { usageError } from '../../base/errors.ts';
import { topicsNamed } from '../../core/topics/find.ts';
import type { FetchedRecords, NextOffset } from '../../kafka/batch/record.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { partitionName } from '../../kafka/routing.ts';
import { StreamFields } from '../expression/stream-fields.ts';
import type { RecordFilter } from '../filter.ts';
import { type ChosenKey, KeyChoice } from '../key-choice.ts';
import type { FieldFormats } from '../serde/stream-serdes.ts';
import { RecordSource } from '../source/record-source.ts';
import type { ReadEvents, ReadRequest } from '../source/request.ts';
import { SpillingStore } from '../store/spilling-store.ts';
import { type Fold, FoldedStates } from './folded-states.ts';
import { lostHistory } from './lost-history.ts';
import { NewestValues } from './newest-values.ts';
import { RowBatch } from './row-batch.ts';
import { Table } from './table.ts';

export interface TableRequest {
  readonly topic: string;
  /** What is read for it: its partitions, isolation, schemas. Reading begins at the beginning and ends at the end, whatever it says. */
  readonly read: ReadRequest;
  readonly keys: readonly ChosenKey[];
  /** Whether chosen keys are looked for in all partitions, wherever they should be. */
  readonly allPartitions: boolean;
  readonly fold: Fold | undefined;
  /** How a fold sees records. */
  readonly formats: FieldFormats;
  readonly until: number | undefined;
  readonly since: number | undefined;
  /** Which rows are wanted. */
  readonly rows: RecordFilter;
  readonly follow: boolean;
  /** How much memory the table may take, in bytes, before it goes to disk. */
  readonly memoryBytes: number | undefined;
}

export class TableReading {
  readonly #cluster: Cluster;
  readonly #request: TableRequest;
  readonly #events: ReadEvents;
  readonly #passed = new Map<string, bigint>();
  readonly #told = new Set<string>();
  /** The rows that are on their way. */
  readonly rows: RowBatch;

  constructor(cluster: Cluster, request: TableRequest, events: ReadEvents) {
    this.#cluster = cluster;
    this.#request = request;
    this.#events = events;
    this.rows = new RowBatch(request.topic);
  }

  /**
   * The rows, in the order of their keys, then those that change. Each batch is valid until the next one is asked for.
   * @throws KtError `refused` (unknown topic, no room for the table), `connection` (a partition could not be read: there is no table then)
   */
  async *batches(): AsyncGenerator<FetchedRecords> {
    const { topic, keys, read, since, until, fold, follow, memoryBytes } = this.#request;
    const partitions = await this.#partitions();
    const store = new SpillingStore({ what: `the table of ${topic}`, memoryBytes });
    try {
      const fields = new StreamFields(this.#request.formats);
      await fields.prepare({ topic });
      const states = fold && new FoldedStates(store, fold, fields);
      const choice = keys.length > 0 ? new KeyChoice(keys, partitions.length) : undefined;
      const table = new Table({ topic, store, keeper: states ?? new NewestValues(store), until, since, keys: choice });
      const wanted = read.partitions.length > 0 ? read.partitions : partitions;
      if (fold || until !== undefined || since !== undefined) await this.#tellLost(wanted);
      await this.#fill(table, choice, wanted, states);
      yield* this.#wanted(table.rows(this.rows));
      this.#tell(table, choice);
      this.#tellFailures(states);
      try {
        if (follow) yield* this.#changes(table);
      } finally {
        this.#tellFailures(states);
      }
    } finally {
      store.close();
    }
  }

  /** The rows that change from now on. */
  async *#changes(table: Table): AsyncGenerator<FetchedRecords> {
    const request = { ...this.#request.read, starts: this.#passed, exitAtEnd: false };
    for await (const batch of this.#source(request, true).batches()) {
      table.change(batch, this.rows);
      if (!this.rows.isEmpty) yield* this.#wanted([this.rows]);
      this.rows.clear();
    }
  }

  async #partitions(): Promise<readonly number[]> {
    const { topic } = this.#request;
    const found = await topicsNamed(this.#cluster, [topic]);
    const [first] = found;
    if (!first || found.size > 1 || first[0] !== topic)
      throw usageError(`${topic} (a table is of one topic, and this is a pattern)`, 'name the topic');
    return first[1];
  }

  /** Reads what has to be read: of chosen keys only the partitions where they are. */
  async #fill(
    table: Table,
    choice: KeyChoice | undefined,
    partitions: readonly number[],
    states: FoldedStates | undefined,
  ): Promise<void> {
    const { read, allPartitions, follow } = this.#request;
    const isFree = choice && !allPartitions && !follow && read.partitions.length === 0;
    const first = isFree ? choice.partitions : partitions;
    await this.#read(table, first);
    const rest = partitions.filter((partition) => !first.includes(partition));
    if (!isFree || rest.length === 0) return;
    const why = whyElsewhere(this.#request.topic, choice);
    if (why === undefined) return;
    this.#events.note(`${why}; the other partitions are read too`);
    // States are made in the order of time, over all partitions.
    states?.restart();
    await this.#read(table, states ? partitions : rest);
  }

  async #read(table: Table, partitions: readonly number[]): Promise<void> {
    const { read, fold, follow: isFollowedOn } = this.#request;
    const merge = fold !== undefined && partitions.length > 1;
    for await (const batch of this.#source({ ...read, partitions, merge, exitAtEnd: true, isFollowedOn }, false).batches()) {
      table.add(batch);
      this.#pass(batch.passed);
    }
  }

  #source(request: ReadRequest, isShown: boolean): RecordSource {
    const bar: ReadEvents['bar'] = isShown ? () => undefined : this.#events.bar;
    return new RecordSource(this.#cluster, request, { ...this.#events, bar });
  }

  #pass(passed: readonly NextOffset[]): void {
    for (const each of passed) this.#passed.set(partitionName(each), each.nextOffset);
  }

  /** Those rows that are wanted. */
  async *#wanted(batches: Iterable<RowBatch>): AsyncGenerator<FetchedRecords> {
    const { rows: filter, read } = this.#request;
    for (const batch of batches) {
      await read.schemas?.prepare(batch);
      await filter.prepare(batch);
      yield filter.apply(batch);
    }
  }

  async #tellLost(partitions: readonly number[]): Promise<void> {
    const { topic } = this.#request;
    const lost = await lostHistory(
      this.#cluster,
      topic,
      partitions.map((partition) => ({ topic, partition })),
    );
    if (lost !== undefined) this.#events.warn(lost);
  }

  #tell({ keyless, spread }: Table, choice: KeyChoice | undefined): void {
    const { note } = this.#events;
    for (const { text } of choice?.missing ?? []) note(`${text} is the key of no record`);
    if (keyless > 0 && !choice) note(`${keyless} ${keyless === 1 ? 'record has' : 'records have'} no key, and so no row`);
    if (spread > 0)
      note(
        `${spread} ${spread === 1 ? 'key is' : 'keys are'} in several partitions: the record with the latest timestamp counts`,
      );
  }

  /** On which records an expression failed so far, unless that was told already. */
  #tellFailures(states: FoldedStates | undefined): void {
    for (const failed of [states?.failures.told('--fold or --init'), this.#request.rows.failures]) {
      if (failed === undefined || this.#told.has(failed)) continue;
      this.#told.add(failed);
      this.#events.warn(failed);
    }
  }
}

/** Why chosen keys may be where Java's partitioner does not put them; undefined where nothing says so. */
function whyElsewhere(topic: string, choice: KeyChoice): string | undefined {
  const {
    stranger,
    missing: [missing],
  } = choice;
  if (stranger)
    return `offset ${stranger.offset} of ${topic}:${stranger.partition} has a key that Java's partitioner puts elsewhere`;
  if (missing) return `${missing.text} is not in ${topic}:${choice.placeOf(missing)}, where Java's partitioner puts it`;
  return undefined;
}
