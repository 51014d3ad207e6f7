/** Reads one event's way over topics: of each topic what may hold records of it. */
import { topicsNamed } from '../../core/topics/find.ts';
import type { FetchedRecords, RecordView } from '../../kafka/batch/record.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { partitionName } from '../../kafka/routing.ts';
import type { CompiledExpression } from '../expression/compile.ts';
import { RecordFailures } from '../expression/record-failures.ts';
import { StreamFields } from '../expression/stream-fields.ts';
import { HeldBytes } from '../held-bytes.ts';
import { type ChosenKey, KeyChoice } from '../key-choice.ts';
import type { FieldFormats } from '../serde/stream-serdes.ts';
import { RecordSource } from '../source/record-source.ts';
import { type ReadEvents, type ReadRequest, wantedPartitions } from '../source/request.ts';
import { byTime, type TraceEvent, traceEvent } from './event.ts';

export interface TraceRequest {
  /** What is read, and which records are of the event: each reading counts for itself on which of them an expression failed. */
  readonly read: () => Promise<ReadRequest>;
  readonly maxBatchBytes: number | undefined;
  /** The event's key; undefined: any. */
  readonly key: ChosenKey | undefined;
  /** Whether the key is looked for in all partitions. */
  readonly allPartitions: boolean;
  readonly type: CompiledExpression;
  readonly formats: FieldFormats;
  readonly follow: boolean;
  /** Whether the reader keeps what comes as well: else only the events up to the end count as held. */
  readonly keepsAll: boolean;
}

export class Trace {
  readonly #cluster: Cluster;
  readonly #request: TraceRequest;
  readonly #events: ReadEvents;
  readonly #fields: StreamFields;
  readonly #held: HeldBytes;
  readonly #failures = new RecordFailures();
  readonly #passed = new Map<string, bigint>();
  /** By topic, where a key is looked for. */
  readonly #choices = new Map<string, KeyChoice>();
  /** Topics of which only the key's partition was read, without finding it. */
  readonly unseen: string[] = [];

  constructor(cluster: Cluster, request: TraceRequest, events: ReadEvents) {
    this.#cluster = cluster;
    this.#request = request;
    this.#events = events;
    this.#fields = new StreamFields(request.formats);
    this.#held = new HeldBytes('kt trace', request.maxBatchBytes);
  }

  /**
   * All events up to the end in the order of time, then, if asked for, those that come, as they come.
   * @throws KtError `refused` (unknown topic, too much to hold), `connection` (a partition could not be read)
   */
  async *events(): AsyncGenerator<readonly TraceEvent[]> {
    const { read, follow, keepsAll } = this.#request;
    try {
      const asked = await read();
      const topics = await topicsNamed(this.#cluster, asked.topics);
      const events: TraceEvent[] = [];
      for (const [topic, partitions] of topics) await this.#topic(topic, partitions, wantedPartitions(asked, topic), events);
      yield events.sort(byTime);
      if (!follow) return;
      const following = {
        ...(await read()),
        topics: [...topics.keys()],
        starts: this.#passed,
        exitAtEnd: false,
        to: undefined,
      };
      for await (const batch of new RecordSource(this.#cluster, following, this.#events).batches()) {
        const came: TraceEvent[] = [];
        await this.#add(batch, came, keepsAll);
        if (came.length > 0) yield came.sort(byTime);
      }
    } finally {
      const failed = this.#failures.told('--type');
      if (failed !== undefined) this.#events.warn(failed);
    }
  }

  /** @param wanted the partitions that are asked for; empty means all */
  async #topic(topic: string, partitions: readonly number[], wanted: readonly number[], events: TraceEvent[]): Promise<void> {
    const { key, allPartitions, follow } = this.#request;
    const choice = key && new KeyChoice([key], partitions.length);
    if (choice) this.#choices.set(topic, choice);
    if (!choice || allPartitions || follow || wanted.length > 0) {
      await this.#read(topic, wanted, events);
      return;
    }
    await this.#read(topic, choice.partitions, events);
    const rest = partitions.filter((partition) => !choice.partitions.includes(partition));
    if (rest.length === 0) return;
    if (choice.stranger) {
      const { partition, offset } = choice.stranger;
      this.#events.note(
        `offset ${offset} of ${topic}:${partition} has a key that Java's partitioner puts elsewhere; the other partitions are read too`,
      );
      await this.#read(topic, rest, events);
    } else if (choice.missing.length > 0) this.unseen.push(topic);
  }

  async #read(topic: string, partitions: readonly number[], events: TraceEvent[]): Promise<void> {
    const { follow: isFollowedOn } = this.#request;
    const only = { topics: [topic], partitions, partitionsOf: undefined };
    const request = { ...(await this.#request.read()), ...only, exitAtEnd: true, isFollowedOn };
    for await (const batch of new RecordSource(this.#cluster, request, this.#events).batches()) {
      await this.#add(batch, events, true);
      for (const each of batch.passed) this.#passed.set(partitionName(each), each.nextOffset);
    }
  }

  async #add(batch: FetchedRecords, events: TraceEvent[], isKept: boolean): Promise<void> {
    await this.#fields.prepare(batch);
    const scopeOf = this.#fields.of(batch.topic);
    const choice = this.#choices.get(batch.topic);
    batch.each((record) => {
      if (choice && (record.keyStart < 0 || !choice.take(record))) return;
      try {
        const event = traceEvent(record, scopeOf(record), this.#request.type);
        if (isKept) this.#held.add(fieldBytes(record), record);
        events.push(event);
      } catch (error) {
        this.#failures.add(error, record);
      }
    });
  }
}

/** How long key and value are. */
function fieldBytes({ keyStart, keyEnd, valueStart, valueEnd }: RecordView): number {
  return (keyStart < 0 ? 0 : keyEnd - keyStart) + (valueStart < 0 ? 0 : valueEnd - valueStart);
}
