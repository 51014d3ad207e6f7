/** One period in which this process is the active one of its group: from the last committed state on, transaction by transaction. */
import { KtError } from '../../../base/errors.ts';
import { shellWord } from '../../../base/shell-word.ts';
import { topicsNamed } from '../../../core/topics/find.ts';
import type { Cluster } from '../../../kafka/cluster.ts';
import { GroupCoordinator } from '../../../kafka/group/coordinator.ts';
import type { Membership } from '../../../kafka/group/membership.ts';
import { fetchOffsets, type Offsets } from '../../../kafka/group/offsets.ts';
import { partitionName } from '../../../kafka/routing.ts';
import type { StreamFields } from '../../expression/stream-fields.ts';
import { RecordSource } from '../../source/record-source.ts';
import type { ReadEvents, ReadRequest } from '../../source/request.ts';
import { Aggregation } from '../aggregation.ts';
import { inOrder } from '../in-order.ts';
import { steps } from '../run.ts';
import type { AggregateSpec } from '../spec.ts';
import type { WindowState } from '../window-state.ts';
import { type KeptState, readChangelog, writeStanding, writeTombstone, writeWindow } from './changelog.ts';
import { type Fingerprint, fingerprintOf, requireSame } from './fingerprint.ts';
import { RecordWriter } from './record-writer.ts';
import { ResultWriter } from './result-writer.ts';

/** How long a transaction gathers results and changes. */
const transactionMs = 1_000;

/** An aggregation whose results go into a topic, with its state in another one. */
export interface Job {
  readonly spec: AggregateSpec;
  readonly request: ReadRequest;
  readonly group: string;
  readonly into: string;
  /** Where the state is kept. */
  readonly changelog: string;
  /** Undefined: late records are only counted. */
  readonly lateTo: string | undefined;
  readonly memoryBytes: number;
  readonly fields: StreamFields;
  readonly events: ReadEvents;
  /** Told the time of each result. */
  readonly checkTime: (timeMs: number) => void;
}

/** The group has moved on without this process. */
export class Superseded extends Error {}

export class Period {
  /** Transactions committed. */
  commits = 0;
  /** Results committed. */
  results = 0;
  readonly #cluster: Cluster;
  readonly #job: Job;
  readonly #membership: Membership;
  readonly #signal: AbortSignal;
  readonly #fingerprint: Fingerprint;
  readonly #positions = new Map<string, bigint>();
  readonly #closed: WindowState[] = [];
  #writer!: RecordWriter;
  #results!: ResultWriter;
  #aggregation!: Aggregation;
  #source!: RecordSource;
  /** Something is to be committed. */
  #hasNews = false;
  #committedAt = performance.now();

  /** @param signal ends it; its reason is thrown */
  constructor(cluster: Cluster, job: Job, membership: Membership, signal: AbortSignal) {
    this.#cluster = cluster;
    this.#job = job;
    this.#membership = membership;
    this.#signal = signal;
    this.#fingerprint = fingerprintOf(job.spec, job.into);
  }

  /** What was left out; undefined before it began. */
  get account() {
    return this.#aggregation?.account;
  }

