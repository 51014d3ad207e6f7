/** Group members for tests, kt's own and Java's console consumer, and the topics they read. */

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Cluster } from '../../src/kafka/cluster.ts';
import { connect } from '../../src/kafka/connect.ts';
import { fetchRecords } from '../../src/kafka/fetch/fetcher.ts';
import { joinGroup, type Membership } from '../../src/kafka/group/membership.ts';
import { RecordProducer } from '../../src/kafka/produce/producer.ts';
import { javaTool } from './foreign-clients.ts';
import { JavaRun } from './java-shared.ts';
import { until } from './until.ts';

/** Partitions of each topic. */
export const partitions = 4;
const leftovers: (() => void)[] = [];

/** Stops what a failed test left running; call it in `after`. */
export function endLeftovers(): void {
  for (const end of leftovers) end();
}

/** Opens connections to these servers, until `signal` is aborted. */
export function opener(bootstrapServers: string) {
  const servers = bootstrapServers.split(',').map((server) => {
    const colon = server.lastIndexOf(':');
    return { host: server.slice(0, colon), port: Number(server.slice(colon + 1)) };
  });
  return (signal = new AbortController().signal): Promise<Cluster> =>
    connect({ bootstrapServers: servers, clientId: 'kt-test', timeoutMs: 60_000, addressMap: new Map() }, { signal });
}

/** A member that reads and commits as `kt tail --group --commit` does. */
export class Reader {
  readonly values: string[] = [];
  readonly next = new Map<number, bigint>();
  readonly #member: Membership;
  readonly #cluster: Cluster;
  readonly #topic: string;
  readonly #stop: AbortController;
  readonly #reading: Promise<void>;

  private constructor(member: Membership, cluster: Cluster, topic: string, stop: AbortController) {
    this.#member = member;
    this.#cluster = cluster;
    this.#topic = topic;
    this.#stop = stop;
    this.#reading = this.#read();
  }

  static async start(open: (signal: AbortSignal) => Promise<Cluster>, group: string, topic: string, sessionTimeoutMs?: number) {
    const stop = new AbortController();
    const cluster = await open(stop.signal);
    const session = sessionTimeoutMs === undefined ? {} : { sessionTimeoutMs };
    const member = await joinGroup(cluster, { group, topics: [topic], signal: stop.signal, note: () => {}, ...session });
    leftovers.push(
      () => stop.abort(new Error('the tests are over')),
      () => void cluster.close(),
    );
    return new Reader(member, cluster, topic, stop);
  }

  get partitions(): readonly number[] {
    return this.#member.assigned.map(({ partition }) => partition);
  }

  /** The newest next offsets of both readers, as `topic-partition` → offset. */
  committed(other: Reader): Record<string, string> {
    const newest = [...other.next, ...this.next];
    return Object.fromEntries(newest.map(([partition, offset]) => [`${this.#topic}-${partition}`, String(offset)]));
  }

  async leave(): Promise<void> {
    this.#stop.abort(new Error('stopped'));
    await this.#reading;
    await this.#member.leave();
    await this.#cluster.close();
  }

  /** Ends like a killed process: its sockets close, and it does not leave the group. */
  async die(): Promise<void> {
    this.#stop.abort(new Error('killed'));
    await this.#cluster.close();
    await this.#reading;
  }

