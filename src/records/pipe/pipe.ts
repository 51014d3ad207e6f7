/** `pipe`: from topics to topics, with every record accounted for. */
import { randomUUID } from 'node:crypto';
import { whenAborted } from '../../base/pause.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import type { Commits } from '../source/commits.ts';
import { RecordSource } from '../source/record-source.ts';
import type { ReadRequest } from '../source/request.ts';
import { PipeAccount, type PipeSummary } from './account.ts';
import { Destinations } from './destinations.ts';
import { LagLeft } from './lag-left.ts';
import { CommitsAfterWrites, CommitsInTransactions } from './pipe-commits.ts';
import { RecordChange } from './record-change.ts';
import type { PipeEvents, PipeRequest } from './request.ts';
import { Route } from './route.ts';
import { PipeSink } from './sink.ts';

/** How long an interrupted pipe waits for what is on its way. */
const graceMs = 3_000;

export class Pipe {
  readonly #source: Cluster;
  readonly #destination: Cluster;
  readonly #request: PipeRequest;
  readonly #events: PipeEvents;
  readonly #account = new PipeAccount();
  readonly #lag: LagLeft | undefined;

  /**
   * @param source the cluster that is read
   * @param destination the one that is written to
   */
  constructor(source: Cluster, destination: Cluster, request: PipeRequest, events: PipeEvents) {
    this.#source = source;
    this.#destination = destination;
    this.#request = request;
    this.#events = events;
    if (events.showsLag) this.#lag = new LagLeft(source, request.read.isolation);
  }

  /** What became of the records so far. */
  get summary(): PipeSummary {
    return this.#account.summary;
  }

  /** How many offsets are still to be read; undefined until it was looked up, and where nobody asks. */
  get lag(): number | undefined {
    return this.#lag?.value;
  }

  /** Resolves when everything up to the end is written. @throws KtError the first record that could not be, without a dead-letter topic; `connection` */
  async run(): Promise<void> {
    const { read, change, destination, exactlyOnce, group } = this.#request;
    const { signal } = this.#events;
    const destinations = new Destinations(this.#source, this.#destination, destination);
    const sink = await PipeSink.open({
      cluster: this.#destination,
      request: this.#request,
      route: new Route(read.filter, new RecordChange(change), destinations, read.maxBatchBytes),
      destinations,
      account: this.#account,
      transactionalId: exactlyOnce ? `${group!.id}-${randomUUID()}` : undefined,
      outlives: this.#outlives,
      signal: exactlyOnce ? signal : late(signal),
    });
    this.#lag?.begin();
    try {
      await this.#copy(sink);
      await sink.flush();
    } catch (error) {
      throw await this.#endedBy(error, sink);
    } finally {
      this.#lag?.stop();
    }
  }

  /** Reads and writes; again where a transaction was aborted whose records count towards `-n`. */
  async #copy(sink: PipeSink): Promise<void> {
    const { read, group, recordsPerSecond } = this.#request;
    const signal = AbortSignal.any([this.#events.signal, sink.ended]);
    const request: ReadRequest = {
      ...read,
      partBytes: recordsPerSecond === undefined ? undefined : 1,
      group: group && { ...group, commits: this.#commits(sink) },
    };
    for (let left = read.maxRecords; ; ) {
      sink.wasUndone = false;
      const source = new RecordSource(this.#source, { ...request, maxRecords: left }, { ...this.#events, signal });
      for await (const batch of source.batches()) {
        await sink.write(batch, source);
        this.#lag?.passed(batch.passed);
      }
      if (left === undefined || !sink.wasUndone) return;
      left = read.maxRecords! - (this.summary.read - this.summary.skipped);
    }
  }

  #commits(sink: PipeSink): Commits {
    if (!this.#request.exactlyOnce) return new CommitsAfterWrites(sink);
    return new CommitsInTransactions(sink, this.#outlives, this.#events.note);
  }

  /** Whether it lives through outages, having no end. */
  get #outlives(): boolean {
    const { exitAtEnd, to } = this.#request.read;
    return !exitAtEnd && to === undefined;
  }

  /** The error to end with; what is on its way is waited for. */
  async #endedBy(error: unknown, sink: PipeSink): Promise<unknown> {
    if (this.#request.exactlyOnce) {
      await sink.abort();
      return error;
    }
    await sink.flush().catch(() => {});
    return sink.ended.aborted && !this.#events.signal.aborted ? sink.ended.reason : error;
  }
}

/** Aborted some time after another signal: what was appended may still be sent. */
function late(signal: AbortSignal): AbortSignal {
  const controller = new AbortController();
  const end = () => setTimeout(() => controller.abort(signal.reason), graceMs).unref();
  if (signal.aborted) end();
  else whenAborted(signal, end);
  return controller.signal;
}
