/** Members by the consumer protocol (KIP-848) on a real Kafka: what differs from the classic one, seen from outside. */
import assert from 'node:assert/strict';
import { randomInt, randomUUID } from 'node:crypto';
import { after, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { joinGroup } from '../../src/kafka/group/membership.ts';
import { ownCluster, testClusters } from '../support/clusters.ts';
import { endLeftovers, javaTools, newTopic, opener, partitions, produce, Reader } from '../support/group-readers.ts';
import { kt } from '../support/kt.ts';
import { until } from '../support/until.ts';

after(endLeftovers);

/** A member with frequent heartbeats and a short session timeout. */
const restless = {
  'group.consumer.min.heartbeat.interval.ms': '200',
  'group.consumer.heartbeat.interval.ms': '200',
  'group.consumer.min.session.timeout.ms': '2000',
  'group.consumer.session.timeout.ms': '2000',
};

for (const { version, bootstrapServers, classpath } of await testClusters()) {
  const skip = version.startsWith('3.') && 'the consumer protocol came with Kafka 4.0';
  describe(`the consumer protocol on Kafka ${version}`, { concurrency: true, skip }, async () => {
    const open = opener(bootstrapServers);
    const admin = await open();
    after(() => admin.close());
    const java = javaTools(version, classpath);

    async function described(group: string, servers = bootstrapServers) {
      const { stdout } = await kt(['groups', 'describe', group, '-b', servers, '-o', 'json']);
      const [{ type, state, members }] = JSON.parse(stdout);
      const shares = members.map(({ assignment }: { assignment: { partitions: number[] }[] }) =>
        assignment.flatMap((each) => each.partitions),
      );
      return { type, state, shares: shares.sort() as number[][] };
    }

    test('a new group has the newer type: its members share the partitions, each record has one reader, and Kafka shows the same offsets', async () => {
      const topic = await newTopic(admin);
      const group = `group-${randomUUID()}`;
      const first = await Reader.start(open, group, topic);
      assert.deepEqual(await described(group), { type: 'consumer', state: 'Stable', shares: [[0, 1, 2, 3]] });
      const before = await produce(admin, topic, 100);
      await until(() => first.values.length === before.length, 'the first member reads alone');

      // Waits until the first one has let go, so it has something to read at once.
      const second = await Reader.start(open, group, topic);
      assert.equal(second.partitions.length, 2);
      await until(() => first.partitions.length === 2, 'both have half');
      const { type, shares } = await described(group);
      assert.deepEqual([type, shares], ['consumer', [first.partitions, second.partitions].sort()]);
      const later = await produce(admin, topic, 100);
      await until(() => first.values.length + second.values.length === 200, 'everything was read');
      assert.deepEqual([...first.values, ...second.values].sort(), [...before, ...later].sort());

      await first.leave();
      await until(() => second.partitions.length === partitions, 'the other one has everything');
      const last = await produce(admin, topic, 40);
      await until(() => last.every((value) => second.values.includes(value)), 'the rest was read');
      assert.equal(first.values.length + second.values.length, 240);
      await second.leave();
      assert.deepEqual(await java.committed(bootstrapServers, group), second.committed(first));
      assert.equal((await described(group)).state, 'Empty');
    });

    for (const [protocol, share] of [
      ['consumer', 'takes half'],
      ['classic', 'is taken in by the broker'],
    ] as const) {
      test(`Java's consumer of the ${protocol} protocol that comes to kt's group ${share}`, async () => {
        const topic = await newTopic(admin);
        const group = `group-${randomUUID()}`;
        const member = await Reader.start(open, group, topic);
        const consumer = java.consume(bootstrapServers, group, topic, `group.protocol=${protocol}`);
        await until(() => member.partitions.length === 2, "Java's consumer has half");
        const sent = await produce(admin, topic, 100);
        await until(() => member.values.length + consumer.lines.length >= sent.length, 'everything was read');
        assert.deepEqual([...member.values, ...consumer.lines].sort(), sent);
        const { type, shares } = await described(group);
        assert.deepEqual([type, shares.length, shares.flat().sort()], ['consumer', 2, [0, 1, 2, 3]]);

        await member.leave();
        const later = await produce(admin, topic, 40);
        await until(() => later.every((value) => consumer.lines.includes(value)), 'Java has everything');
        assert.equal(member.values.length + consumer.lines.length, 140);
        assert.equal(
          (await described(group)).type,
          protocol,
          'without members of the newer protocol the group is as Java has it',
        );
        await consumer.stop();
      });
    }

    test("a live group of Java's classic consumers stays classic when kt joins and leaves", async () => {
      const topic = await newTopic(admin);
      const group = `group-${randomUUID()}`;
      const consumer = java.consume(bootstrapServers, group, topic);
      const before = await produce(admin, topic, 40);
      await until(() => consumer.lines.length === before.length, 'Java reads alone');
      const member = await Reader.start(open, group, topic);
      const { type, shares } = await described(group);
      assert.deepEqual([type, shares.map(({ length }) => length)], ['classic', [2, 2]]);
      const later = await produce(admin, topic, 100);
      await until(() => consumer.lines.length + member.values.length === 140, 'both read on');
      assert.deepEqual([...consumer.lines.slice(before.length), ...member.values].sort(), later);
      await member.leave();
      await consumer.stop();
      // The next member starts at its offsets and turns it into a group of the newer type.
      const next = await joinGroup(admin, { group, topics: [topic], signal: admin.signal, note: () => {} });
      assert.equal(
        next.assigned.reduce((sum, { committedOffset }) => sum + (committedOffset ?? 0n), 0n),
        140n,
      );
      assert.equal((await described(group)).type, 'consumer');
      await next.leave();
    });

    test('on a cluster with short sessions', async (context) => {
      const own = await ownCluster(context, { kafkaVersion: version, serverConfig: restless });
      const openOwn = opener(own.bootstrapServers);
      const ownAdmin = await openOwn();
      context.after(() => ownAdmin.close());

      await context.test(
        'who is alone after a member died waits for its partition instead of finding nothing to read',
        async () => {
          const topic = await newTopic(ownAdmin, 1);
          const group = `group-${randomUUID()}`;
          const dying = await Reader.start(openOwn, group, topic);
          await dying.die();
          const [value] = await produce(ownAdmin, topic, 1, 1);
          const args = ['tail', topic, '-b', own.bootstrapServers, '--group', group, '--from-beginning', '-e', '-o', 'value'];
          const { code, stdout, stderr } = await kt(args);
          assert.deepEqual([code, stdout], [0, `${value}\n`], stderr);
        },
      );

      await context.test('while members come, leave and die, no record is skipped', async () => {
        const topic = await newTopic(ownAdmin);
        const group = `group-${randomUUID()}`;
        const everyone: Reader[] = [];
        const start = async () => {
          const reader = await Reader.start(openOwn, group, topic);
          everyone.push(reader);
          return reader;
        };
        const sent: string[] = [];
        const present = [await start()];
        for (let round = 0; round < 12; round++) {
          sent.push(...(await produce(ownAdmin, topic, 100)));
          if (present.length < 2) present.push(await start());
          else if (randomInt(3) === 0) await present.shift()?.die();
          else await present.splice(randomInt(2), 1)[0]?.leave();
          await delay(randomInt(400));
        }
        const read = () => new Set(everyone.flatMap(({ values }) => values));
        await until(() => read().size === sent.length, 'everything was read');
        assert.deepEqual([...read()].sort(), sent.sort());
        const ends = Object.fromEntries(Array.from({ length: partitions }, (_, each) => [`${topic}-${each}`, '300']));
        await until(async () => {
          const committed = await java.committed(own.bootstrapServers, group);
          return JSON.stringify(committed, Object.keys(ends)) === JSON.stringify(ends);
        }, 'everything is committed');
        for (const reader of present) await reader.leave();
      });

      await context.test(
        'where the protocol is switched off, though the brokers list it, the classic one is used',
        async () => {
          const featureUpdates = [{ feature: 'group.version', maxVersionLevel: 0, upgradeType: 2 }];
          const { errorCode, errorMessage } = await ownAdmin.request(
            'UpdateFeatures',
            { featureUpdates, timeoutMs: 60_000 },
            'controller',
          );
          assert.equal(errorCode, 0, errorMessage ?? '');
          await until(async () => {
            const { stdout } = await kt(['cluster', 'features', '-b', own.bootstrapServers, '-o', 'json']);
            const { features = [] }: { features?: Feature[] } = JSON.parse(stdout || '{}');
            return features.find(({ feature }) => feature === 'group.version')?.finalized?.level === 0;
          }, 'the broker knows it');
          const topic = await newTopic(ownAdmin);
          const group = `group-${randomUUID()}`;
          const member = await Reader.start(openOwn, group, topic);
          assert.deepEqual(await described(group, own.bootstrapServers), {
            type: 'classic',
            state: 'Stable',
            shares: [[0, 1, 2, 3]],
          });
          await member.leave();
        },
      );
    });
  });
}

interface Feature {
  readonly feature: string;
  readonly finalized: { readonly level: number } | null;
}
