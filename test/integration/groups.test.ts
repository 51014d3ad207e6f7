/** `kt groups` and `kt lag` of live groups, made by Kafka's own console consumers. */

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { testClusters } from '../support/clusters.ts';
import { javaTool } from '../support/foreign-clients.ts';
import { JavaRun } from '../support/java-shared.ts';
import { kt as runKt } from '../support/kt.ts';

const newName = () => `groups-${randomUUID()}`;

for (const { version, bootstrapServers, classpath, program } of await testClusters()) {
  const old = version.startsWith('3.');
  describe(`groups on Kafka ${version}`, () => {
    const kt = (line: string, stdin = '') =>
      runKt(line.split(' '), { program, env: { KT_BOOTSTRAP_SERVER: bootstrapServers }, stdin });
    const json = async (line: string) => JSON.parse((await kt(`${line} -o json`)).stdout);
    const consumers: JavaRun[] = [];
    after(() => Promise.all(consumers.map((consumer) => consumer.stop())));

    function consume(group: string, topic: string, property: string, share = false): void {
      const name = share ? 'ConsoleShareConsumer' : 'ConsoleConsumer';
      const tool = old ? `kafka.tools.${name}` : `org.apache.kafka.tools.consumer.${name}`;
      const flags = share ? [] : ['--from-beginning', old ? '--consumer-property' : '--command-property', property];
      const args = ['--bootstrap-server', bootstrapServers, '--group', group, '--topic', topic, ...flags];
      consumers.push(new JavaRun(classpath, tool, args));
    }

    /** Rows of kafka-consumer-groups --describe about a group, by column. */
    async function javaRows(group: string, ...flags: readonly string[]): Promise<Record<string, string | undefined>[]> {
      const tool = old ? 'kafka.admin.ConsumerGroupCommand' : 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand';
      const text = await javaTool(classpath, tool, [
        // By default it gives up after 5 s.
        ...['--bootstrap-server', bootstrapServers, '--describe', '--group', group, '--timeout', '30000'],
        ...flags,
      ]);
      const lines = text.split('\n').map((line) => line.trim().split(/\s+/));
      const header = lines.find(([first]) => first === 'GROUP') ?? [];
      const rows = lines.filter(([first]) => first === group);
      return rows.map((row) => Object.fromEntries(header.map((name, index) => [name, row[index]])));
    }

    async function topicOfThirty(): Promise<string> {
      const topic = newName();
      assert.equal((await kt(`topics create ${topic} --partitions 3`)).code, 0);
      for (const [partition, count] of [12, 6, 12].entries()) {
        assert.equal((await kt(`produce ${topic} --partition ${partition}`, 'x\n'.repeat(count))).code, 0);
      }
      return topic;
    }

    // biome-ignore lint/suspicious/noExplicitAny: a group as JSON.
    async function until(line: string, holds: (group: any) => boolean): Promise<any> {
      for (let tries = 0; tries < 500; tries++) {
        const [group] = await json(line);
        if (group && holds(group)) return group;
        await delay(200);
      }
      return assert.fail(`kt ${line} never came to hold`);
    }
    const assignedThree = ({ state, members }: { state: string; members: { assignment: { partitions: number[] }[] }[] }) =>
      state === 'Stable' && members.some(({ assignment }) => assignment[0]?.partitions.length === 3);

    test('a live group that never commits shows its members, and all its partitions as uncommitted', async () => {
      const [topic, group] = [await topicOfThirty(), newName()];
      consume(group, topic, 'enable.auto.commit=false');
      const described = await until(`groups describe ${group}`, assignedThree);
      assert.deepEqual([described.type, described.protocolType, described.protocol], ['classic', 'consumer', 'range']);
      const [{ clientId, host, groupInstanceId, assignment }] = described.members;
      assert.deepEqual([clientId, host, groupInstanceId], ['console-consumer', '127.0.0.1', null]);
      assert.deepEqual(assignment, [{ topic, partitions: [0, 1, 2] }]);
      assert.deepEqual([described.members[0].partitionCount, described.skew], [3, 0]);
      const [lag] = await json(`lag ${group}`);
      assert.equal(lag.lag, 30);
      for (const row of lag.partitions) {
        assert.deepEqual([row.committedOffset, row.status, row.memberId], [null, 'uncommitted', described.members[0].memberId]);
      }
      assert.deepEqual(await json(`groups list --state stable --type classic ${group}`), [
        { group, state: 'Stable', type: 'classic', protocolType: 'consumer', protocol: 'range', members: 1, coordinator: 1 },
      ]);
      assert.equal(
        (await json('groups list --state Empty')).some((each: { group: string }) => each.group === group),
        false,
      );
    });

    test('a static member and its offsets are described as by kafka-consumer-groups', async () => {
      const [topic, group] = [await topicOfThirty(), newName()];
      const instance = `instance-${randomUUID()}`;
      consume(group, topic, `group.instance.id=${instance}`);
      const described = await until(`groups describe ${group}`, (each) => assignedThree(each) && each.lag === 0);
      const [offsets, [member, ...others]] = await Promise.all([javaRows(group), javaRows(group, '--members')]);
      assert.equal(others.length, 0);
      const { memberId, groupInstanceId, clientId, host, partitionCount } = described.members[0];
      assert.deepEqual(
        [groupInstanceId, memberId, clientId, `/${host}`, String(partitionCount)],
        ['GROUP-INSTANCE-ID', 'CONSUMER-ID', 'CLIENT-ID', 'HOST', '#PARTITIONS'].map((name) => member![name]),
      );
      assert.equal(groupInstanceId, instance);
      const told = described.partitions.map((row: Record<string, unknown>) =>
        [row['topic'], row['partition'], row['committedOffset'], row['endOffset'], row['lag'], row['memberId']].map(String),
      );
      const columns = ['TOPIC', 'PARTITION', 'CURRENT-OFFSET', 'LOG-END-OFFSET', 'LAG', 'CONSUMER-ID'];
      const rows = offsets.map((row) => columns.map((name) => row[name]));
      assert.deepEqual(
        told,
        rows.sort((a, b) => Number(a[1]) - Number(b[1])),
      );
    });

    test('a live group of the new protocol (KIP-848) is alive, with the right lag', {
      skip: old && 'off by default before Kafka 4',
    }, async () => {
      const [topic, group] = [await topicOfThirty(), newName()];
      consume(group, topic, 'group.protocol=consumer');
      const described = await until(`groups describe ${group}`, (each) => assignedThree(each) && each.lag === 0);
      assert.deepEqual([described.type, described.protocol, described.members.length], ['consumer', 'uniform', 1]);
      assert.deepEqual(
        described.partitions.map(({ committedOffset }: { committedOffset: number }) => committedOffset),
        [12, 6, 12],
      );
      assert.equal((await kt(`lag ${group} --max-lag 0`)).code, 0);
    });

    test('a share group is listed with its members', { skip: old && 'new in Kafka 4.2' }, async () => {
      const [topic, group] = [await topicOfThirty(), newName()];
      consume(group, topic, '', true);
      const described = await until(`groups describe ${group}`, ({ state }) => state === 'Stable');
      assert.deepEqual([described.type, described.members[0].clientId], ['share', 'console-share-consumer']);
      assert.ok((await json('groups list --type share')).some((each: { group: string }) => each.group === group));
    });

    test('an unknown group is exit code 3, for describe as for lag', async () => {
      const { code, stdout, stderr } = await kt(`groups describe ${newName()}`);
      assert.deepEqual([code, stdout], [3, '']);
      assert.match(stderr, /^kt: unknown group .*\nhint: /);
    });
  });
}
