/** Members of a consumer group on a real Kafka, among themselves and with Java's console consumer. */
import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { after, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Cluster } from '../../src/kafka/cluster.ts';
import { connect } from '../../src/kafka/connect.ts';
import { joinGroup, type Membership } from '../../src/kafka/group/membership.ts';
import { fetchRecords } from '../../src/kafka/records/fetch.ts';
import { RecordProducer } from '../../src/kafka/records/producer.ts';
import { testClusters } from '../support/clusters.ts';

const partitions = 4;
/** Ends what a failed test left running. */
const leftovers: (() => void)[] = [];
after(() => {
  for (const end of leftovers) end();
});

for (const { version, bootstrapServers, classpath } of await testClusters()) {
  // Rebalances mostly wait for heartbeats, so the groups do that at the same time.
  describe(`groups on Kafka ${version}`, { concurrency: true }, async () => {
    const admin = await open();
    after(() => admin.close());
    const sessionTimeoutMs = await shortestSession(admin);
    const java = javaTools(version, classpath);

    async function open(signal = new AbortController().signal): Promise<Cluster> {
      const servers = bootstrapServers.split(',').map((server) => {
        const colon = server.lastIndexOf(':');
        return { host: server.slice(0, colon), port: Number(server.slice(colon + 1)) };
      });
      return connect({ bootstrapServers: servers, clientId: 'kt-test', timeoutMs: 10_000, addressMap: new Map() }, { signal });
    }

    test(`two members share the partitions, and when one leaves the other reads on where it stood`, async () => {
      const topic = await newTopic(admin);
      const group = `group-${randomUUID()}`;
      const first = await Reader.start(open, group, topic);
      await until(() => first.partitions.length === partitions, 'the first member has everything');
      const second = await Reader.start(open, group, topic);
      await until(() => first.partitions.length === 2 && second.partitions.length === 2, 'both have half');

      const before = await produce(admin, topic, 200);
      await until(() => first.values.length + second.values.length >= before.length, 'everything was read');
      assert.deepEqual([...first.values, ...second.values].sort(), before);
      assert.ok(first.values.length > 0 && second.values.length > 0);

      await first.leave();
      await until(() => second.partitions.length === partitions, 'the other one has everything');
      const seen = second.values.length;
      const later = await produce(admin, topic, 200);
      await until(() => second.values.length - seen >= later.length, 'the rest was read');
      assert.deepEqual(second.values.slice(seen).sort(), later);
      assert.deepEqual(await java.committed(bootstrapServers, group), second.committed(first));
      await second.leave();
    });

    test(`a member shares its group with Java's console consumer, and each record has one reader`, async () => {
      const topic = await newTopic(admin);
      const group = `group-${randomUUID()}`;
      const member = await Reader.start(open, group, topic);
      const consumer = java.consume(bootstrapServers, group, topic);
      await until(() => member.partitions.length === 2, "Java's consumer has half");
      const sent = await produce(admin, topic, 200);
      await until(() => member.values.length + consumer.lines.length >= sent.length, 'everything was read');
      assert.deepEqual([...member.values, ...consumer.lines].sort(), sent);
      assert.ok(member.values.length > 0 && consumer.lines.length > 0);

      await consumer.stop();
      await until(() => member.partitions.length === partitions, 'the member has everything');
      const seen = member.values.length;
      const later = await produce(admin, topic, 50);
      await until(() => member.values.length - seen >= later.length, 'the rest was read');
      assert.deepEqual(member.values.slice(seen).sort(), later);
      await member.leave();
    });

    test(`a member that joins Java's consumers as the second one takes over what they give it`, async () => {
      const topic = await newTopic(admin);
      const group = `group-${randomUUID()}`;
      const strategies = [
        'org.apache.kafka.clients.consumer.CooperativeStickyAssignor',
        'org.apache.kafka.clients.consumer.RoundRobinAssignor',
      ];
      for (const strategy of strategies) {
        const consumer = java.consume(bootstrapServers, group, topic, `partition.assignment.strategy=${strategy}`);
        const before = await produce(admin, topic, 40);
        await until(() => consumer.lines.length >= before.length, 'Java reads alone');
        const member = await Reader.start(open, group, topic);
        await until(() => member.partitions.length === 2, 'the member has half');
        const later = await produce(admin, topic, 100);
        const all = () => [...consumer.lines.slice(before.length), ...member.values];
        await until(() => later.every((value) => all().includes(value)), 'both read on');
        assert.ok(
          later.some((value) => member.values.includes(value)) && later.some((value) => consumer.lines.includes(value)),
        );
        await consumer.stop();
        await until(() => member.partitions.length === partitions, 'the member has everything');
        await member.leave();
      }
    });

    test(`a member that dies without a word loses its partitions after its session, and no record is skipped`, async () => {
      const topic = await newTopic(admin);
      const group = `group-${randomUUID()}`;
      const dying = await Reader.start(open, group, topic, sessionTimeoutMs);
      const other = await Reader.start(open, group, topic, sessionTimeoutMs);
      await until(() => dying.partitions.length === 2 && other.partitions.length === 2, 'both have half');
      await dying.die();
      const sent = await produce(admin, topic, 100);
      await until(() => other.partitions.length === partitions, 'the other one has everything');
      await until(() => other.values.length >= sent.length, 'everything was read');
      assert.deepEqual([...other.values].sort(), sent);
      await other.leave();
    });

    test(`an interrupted member commits and leaves at once, so that nobody waits for its session to end`, async () => {
      const topic = await newTopic(admin);
      const group = `group-${randomUUID()}`;
      const interrupt = new AbortController();
      const cluster = await open(interrupt.signal);
      const member = await joinGroup(cluster, { group, topics: [topic], signal: interrupt.signal, note: () => {} });
      interrupt.abort(new Error('interrupted'));
      const offsets = new Map(member.assigned.map(({ partition }) => [partition, 1n]));
      assert.equal(await member.commit(new Map([[topic, offsets]])), 'committed');
      await member.leave();
      await cluster.close();
      const next = await joinGroup(admin, { group, topics: [topic], signal: admin.signal, note: () => {} });
      assert.equal(next.assigned.length, partitions);
      assert.ok(next.assigned.every(({ committedOffset }) => committedOffset === 1n));
      await next.leave();
    });

    test(`a member joins a group of the newer protocol (KIP-848) beside Java's consumer`, {
      skip: version.startsWith('3.'),
    }, async () => {
      const topic = await newTopic(admin);
      const group = `group-${randomUUID()}`;
      const consumer = java.consume(bootstrapServers, group, topic, 'group.protocol=consumer');
      const before = await produce(admin, topic, 40);
      await until(() => consumer.lines.length >= before.length, 'Java reads alone');
      const member = await Reader.start(open, group, topic);
      await until(() => member.partitions.length === 2, 'the member has half');
      const later = await produce(admin, topic, 100);
      await until(() => consumer.lines.length - before.length + member.values.length >= later.length, 'both read on');
      assert.deepEqual([...consumer.lines.slice(before.length), ...member.values].sort(), later);
      await consumer.stop();
      await until(() => member.partitions.length === partitions, 'the member has everything');
      await member.leave();
    });

    test(`a group whose members share no assignor with kt refuses it by name`, async () => {
      const topic = await newTopic(admin);
      const group = `group-${randomUUID()}`;
      const strategy = 'org.apache.kafka.clients.consumer.StickyAssignor';
      const consumer = java.consume(bootstrapServers, group, topic, `partition.assignment.strategy=${strategy}`);
      const sent = await produce(admin, topic, 4);
      await until(() => consumer.lines.length >= sent.length, 'Java reads alone');
      await assert.rejects(joinGroup(admin, { group, topics: [topic], signal: admin.signal, note: () => {} }), {
        kind: 'refused',
        code: 'INCONSISTENT_GROUP_PROTOCOL',
      });
      await consumer.stop();
    });
  });
}

