/** A cluster of three with one broker stopped: `kt topics` and `kt configs` do the same as Kafka's own tools, and say what they cannot do. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { brokenCluster } from '../support/clusters.ts';
import { javaTool } from '../support/foreign-clients.ts';
import { kafkaTools, printedConfigs } from '../support/kafka-tools.ts';
import { ktOn } from '../support/kt-on.ts';
import { until, untilEqual } from '../support/until.ts';

// Each has a cluster of its own.
describe('topics and configs while a broker is stopped', { concurrency: true }, () => {
  for (const version of ['3.7.0', '4.3.1']) {
    test(`topics and configs while one of three brokers of Kafka ${version} is stopped`, async (t) => {
      const folder = mkdtempSync(join(tmpdir(), 'kt-stopped-'));
      t.after(() => rmSync(folder, { recursive: true }));
      const cluster = await brokenCluster(version);
      const { run, done, newTopic } = ktOn(cluster);
      const kafka = kafkaTools({ ...cluster, classpath: cluster.classpath! });
      const json = async (...words: string[]) => JSON.parse(await done([...words, '-o', 'json']));

      const safe = await newTopic('--replica-assignment', '1:2:3,2:3:1,3:1:2', '--config', 'min.insync.replicas=2');
      const single = await newTopic('--replica-assignment', '3,1');
      for (const topic of [safe, single])
        for (const partition of topic === safe ? ['0', '1', '2'] : ['0', '1'])
          await done(['produce', topic, '--partition', partition, '-m', 'a', '-m', 'b', '-m', 'c']);
      await cluster.killNode(3);
      const described = async (topic: string) => (await json('topics', 'describe', topic))[0].partitions;
      const gone = async () => JSON.parse((await run(['topics', 'describe', single, '-o', 'json'])).stdout)[0].partitions[0].leader === null; // biome-ignore format: one line
      await until(
        async () => (await gone()) && !(await described(safe)).some(({ isr }: { isr: number[] }) => isr.includes(3)),
        'broker 3 is gone, from the ISR too',
      );

      // The four filters find what kafka-topics finds.
      for (const [ours, theirs] of [
        ['--under-replicated', '--under-replicated-partitions'],
        ['--unavailable', '--unavailable-partitions'],
        ['--under-min-isr', '--under-min-isr-partitions'],
        ['--at-min-isr', '--at-min-isr-partitions'],
      ] as const) {
        const { stdout } = await run(['topics', 'describe', ours, '-o', 'json']);
        const found = JSON.parse(stdout).flatMap(
          ({ topic, partitions }: { topic: string; partitions: { partition: number }[] }) =>
            partitions.map(({ partition }) => `${topic}-${partition}`),
        );
        const printed = async () => {
          const lines = (await kafka.topics('--describe', theirs)).matchAll(/Topic: (\S+)\s+Partition: (\d+)/g);
          return [...lines].map(([, topic, partition]) => `${topic}-${partition}`).sort();
        };
        await untilEqual(printed, found.sort(), ours);
      }

      // Offsets: the same answers; a partition without a leader hides no other.
      const told = await json('topics', 'offsets', safe);
      const printed = (await kafka.getOffsets('--topic', safe)).trim().split('\n').sort();
      assert.deepEqual(
        told.map(({ topic, partition, offset }: Record<string, unknown>) => `${topic}:${partition}:${offset}`),
        printed,
      );
      const partly = await run(['topics', 'offsets', single, '-o', 'json']);
      assert.equal(partly.code, 3);
      assert.deepEqual(
        JSON.parse(partly.stdout).map(({ offset }: { offset: number | null }) => offset),
        [null, 3],
      );
      assert.match(partly.stderr, new RegExp(`partition ${single}:0`));

      // Records go where there is a leader, and the other partition is named.
      const deleted = await run(['topics', 'delete-records', single, '--before', '2', '--yes', '-o', 'json']);
      assert.equal(deleted.code, 3);
      assert.deepEqual(
        JSON.parse(deleted.stdout).map(({ status }: { status: string }) => status),
        ['failed', 'deleted'],
      );
      assert.match(await kafka.getOffsets('--topic', safe, '--time', '-2'), new RegExp(`${safe}:0:0`));

      // Configs and partitions are changed all the same.
      await done(['topics', 'alter', safe, '--retention', '1d', '--partitions', '4']);
      const set = async () => {
        const all = printedConfigs(await kafka.configs('--entity-type', 'topics', '--entity-name', safe, '--describe'));
        return [all['retention.ms'], all['min.insync.replicas']];
      };
      await untilEqual(set, ['86400000', '2']);
      const count = async () => /PartitionCount: (\d+)/.exec(await kafka.topics('--describe', '--topic', safe))?.[1];
      await untilEqual(count, '4');
      const file = join(folder, 'topics.yaml');
      writeFileSync(file, await done(['topics', 'export', safe]));
      await done(['topics', 'apply', '-f', file, '--check']);

      // Only a broker itself knows its own configs; the others give theirs.
      const stopped = await run(['configs', 'describe', 'broker', '3']);
      assert.deepEqual([stopped.code, stopped.stdout], [4, '']);
      assert.match(stopped.stderr, /broker 3 is not in the cluster/);
      await done(['configs', 'alter', 'broker', 'default', '--config', 'log.cleaner.io.buffer.load.factor=0.8']);
      const brokers = await json('configs', 'describe', 'broker');
      assert.deepEqual(
        brokers.map(({ name }: { name: string }) => name),
        ['default', '1', '2'],
      );
      await done(['configs', 'alter', 'broker', 'default', '--delete-config', 'log.cleaner.io.buffer.load.factor']);

      // What kafka-cluster has the cluster forget, kt does not know either; it registers again when it comes back.
      const forget = ['unregister', '--bootstrap-server', cluster.bootstrapServers, '--id', '3'];
      assert.match(
        await javaTool(cluster.classpath!, 'org.apache.kafka.tools.ClusterTool', forget),
        /Broker 3 is no longer registered/,
      );
      const unknown = await run(['cluster', 'unregister', '3', '--yes']);
      assert.deepEqual(
        [unknown.code, unknown.stderr.split('\n')[0]],
        [3, 'kt: broker 3 not unregistered (no broker has this id)'],
      );
    });
  }
});
