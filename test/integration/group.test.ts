/** Members of a consumer group on a real Kafka, among themselves and with Java's console consumer. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, describe, test } from 'node:test';
import type { Cluster } from '../../src/kafka/cluster.ts';
import { joinGroup } from '../../src/kafka/group/membership.ts';
import { testClusters } from '../support/clusters.ts';
import { endLeftovers, javaTools, newTopic, opener, partitions, produce, Reader } from '../support/group-readers.ts';
import { until } from '../support/until.ts';

after(endLeftovers);

for (const { version, bootstrapServers, classpath } of await testClusters()) {
  // Rebalances mostly wait for heartbeats, so the groups do that at the same time.
  describe(`groups on Kafka ${version}`, { concurrency: true }, async () => {
    const open = opener(bootstrapServers);
    const admin = await open();
    after(() => admin.close());
    const sessionTimeoutMs = await shortestSession(admin);
    const java = javaTools(version, classpath);

    test(`two members share the partitions, and when one leaves the other continues where it stopped`, async () => {
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

/** The broker's group.min.session.timeout.ms. */
async function shortestSession(cluster: Cluster): Promise<number> {
  const name = 'group.min.session.timeout.ms';
  const broker = (await cluster.metadata([])).brokers[0]?.id ?? 0;
  const resources = [{ resourceType: 4, resourceName: String(broker), configurationKeys: [name] }];
  const { results } = await cluster.request('DescribeConfigs', { resources }, { broker });
  return Number(results[0]?.configs[0]?.value ?? 6_000);
}