/** A member that reads and commits as `kt tail --group --commit` does. */
class Reader {
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

  /** Ends as a killed process does: its sockets close, and it says nothing to the group. */
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
      fetched.records.each(({ bytes, valueStart, valueEnd }) => {
        this.values.push(bytes.toString('utf8', valueStart, valueEnd));
      });
      const offsets = new Map([[fetched.partition, fetched.nextOffset]]);
      if ((await this.#member.commit(new Map([[fetched.topic, offsets]]))) === 'committed') {
        this.next.set(fetched.partition, fetched.nextOffset);
      }
    }
  }
}

async function newTopic(cluster: Cluster): Promise<string> {
  const name = `topic-${randomUUID()}`;
  const topics = [{ name, numPartitions: partitions, replicationFactor: 1, assignments: [], configs: [] }];
  const created = await cluster.request('CreateTopics', { topics, timeoutMs: 10_000 }, 'controller');
  assert.equal(created.topics[0]?.errorCode, 0);
  await until(
    async () =>
      (await cluster.metadata([name])).topics.get(name)?.partitions.filter(({ leader }) => leader >= 0).length === partitions,
    'the topic has leaders',
  );
  return name;
}

/** Writes `count` new values, spread evenly over the partitions; returns them sorted. */
async function produce(cluster: Cluster, topic: string, count: number): Promise<string[]> {
  const producer = await RecordProducer.open(cluster, {
    acks: -1,
    idempotent: false,
    compression: 'none',
    retries: 5,
    deliveryTimeoutMs: 10_000,
    signal: cluster.signal,
    onDelivered: () => {},
    onFailed: (_topic, _partition, _lines, error) => assert.fail(error),
  });
  await producer.addTopic(topic);
  const values = Array.from({ length: count }, () => randomUUID());
  const none = Buffer.alloc(0);
  for (const [index, text] of values.entries()) {
    const value = Buffer.from(text);
    const record = { key: none, keyStart: -1, keyEnd: -1, value, valueStart: 0, valueEnd: value.length, headers: undefined };
    producer.append(topic, index % partitions, { ...record, timestamp: Date.now() }, index);
  }
  await producer.flush();
  return values.sort();
}

