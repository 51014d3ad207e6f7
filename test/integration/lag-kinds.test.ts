/** Lag of every kind and state of group, compared with Kafka's own tools. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import type { Cluster } from '../../src/kafka/cluster.ts';
import { testClusters } from '../support/clusters.ts';
import { commitOffsets, kafkaLag, kafkaShareLag } from '../support/group-offsets.ts';
import { endLeftovers, javaTools, opener } from '../support/group-readers.ts';
import { ktOn } from '../support/kt-on.ts';
import { until } from '../support/until.ts';

interface Row {
  readonly partition: number;
  readonly lag: number | null;
  readonly status?: string;
  readonly groupInstanceId: string | null;
  readonly clientId: string | null;
}
interface Group {
  readonly state: string;
  readonly type: string;
  readonly lag: number;
  readonly partitions: readonly Row[];
}

for (const { version, bootstrapServers, classpath, program } of await testClusters()) {
  const old = version.startsWith('3.');
  describe(`lag of all kinds of groups on Kafka ${version}`, { concurrency: true }, () => {
    const { run, done, newTopic } = ktOn({ bootstrapServers, program });
    const java = javaTools(version, classpath);
    let cluster: Cluster;
    let topic: string;
    before(async () => {
      cluster = await opener(bootstrapServers)();
      // The topic of the differential runs: 12 + 6 + 12 records.
      topic = await newTopic('--partitions', '3');
      for (const [partition, count] of [12, 6, 12].entries())
        await done(['produce', topic, '--partition', String(partition)], 'x\n'.repeat(count));
    });
    after(async () => {
      endLeftovers();
      await cluster.close();
    });

    const lagOf = async (group: string): Promise<Group> => JSON.parse((await run(['lag', group, '-o', 'json'])).stdout)[0];
    const lags = ({ partitions }: Group) => partitions.map(({ lag }) => lag);
    /** As Kafka's tool prints it: no row or `-` for a partition that it does not know. */
    const theirs = async (group: string, share = false) => {
      const told = share
        ? await kafkaShareLag(classpath, bootstrapServers, group)
        : await kafkaLag(version, classpath, bootstrapServers, group);
      return ['0', '1', '2'].map((partition) => told[partition] ?? '-');
    };
    const assigned = (count: number) => (group: Group | undefined) =>
      group?.state === 'Stable' && group.partitions.filter(({ clientId }) => clientId !== null).length === count;
    async function settled(group: string, holds: (group: Group | undefined) => boolean): Promise<Group> {
      await until(async () => holds(await lagOf(group)), `lag of ${group}`);
      return lagOf(group);
    }

    test('classic, live, nothing committed: 30, while the script shows nothing', async () => {
      const group = `live-${randomUUID()}`;
      const consumer = java.consume(bootstrapServers, group, topic, 'enable.auto.commit=false');
      const ours = await settled(group, assigned(3));
      assert.deepEqual([ours.type, ours.lag, lags(ours)], ['classic', 30, [12, 6, 12]]);
      assert.ok(ours.partitions.every(({ status }) => status === 'uncommitted'));
      assert.deepEqual(await theirs(group), ['-', '-', '-']);
      await consumer.stop();
    });

    test('classic, Empty, one of three committed: the script drops the other rows', async () => {
      const group = await commitOffsets(cluster, `empty-${randomUUID()}`, topic, { 2: 10 });
      const ours = await lagOf(group);
      assert.deepEqual([ours.state, ours.lag, lags(ours)], ['Empty', 20, [12, 6, 2]]);
      assert.deepEqual(await theirs(group), ['-', '-', '2']);
    });

    test('classic, a live static member that commits', async () => {
      const group = `static-${randomUUID()}`;
      const consumer = java.consume(bootstrapServers, group, topic, 'group.instance.id=pod-1');
      const ours = await settled(group, (each) => assigned(3)(each) && each?.lag === 0);
      assert.deepEqual(
        ours.partitions.map(({ groupInstanceId, status }) => [groupInstanceId, status]),
        Array(3).fill(['pod-1', undefined]),
      );
      assert.deepEqual(await theirs(group), ['0', '0', '0']);
      await consumer.stop();
      // A stopped static member remains a member until its session ends.
      assert.equal((await lagOf(group)).lag, 0);
    });

    test('the new protocol (KIP-848), live and caught up, then Empty', {
      skip: old && 'off by default before Kafka 4',
    }, async () => {
      const group = `new-${randomUUID()}`;
      const consumer = java.consume(bootstrapServers, group, topic, 'group.protocol=consumer');
      const ours = await settled(group, (each) => assigned(3)(each) && each?.lag === 0);
      assert.deepEqual([ours.type, lags(ours)], ['consumer', [0, 0, 0]]);
      assert.deepEqual(await theirs(group), ['0', '0', '0']);
      await consumer.stop();
      const empty = await settled(group, (each) => each?.state === 'Empty');
      assert.deepEqual([empty.type, empty.lag], ['consumer', 0]);
      assert.deepEqual(await theirs(group), ['0', '0', '0']);
    });

    test('the new protocol, live, nothing committed: all of it is unread', {
      skip: old && 'off by default before Kafka 4',
    }, async () => {
      const group = `new-live-${randomUUID()}`;
      const consumer = java.consume(bootstrapServers, group, topic, 'group.protocol=consumer', 'enable.auto.commit=false');
      const ours = await settled(group, assigned(3));
      assert.deepEqual([ours.type, ours.lag, lags(ours)], ['consumer', 30, [12, 6, 12]]);
      assert.ok(ours.partitions.every(({ status }) => status === 'uncommitted'));
      assert.deepEqual(await theirs(group), ['-', '-', '-']);
      await consumer.stop();
    });

    test('the new protocol, a live static member that commits, and that is still there for a while after it stopped', {
      skip: old && 'off by default before Kafka 4',
    }, async () => {
      const group = `new-static-${randomUUID()}`;
      const consumer = java.consume(bootstrapServers, group, topic, 'group.protocol=consumer', 'group.instance.id=pod-1');
      const ours = await settled(group, (each) => assigned(3)(each) && each?.lag === 0);
      assert.deepEqual(
        [ours.type, ...ours.partitions.map(({ groupInstanceId }) => groupInstanceId)],
        ['consumer', ...Array(3).fill('pod-1')],
      );
      assert.deepEqual(await theirs(group), ['0', '0', '0']);
      await consumer.stop();
      const left = await lagOf(group);
      assert.deepEqual(
        [left.lag, ...left.partitions.map(({ groupInstanceId }) => groupInstanceId)],
        [0, ...Array(3).fill('pod-1')],
      );
    });

    test('a share group before it begins, once begun, and without members', { skip: old && 'new in Kafka 4.2' }, async () => {
      // It begins at the end, and Kafka remembers no position before something was acknowledged.
      const [group, own] = [`share-${randomUUID()}`, await newTopic('--partitions', '3')];
      const consumer = java.share(bootstrapServers, group, own);
      const ours = await settled(group, (each) => each?.state === 'Stable' && each.partitions.length === 3);
      // Where no partition's lag is known there is no total: 0 would say that it has caught up.
      assert.deepEqual([ours.type, ours.lag, lags(ours)], ['share', null, [null, null, null]]);
      assert.ok(ours.partitions.every(({ status }) => status === 'uncommitted'));
      assert.deepEqual(await theirs(group, true), ['-', '-', '-']);
      await until(async () => {
        for (const partition of ['0', '1', '2']) await done(['produce', own, '--partition', partition], 'x\n');
        return (await lagOf(group)).partitions.every(({ status }) => status === undefined);
      }, 'it acknowledged something everywhere');
      await until(async () => {
        const [mine, kafkas] = [lags(await lagOf(group)).map(String), await theirs(group, true)];
        return mine.join() === kafkas.join();
      }, 'the same lag as kafka-share-groups tells');
      await consumer.stop();
      for (const partition of ['0', '0', '2']) await done(['produce', own, '--partition', partition], 'x\n');
      const empty = await settled(group, (each) => each?.state === 'Empty');
      assert.deepEqual(
        [lags(empty), await theirs(group, true)],
        [
          [2, 0, 1],
          ['2', '0', '1'],
        ],
      );
    });

    test('Dead or never there: exit code 3, while the script prints a stack trace or nothing', async () => {
      const group = `dead-${randomUUID()}`;
      const { code, stderr } = await run(['lag', group, '--max-lag', '1000']);
      assert.equal(code, 3);
      assert.match(stderr, new RegExp(`^kt: unknown group ${group}`));
      assert.deepEqual(await theirs(group), ['-', '-', '-']);
    });

    test('a deleted topic no longer counts as lag of its group, and is never an error', async () => {
      const gone = await newTopic();
      await done(['produce', gone], 'x\n'.repeat(5));
      const group = `gone-${randomUUID()}`;
      await commitOffsets(cluster, group, gone, { 0: 1 });
      await commitOffsets(cluster, group, topic, { 0: 12, 1: 6, 2: 12 });
      await done(['topics', 'delete', gone, '--yes']);
      // The broker forgets the offsets of a deleted topic some time after it.
      const { code, stdout, stderr } = await run(['lag', group, '--topic', gone, '--topic', topic, '-o', 'json']);
      assert.ok(code === 3 || code === 0, stderr);
      const rows: (Row & { readonly topic: string })[] = JSON.parse(stdout)[0].partitions;
      for (const row of rows.filter((each) => each.topic === gone)) assert.deepEqual([row.lag, row.status], [null, 'deleted']);
      assert.equal((await run(['lag', group, '--topic', topic, '--max-lag', '1'])).code, 0);
    });
  });
}