  async #read(): Promise<void> {
    const stopped = once(this.#stop.signal, 'abort');
    try {
      while (!this.#stop.signal.aborted) {
        const over = new AbortController();
        void this.#member.changed.then(() => over.abort());
        const signal = AbortSignal.any([this.#stop.signal, over.signal]);
        await this.#readGeneration(signal).catch((error: unknown) => {
          if (!signal.aborted) throw error;
        });
        await Promise.race([stopped, this.#member.changed]);
        if (!this.#stop.signal.aborted) await this.#member.rejoin();
      }
    } catch (error) {
      if (!this.#stop.signal.aborted) throw error;
    }
  }

  async #readGeneration(signal: AbortSignal): Promise<void> {
    const ranges = this.#member.assigned.map(({ topic, partition, committedOffset }) => ({
      topic,
      partition,
      start: committedOffset ?? 0n,
      end: undefined,
    }));
    if (ranges.length === 0) return;
    for await (const fetched of fetchRecords(this.#cluster, ranges, { isolation: 'read_committed', signal, warn: () => {} })) {
      fetched.each(({ bytes, valueStart, valueEnd }) => {
        this.values.push(bytes.toString('utf8', valueStart, valueEnd));
      });
      const offsets = new Map([[fetched.partition, fetched.nextOffset]]);
      if ((await this.#member.commit(new Map([[fetched.topic, offsets]]))) === 'committed') {
        this.next.set(fetched.partition, fetched.nextOffset);
      }
    }
  }
}

/** A new topic whose partitions have leaders. */
export async function newTopic(cluster: Cluster, count = partitions): Promise<string> {
  const name = `topic-${randomUUID()}`;
  const topics = [{ name, numPartitions: count, replicationFactor: 1, assignments: [], configs: [] }];
  const created = await cluster.request('CreateTopics', { topics, timeoutMs: 60_000 }, 'controller');
  assert.equal(created.topics[0]?.errorCode, 0);
  await until(
    async () =>
      (await cluster.metadata([name])).topics.get(name)?.partitions.filter(({ leader }) => leader >= 0).length === count,
    'the topic has leaders',
  );
  return name;
}

/** Writes `count` new values, spread evenly over the partitions; returns them sorted. */
export async function produce(cluster: Cluster, topic: string, count: number, over = partitions): Promise<string[]> {
  const producer = await RecordProducer.open(cluster, {
    acks: -1,
    idempotent: false,
    compression: 'none',
    retries: 5,
    deliveryTimeoutMs: 10_000,
    signal: cluster.signal,
    onDelivered: () => {},
    onFailed: (_records, error) => assert.fail(error),
  });
  await producer.addTopic(topic);
  const values = Array.from({ length: count }, () => randomUUID());
  const none = Buffer.alloc(0);
  for (const [index, text] of values.entries()) {
    const value = Buffer.from(text);
    const record = { key: none, keyStart: -1, keyEnd: -1, value, valueStart: 0, valueEnd: value.length, headers: undefined };
    producer.append(topic, index % over, { ...record, timestamp: Date.now() }, index);
  }
  await producer.flush();
  return values.sort();
}

/** Kafka's own console consumer and group command; both moved to another package after 3.7. */
export function javaTools(version: string, classpath: string) {
  const old = version.startsWith('3.');
  const groupCommand = old ? 'kafka.admin.ConsumerGroupCommand' : 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand';
  const consoleConsumer = old ? 'kafka.tools.ConsoleConsumer' : 'org.apache.kafka.tools.consumer.ConsoleConsumer';
  const propertyFlag = old ? '--consumer-property' : '--command-property';
  return {
    /** `topic-partition` → CURRENT-OFFSET, as kafka-consumer-groups shows them. */
    async committed(bootstrapServers: string, group: string): Promise<Record<string, string | undefined>> {
      // By default it gives up after 5 s and prints nothing, which is too short on a busy machine.
      const args = ['--bootstrap-server', bootstrapServers, '--describe', '--group', group, '--timeout', '30000'];
      const stdout = await javaTool(classpath, groupCommand, args);
      const rows = stdout.split('\n').map((line) => line.trim().split(/\s+/));
      return Object.fromEntries(
        rows.filter(([name]) => name === group).map(([, topic, partition, offset]) => [`${topic}-${partition}`, offset]),
      );
    },
    consume(bootstrapServers: string, group: string, topic: string, ...properties: readonly string[]) {
      const extra = properties.flatMap((property) => [propertyFlag, property]);
      const args = ['--bootstrap-server', bootstrapServers, '--group', group, '--topic', topic, '--from-beginning', ...extra];
      return javaRun(classpath, consoleConsumer, args);
    },
    /** A member of a share group (KIP-932). */
    share(bootstrapServers: string, group: string, topic: string) {
      const args = ['--bootstrap-server', bootstrapServers, '--group', group, '--topic', topic];
      const tool = 'org.apache.kafka.tools.consumer.ConsoleShareConsumer';
      return javaRun(classpath, tool, args);
    },
  };
}

function javaRun(classpath: string, main: string, args: readonly string[]): JavaRun {
  const run = new JavaRun(classpath, main, args);
  leftovers.push(() => void run.stop());
  return run;
}
