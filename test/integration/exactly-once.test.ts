/** Reading as a member of a group and writing in one transaction: whatever is aborted, killed or rebalanced, each record comes out once. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, describe, test } from 'node:test';
import type { Cluster } from '../../src/kafka/cluster.ts';
import { RecordFetcher } from '../../src/kafka/fetch/fetcher.ts';
import { joinGroup, type Membership } from '../../src/kafka/group/membership.ts';
import type { GroupMetadata, Offsets } from '../../src/kafka/group/offsets.ts';
import { RecordProducer } from '../../src/kafka/produce/producer.ts';
import { testClusters } from '../support/clusters.ts';
import { endLeftovers, javaTools, newTopic, opener, partitions, produce, Reader } from '../support/group-readers.ts';
import { kt } from '../support/kt.ts';
import { until, untilEqual } from '../support/until.ts';

after(endLeftovers);

interface Names {
  readonly source: string;
  readonly target: string;
  readonly group: string;
  readonly transactionalId: string;
}

interface Batch {
  readonly values: readonly string[];
  readonly next: Map<string, Map<number, bigint>>;
}

type Join = 'classic' | 'consumer';

/** A process that copies a topic exactly once: a producer with a transactional id, and a member of a group. */
class Copier {
  readonly cluster: Cluster;
  readonly producer: RecordProducer;
  member: Membership;
  readonly #names: Names;
  #line = 0;
  /** Where it continues; if empty, at the group's offsets. */
  #next = new Map<number, bigint>();

  private constructor(cluster: Cluster, producer: RecordProducer, member: Membership, names: Names) {
    this.cluster = cluster;
    this.producer = producer;
    this.member = member;
    this.#names = names;
  }

  /** The producer first: it ends a dead predecessor's transaction, which would otherwise hold up the group's offsets. */
  static async start(open: (signal?: AbortSignal) => Promise<Cluster>, names: Names, protocol: Join): Promise<Copier> {
    const cluster = await open();
    const producer = await RecordProducer.open(cluster, {
      acks: -1,
      idempotent: true,
      transactionalId: names.transactionalId,
      transactionTimeoutMs: 60_000,
      compression: 'none',
      retries: Number.POSITIVE_INFINITY,
      deliveryTimeoutMs: 20_000,
      signal: cluster.signal,
      onDelivered: () => {},
      onFailed: () => {},
    });
    await producer.addTopic(names.target);
    const member = await joinGroup(cluster, {
      group: names.group,
      topics: [names.source],
      signal: cluster.signal,
      note: () => {},
      ...(protocol === 'classic' && { sessionTimeoutMs: 6_000 }),
    });
    return new Copier(cluster, producer, member, names);
  }