/** The broker's group.min.session.timeout.ms. */
async function shortestSession(cluster: Cluster): Promise<number> {
  const name = 'group.min.session.timeout.ms';
  const broker = (await cluster.metadata([])).brokers[0]?.id ?? 0;
  const resources = [{ resourceType: 4, resourceName: String(broker), configurationKeys: [name] }];
  const { results } = await cluster.request('DescribeConfigs', { resources }, { broker });
  return Number(results[0]?.configs[0]?.value ?? 6_000);
}

/** Kafka's own console consumer and group command; both moved into another package after 3.7. */
function javaTools(version: string, classpath: string) {
  const old = version.startsWith('3.');
  const groupCommand = old ? 'kafka.admin.ConsumerGroupCommand' : 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand';
  const consoleConsumer = old ? 'kafka.tools.ConsoleConsumer' : 'org.apache.kafka.tools.consumer.ConsoleConsumer';
  const propertyFlag = old ? '--consumer-property' : '--command-property';
  const java = ['-XX:TieredStopAtLevel=1', '-cp', classpath];
  return {
    /** `topic-partition` → CURRENT-OFFSET, as kafka-consumer-groups shows them. */
    async committed(bootstrapServers: string, group: string): Promise<Record<string, string | undefined>> {
      const args = [...java, groupCommand, '--bootstrap-server', bootstrapServers, '--describe', '--group', group];
      const { stdout } = await promisify(execFile)('java', args);
      const rows = stdout.split('\n').map((line) => line.trim().split(/\s+/));
      return Object.fromEntries(
        rows.filter(([name]) => name === group).map(([, topic, partition, offset]) => [`${topic}-${partition}`, offset]),
      );
    },
    consume(bootstrapServers: string, group: string, topic: string, property?: string) {
      const extra = property === undefined ? [] : [propertyFlag, property];
      const args = ['--bootstrap-server', bootstrapServers, '--group', group, '--topic', topic, '--from-beginning', ...extra];
      return new JavaConsumer(spawn('java', [...java, consoleConsumer, ...args], { stdio: ['ignore', 'pipe', 'inherit'] }));
    },
  };
}

class JavaConsumer {
  #text = '';
  readonly #process: ChildProcess;

  constructor(process: ChildProcess) {
    this.#process = process;
    leftovers.push(() => process.kill('SIGKILL'));
    process.stdout?.on('data', (chunk: Buffer) => {
      this.#text += chunk.toString('utf8');
    });
  }

  get lines(): string[] {
    return this.#text.split('\n').slice(0, -1);
  }

  async stop(): Promise<void> {
    this.#process.kill('SIGTERM');
    if (this.#process.exitCode === null) await once(this.#process, 'exit');
  }
}

async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited 30 s for this: ${what}`);
    await delay(25);
  }
}