  /**
   * Reads to the end, if there is one. Whatever is thrown, nothing of the open transaction counts.
   * @throws Superseded, KtError
   */
  async run(): Promise<void> {
    const { spec, request, into, changelog, lateTo, group, checkTime } = this.#job;
    const topics = [into, changelog, ...(lateTo === undefined ? [] : [lateTo])];
    // First of all: it ends what a predecessor left open, which is then neither in the state nor in the group's offsets.
    this.#writer = await RecordWriter.open(this.#cluster, topics, group, this.#signal);
    this.#results = new ResultWriter(this.#writer, into, spec, checkTime);
    try {
      await this.#restore();
      const hasEnd = request.exitAtEnd || request.to !== undefined;
      for await (const step of steps(this.#source, this.#aggregation, hasEnd)) {
        if (step === 'batch') this.#hasNews = true;
        await this.#close(step === 'end', hasEnd);
        const isTime = performance.now() - this.#committedAt >= transactionMs;
        if (this.#hasNews && (step === 'end' || isTime || this.commits === 0) && this.#knowsStarts) await this.#commit();
      }
    } catch (error) {
      await this.#writer.abort();
      throw error;
    } finally {
      this.#aggregation?.end();
    }
  }

  /** Whether it is known where each partition begins: who goes on from here must not begin elsewhere. */
  get #knowsStarts(): boolean {
    const { reach } = this.#source;
    return this.#positions.size > 0 || (reach.length > 0 && reach.every(({ start }) => start !== undefined));
  }

  async #restore(): Promise<void> {
    const { spec, request, changelog, lateTo, memoryBytes, fields, events } = this.#job;
    const kept = await readChangelog(this.#cluster, changelog, spec.measures, { ...events, signal: this.#signal });
    const { standing } = kept;
    const starts = await this.#starts(kept);
    const options = {
      fields,
      memoryBytes,
      tracksChanges: true,
      onLate: lateTo === undefined ? undefined : (record) => this.#writer.copy(lateTo, record),
    } satisfies ConstructorParameters<typeof Aggregation>[1];
    this.#aggregation = new Aggregation(spec, options, standing);
    if (standing) this.#aggregation.account.late = standing.late;
    let count = 0;
    for (const state of kept.windows()) {
      this.#aggregation.restore(state);
      count++;
    }
    for (const [name, position] of starts) this.#positions.set(name, position);
    if (standing) events.note(`group ${this.#job.group} goes on where it stopped, with ${count} open windows`);
    else this.#hasNews = true;
    // Partitions that were added meanwhile are read whole.
    const from = standing ? ({ at: 'beginning' } as const) : request.from;
    this.#source = new RecordSource(this.#cluster, { ...request, from, starts }, { ...events, signal: this.#signal });
  }

  /** @throws KtError `usage`, `refused` where the state is of another request, or the group's offsets are not those of the state */
  async #starts({ standing }: KeptState): Promise<ReadonlyMap<string, bigint>> {
    const { spec, group, changelog } = this.#job;
    const [[topic, partitions] = [spec.topic, []]] = await topicsNamed(this.#cluster, [spec.topic]);
    const coordinator = new GroupCoordinator(this.#cluster, group);
    const wanted = partitions.map((partition) => ({ topic, partition }));
    const offsets = await fetchOffsets(coordinator, group, wanted, this.#signal);
    if (standing) requireSame(group, changelog, standing.fingerprint, this.#fingerprint);
    for (const { committedOffset, ...partition } of offsets) {
      const position = standing?.positions.get(partitionName(partition));
      if (committedOffset === null || committedOffset === position) continue;
      const stands = position === undefined ? 'knows nothing of it' : `stands at ${position}`;
      throw new KtError(
        'refused',
        `group ${group} is at offset ${committedOffset} of ${partitionName(partition)}, but its state in ${changelog} ${stands}`,
        { hint: `begin anew: kt groups delete ${shellWord(group)} and kt topics delete ${shellWord(changelog)}` },
      );
    }
    return standing?.positions ?? new Map();
  }

  /** Closes what is due, and puts its results. */
  async #close(isOver: boolean, hasEnd: boolean): Promise<void> {
    const { spec } = this.#job;
    const aggregation = this.#aggregation;
    const states = isOver ? aggregation.closeAll() : hasEnd ? [] : aggregation.advance(this.#source.reach);
    // One window for all goes on when the reading does.
    const note = (state: WindowState): void => {
      this.#hasNews = true;
      state.isClosed = spec.windows.kind !== 'none';
      if (state.isClosed) this.#closed.push(state);
    };
    if (spec.emit === 'final') await this.#results.write(states, aggregation, note);
    else for (const state of states) note(state);
  }

  /** @throws Superseded, KtError */
  async #commit(): Promise<void> {
    const { spec, changelog, group } = this.#job;
    const [aggregation, writer] = [this.#aggregation, this.#writer];
    const { changed, moved } = aggregation.takeChanges();
    if (spec.emit === 'updates') await this.#results.write(inOrder(changed), aggregation);
    for (const state of changed) {
      if (state.isClosed) continue;
      writeWindow(writer, changelog, state);
      await writer.producer.room();
    }
    for (const window of [...moved, ...this.#closed]) writeTombstone(writer, changelog, window);
    this.#closed.length = 0;
    const positions = this.#reached();
    const { closedThrough, highestTime, account, watermark } = aggregation;
    const { times } = watermark;
    writeStanding(writer, changelog, {
      fingerprint: this.#fingerprint,
      positions,
      times,
      closedThrough,
      highestTime,
      late: account.late,
    });
    // Behind the state and the marker of this transaction: the group lags behind nothing that it wrote itself.
    await writer.flush();
    const offsets = new Map([...offsetsOf(spec.topic, positions), [changelog, new Map([[0, writer.endOf(changelog)! + 1n]])]]);
    if ((await this.#membership.commit(offsets, writer.producer)) === 'stale') {
      throw new Superseded(`group ${group} has moved on`);
    }
    await writer.commit();
    this.commits++;
    this.results = this.#results.count;
    this.#committedAt = performance.now();
    this.#hasNews = false;
  }

  /** By partition name, the next offset to read. */
  #reached(): ReadonlyMap<string, bigint> {
    for (const { start, ...partition } of this.#source.reach) {
      const name = partitionName(partition);
      const position = this.#aggregation.watermark.of(partition.topic, partition.partition).position ?? start;
      if (position !== undefined) this.#positions.set(name, position);
    }
    return this.#positions;
  }
}

function offsetsOf(topic: string, positions: ReadonlyMap<string, bigint>): Offsets {
  const ofTopic = new Map([...positions].map(([name, position]) => [Number(name.slice(topic.length + 1)), position]));
  return new Map([[topic, ofTopic]]);
}