  /** Up to `most` records from the group's offsets on; resolves with none at the end. */
  async read(most: number): Promise<Batch> {
    const values: string[] = [];
    const offsets = new Map<number, bigint>();
    const ends = await endsOf(this.cluster, this.#names.source);
    const ranges = this.member.assigned
      .map(({ topic, partition, committedOffset }) => ({
        topic,
        partition,
        start: this.#next.get(partition) ?? committedOffset ?? 0n,
        end: ends.get(partition) ?? 0n,
      }))
      .filter(({ start, end }) => start < end);
    const { signal } = new AbortController();
    if (ranges.length > 0) {
      const fetcher = new RecordFetcher(this.cluster, ranges, { isolation: 'read_committed', signal, warn: () => {} });
      for await (const part of fetcher.batches()) {
        let next = part.nextOffset;
        part.each((record) => {
          if (values.length >= most) {
            next = record.exactOffset();
            return false;
          }
          values.push(record.bytes.toString('utf8', record.valueStart, record.valueEnd));
          return true;
        });
        offsets.set(part.partition, next);
        if (values.length >= most) break;
      }
    }
    return { values, next: offsets.size > 0 ? new Map([[this.#names.source, offsets]]) : new Map() };
  }

  write(values: readonly string[]): void {
    const none = Buffer.alloc(0);
    for (const text of values) {
      const value = Buffer.from(text);
      const record = { key: none, keyStart: -1, keyEnd: -1, value, valueStart: 0, valueEnd: value.length, headers: undefined };
      this.producer.append(this.#names.target, this.#line % partitions, { ...record, timestamp: Date.now() }, ++this.#line);
    }
  }

  /** Reads, writes and commits until the source is at its end; every `abortEvery`th transaction is aborted and done again. */
  async copyAll(abortEvery: number): Promise<void> {
    for (let turn = 1; ; turn++) {
      const { values, next } = await this.read(25);
      if (values.length === 0) return;
      this.write(values);
      const isAborted = turn % abortEvery === 0;
      // Some aborted records are still in flight, others have arrived.
      if (isAborted && turn % (2 * abortEvery) === 0) await this.producer.flush();
      else this.producer.nudge();
      if (isAborted || (await this.member.commit(next, this.producer)) === 'stale') {
        await this.abort();
      } else {
        assert.equal(await this.producer.commit(), true);
        this.#next = new Map([...this.#next, ...next.get(this.#names.source)!]);
      }
    }
  }

  /** Goes back to the group's offsets. */
  async abort(): Promise<void> {
    assert.equal(await this.producer.abort(), 'empty');
    this.#next.clear();
    await this.member.rejoin();
  }

  async stop(): Promise<void> {
    await this.member.leave();
    await this.cluster.close();
  }
}

/** How a member identifies itself when it commits. */
async function metadataOf(member: Membership, offsets: Offsets): Promise<GroupMetadata> {
  let seen: GroupMetadata | undefined;
  const transaction = {
    addOffsets: async (metadata: GroupMetadata) => {
      seen = metadata;
      return 'committed' as const;
    },
  };
  assert.equal(await member.commit(offsets, transaction), 'committed');
  return seen!;
}

/** Takes part in rebalances until the member has this many partitions. */
async function untilAssigned(member: Membership, count: number): Promise<void> {
  while (member.assigned.length !== count) {
    await member.changed;
    await member.rejoin();
  }
}

/** Takes part in every rebalance until the member leaves. */
async function follow(member: Membership): Promise<void> {
  try {
    for (;;) {
      await member.changed;
      await member.rejoin();
    }
  } catch {
    // It left.
  }
}

async function endsOf(cluster: Cluster, topic: string): Promise<ReadonlyMap<number, bigint>> {
  const { topics } = await cluster.metadata([topic]);
  const { leader } = topics.get(topic)!.partitions[0]!;
  const asked = Array.from({ length: partitions }, (_, partitionIndex) => ({ partitionIndex, timestamp: -1n }));
  const answer = await cluster.request(
    'ListOffsets',
    { replicaId: -1, isolationLevel: 1, topics: [{ name: topic, partitions: asked }] },
    { broker: leader },
  );
  return new Map(answer.topics[0]!.partitions.map(({ partitionIndex, offset }) => [partitionIndex, offset]));
}

for (const { version, bootstrapServers, classpath } of await testClusters()) {
  for (const protocol of ['classic', 'consumer'] as const) {
    const skip = protocol === 'consumer' && version.startsWith('3.') && 'the consumer protocol came with Kafka 4.0';
    describe(`exactly once on Kafka ${version}, as a member by the ${protocol} protocol`, {
      concurrency: true,
      skip,
    }, async () => {
      const open = opener(bootstrapServers);
      const admin = await open();
      after(() => admin.close());
      const java = javaTools(version, classpath);

      async function names(): Promise<Names> {
        const [source, target] = [await newTopic(admin), await newTopic(admin)];
        return { source, target, group: `group-${randomUUID()}`, transactionalId: `copy-${randomUUID()}` };
      }

      async function read(topic: string, isolation = 'read_committed'): Promise<string[]> {
        const args = ['tail', topic, '-b', bootstrapServers, '--from-beginning', '-e', '-o', 'value', '--isolation', isolation];
        const { code, stdout, stderr } = await kt(args);
        assert.equal(code, 0, stderr);
        return stdout.split('\n').slice(0, -1).sort();
      }

      /** Each record once, and the group's offsets at the end, as Kafka's own command shows them. */
      async function assertCopied({ source, target, group }: Names, sent: readonly string[]): Promise<void> {
        assert.deepEqual(await read(target), [...sent].sort());
        const ends = await endsOf(admin, source);
        const expected = Object.fromEntries([...ends].map(([partition, end]) => [`${source}-${partition}`, String(end)]));
        // The markers of a transaction reach the group's offsets after it was committed.
        await untilEqual(() => java.committed(bootstrapServers, group), expected);
      }

      test('after an abort the same producer begins again, and neither records nor offsets are left behind', async () => {
        const topics = await names();
        const sent = await produce(admin, topics.source, 200);
        const copier = await Copier.start(open, topics, protocol);
        await copier.copyAll(3);
        await copier.stop();
        assert.ok((await read(topics.target, 'read_uncommitted')).length > sent.length, 'some were written and aborted');
        await assertCopied(topics, sent);
      });

      test('an aborted transaction does not move the group, and a committed one does', async () => {
        const topics = await names();
        await produce(admin, topics.source, 40);
        const copier = await Copier.start(open, topics, protocol);
        const standing = async () => {
          await copier.member.rejoin();
          return copier.member.assigned.map(({ committedOffset }) => committedOffset);
        };
        const { next } = await copier.read(40);
        assert.equal(await copier.member.commit(next, copier.producer), 'committed');
        assert.equal(await copier.producer.abort(), 'empty');
        assert.deepEqual(await standing(), [null, null, null, null]);
        assert.equal(await copier.member.commit(next, copier.producer), 'committed');
        assert.equal(await copier.producer.commit(), true);
        assert.deepEqual(await standing(), [10n, 10n, 10n, 10n]);
        await copier.stop();
      });

      test('a second producer with the id fences the first, whose transaction stays invisible, and resumes at the group’s offsets', async () => {
        const topics = await names();
        const sent = await produce(admin, topics.source, 120);
        const first = await Copier.start(open, topics, protocol);
        const done = await first.read(50);
        first.write(done.values);
        assert.equal(await first.member.commit(done.next, first.producer), 'committed');
        assert.equal(await first.producer.commit(), true);
        await first.member.rejoin();
        const lost = await first.read(30);
        first.write(lost.values);
        await first.producer.flush();
        assert.equal(await first.member.commit(lost.next, first.producer), 'committed');

        // The first one hangs, and leaves the group when its session ends; the second one takes over.
        const starting = Copier.start(open, topics, protocol);
        await first.member.leave();
        const second = await starting;
        await assert.rejects(first.producer.commit(), { kind: 'refused', code: 'PRODUCER_FENCED', message: /took over/ });
        assert.equal(await first.producer.abort(), 'fenced');
        first.write(['too late']);
        await assert.rejects(first.producer.flush());
        await first.cluster.close();

        await second.copyAll(4);
        await second.stop();
        await assertCopied(topics, sent);
      });

      test('killed in the middle of a transaction, it is resumed by its successor', async () => {
        const topics = await names();
        const sent = await produce(admin, topics.source, 120);
        const killed = await Copier.start(open, topics, protocol);
        const lost = await killed.read(60);
        killed.write(lost.values);
        await killed.producer.flush();
        assert.equal(await killed.member.commit(lost.next, killed.producer), 'committed');
        await killed.member.leave();
        await killed.cluster.close();
        assert.deepEqual(await read(topics.target), []);

        const successor = await Copier.start(open, topics, protocol);
        await successor.copyAll(4);
        await successor.stop();
        await assertCopied(topics, sent);
      });

      test('a rebalance in the middle: offsets of the old generation are refused, the transaction is aborted, and each record still comes out once', async () => {
        const topics = await names();
        const sent = await produce(admin, topics.source, 120);
        const copier = await Copier.start(open, topics, protocol);
        const all = await copier.read(120);
        copier.write(all.values);
        await copier.producer.flush();

        const { member } = copier;
        const before = await metadataOf(member, all.next);
        const session = protocol === 'classic' ? { sessionTimeoutMs: 6_000 } : {};
        const cluster = await open();
        const joining = joinGroup(cluster, {
          group: topics.group,
          topics: [topics.source],
          signal: cluster.signal,
          note: () => {},
          ...session,
        });
        await member.changed;
        // It does not yet know what the group decided: in its protocol it owns all partitions until it revokes them.
        await member.rejoin();
        const other = await joining;
        void follow(other);
        await untilAssigned(member, 2);
        assert.equal(await copier.producer.addOffsets(before, all.next), 'stale', 'by the word of the coordinator');
        assert.equal(await member.commit(all.next, copier.producer), 'stale', 'half of it is not its own any more');
        assert.equal(await copier.producer.abort(), 'empty');
        assert.deepEqual(await read(topics.target), []);

        await other.leave();
        await untilAssigned(member, partitions);
        await cluster.close();
        await copier.copyAll(4);
        await copier.stop();
        await assertCopied(topics, sent);
      });

      test('the coordinator itself refuses offsets under a generation that is over', async () => {
        const topics = await names();
        await produce(admin, topics.source, 40);
        const copier = await Copier.start(open, topics, protocol);
        const { next } = await copier.read(40);
        const known = await metadataOf(copier.member, next);
        for (const stranger of [
          { ...known, memberId: 'nobody' },
          { ...known, generationId: known.generationId + 7 },
          { ...known, generationId: known.generationId - 1 },
        ])
          assert.equal(await copier.producer.addOffsets(stranger, next), 'stale');
        assert.equal(await copier.producer.abort(), 'empty');
        await copier.stop();
      });

      test('it starts where another reader of the group stopped, and copies the rest once', async () => {
        const topics = await names();
        const reader = await Reader.start(open, topics.group, topics.source, protocol === 'classic' ? 6_000 : undefined);
        const sent = await produce(admin, topics.source, 40);
        await until(() => reader.values.length === 40, 'the reader has all');
        await reader.leave();
        const copier = await Copier.start(open, topics, protocol);
        const later = await produce(admin, topics.source, 80);
        await copier.copyAll(3);
        await copier.stop();
        assert.deepEqual([...reader.values].sort(), sent);
        await assertCopied(topics, later);
      });
    });
  }
}
