/** `kt cluster` on real Kafkas: the same answers as Kafka's own tools give. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { testClusters } from '../support/clusters.ts';
import { javaTool } from '../support/foreign-clients.ts';
import { ktOn } from '../support/kt-on.ts';

for (const cluster of await testClusters()) {
  const { version, bootstrapServers, classpath } = cluster;
  const { run, done, newTopic } = ktOn(cluster);
  const json = async (...args: string[]) => JSON.parse(await done([...args, '-o', 'json']));
  const kafka = (tool: string, ...args: string[]) =>
    javaTool(classpath, tool, ['--bootstrap-server', bootstrapServers, ...args]);
  const release = version.replace(/\.\d+$/, '');

  describe(`cluster on Kafka ${version}`, { concurrency: true }, () => {
    test('describe shows the same id as kafka-cluster, the release, and what the broker holds', async () => {
      await newTopic('--partitions', '3');
      const told = await json('cluster', 'describe');
      const id = await javaTool(classpath, 'org.apache.kafka.tools.ClusterTool', [
        'cluster-id',
        '--bootstrap-server',
        bootstrapServers,
      ]);
      assert.equal(told.clusterId, /Cluster ID: (\S+)/.exec(id)![1]);
      assert.equal(told.controller, 1);
      const [{ host, port, leaders, replicas, ...broker }] = told.brokers;
      assert.equal(`${host}:${port}`, bootstrapServers);
      assert.ok(leaders >= 3 && leaders === replicas, `${leaders} leaders, ${replicas} replicas`);
      assert.deepEqual(broker, { broker: 1, rack: null, status: 'running', controller: true, release });
      const table = await done(['cluster', 'describe']);
      assert.match(
        table,
        new RegExp(`cluster id: +${told.clusterId}\n(.*\n)+BROKER +HOST +PORT .*\n +1 +localhost .* running`),
      );
    });

    test('api-versions are those of kafka-broker-api-versions', async () => {
      const [{ broker, apis }] = await json('cluster', 'api-versions');
      assert.equal(broker, 1);
      const tool =
        version === '3.7.0' ? 'kafka.admin.BrokerApiVersionsCommand' : 'org.apache.kafka.tools.BrokerApiVersionsCommand';
      const lines = (await kafka(tool)).matchAll(/^\t(\w+)\((\d+)\): (\d+)(?: to (\d+))? \[usable/gm);
      const theirs = [...lines].map(([, api, key, min, max]) => [api, Number(key), Number(min), Number(max ?? min)]);
      assert.ok(theirs.length > 40);
      // The name has changed since 3.7: it was ListClientMetricsResources.
      const ours = apis.map(({ api, apiKey, minVersion, maxVersion }: Record<string, number>) => {
        const name = version === '3.7.0' && apiKey === 74 ? 'ListClientMetricsResources' : api;
        return [name, apiKey, minVersion, maxVersion];
      });
      assert.deepEqual(ours, theirs);
      for (const { used, minVersion, maxVersion } of apis)
        assert.ok(used === null || (used >= minVersion && used <= maxVersion));
    });

    test('features are those of kafka-features', async () => {
      const { features } = await json('cluster', 'features');
      const output = await kafka('org.apache.kafka.tools.FeatureCommand', 'describe');
      const lines = output.matchAll(
        /^Feature: (\S+)\s+SupportedMinVersion: (\S+)\s+SupportedMaxVersion: (\S+)\s+FinalizedVersionLevel: (\S+)/gm,
      );
      assert.deepEqual(
        features.map(({ feature, supportedMin, supportedMax, finalized }: Record<string, { name: string }>) => [
          feature,
          supportedMin!.name,
          supportedMax!.name,
          finalized!.name,
        ]),
        [...lines].map((line) => line.slice(1, 5)),
      );
    });

    test('the quorum is that of kafka-metadata-quorum', async () => {
      const quorum = await json('cluster', 'quorum');
      const status = await kafka('org.apache.kafka.tools.MetadataQuorumCommand', 'describe', '--status');
      const field = (name: string) => new RegExp(`^${name}: +(.+)$`, 'm').exec(status)![1]!;
      assert.equal(quorum.clusterId, field('ClusterId'));
      assert.equal(quorum.leader, Number(field('LeaderId')));
      assert.equal(quorum.epoch, Number(field('LeaderEpoch')));
      assert.ok(quorum.highWatermark > 0 && quorum.highWatermark <= Number(field('HighWatermark')));
      assert.deepEqual(
        quorum.voters.map(({ node, role, lag, lagMs }: Record<string, unknown>) => [node, role, lag, lagMs]),
        [[1, 'leader', 0, 0]],
      );
      assert.deepEqual(quorum.observers, []);
    });

    test('log directories are those of kafka-log-dirs', async () => {
      const [large, small] = [await newTopic('--partitions', '2'), await newTopic('--partitions', '1')];
      await done(['produce', large, '--partition', '1'], 'a'.repeat(5_000));
      await done(['produce', small], 'b');
      const directories = await json('cluster', 'log-dirs', '--topic', small, '--topic', large, '--broker', '1');
      const output = await kafka(
        'org.apache.kafka.tools.LogDirsCommand',
        '--describe',
        '--topic-list',
        `${small},${large}`,
        '--broker-list',
        '1',
      );
      const theirs = JSON.parse(output.slice(output.indexOf('{'))).brokers[0].logDirs;
      const name = (topic: string, partition: number) => `${topic}-${partition}`;
      assert.deepEqual(
        directories.map(({ logDir, topics }: { logDir: string; topics: Topic[] }) => [
          logDir,
          topics
            .flatMap(({ topic, partitions }) =>
              partitions.map(({ partition, bytes, offsetLag, future }) => [name(topic, partition), bytes, offsetLag, future]),
            )
            .sort(),
        ]),
        theirs.map(({ logDir, partitions }: { logDir: string; partitions: Log[] }) => [
          logDir,
          partitions.map(({ partition, size, offsetLag, isFuture }) => [partition, size, offsetLag, isFuture]).sort(),
        ]),
      );
      const [{ totalBytes, usableBytes, bytes, topics }] = directories;
      assert.ok(totalBytes > usableBytes && usableBytes > 0);
      assert.equal(bytes, topics[0].bytes + topics[1].bytes);
      assert.deepEqual([topics[0].topic, topics[1].topic], [large, small], 'the largest comes first');
      assert.match(await done(['cluster', 'log-dirs', '--topic', large]), new RegExp(`${large} +2 +${topics[0].bytes}$`, 'm'));
    });

    test('an unknown topic or broker is named, with exit code 3', async () => {
      const topic = await run(['cluster', 'log-dirs', '--topic', 'no-such-topic']);
      assert.equal(topic.code, 3);
      assert.match(topic.stderr, /^kt: unknown topic no-such-topic/);
      const broker = await run(['cluster', 'api-versions', '--broker', '7']);
      assert.deepEqual([broker.code, broker.stdout], [3, '']);
      assert.match(broker.stderr, /^kt: broker 7 is not in the cluster at the moment\nhint: the brokers are: 1/);
    });

    test('a cluster whose disks are full is not healthy, and says so', async () => {
      const full = await run(['cluster', 'health', '--min-free', '100%']);
      assert.equal(full.code, 1);
      assert.match(full.stdout, /^healthy: +no\n(.*\n)+log-dirs +failed +1 /);
      assert.match(
        full.stderr,
        /kt: log-dirs: log directories offline or full: 1 \(.*data of broker 1: only \d+\.\d% free\)\nhint: /,
      );
      const skipped = await run(['cluster', 'health', '--min-free', '100', '--skip', 'log-dirs', '-o', 'json']);
      assert.ok(JSON.parse(skipped.stdout).checks.every(({ check }: { check: string }) => check !== 'log-dirs'));
    });
  });
}

interface Topic {
  readonly topic: string;
  readonly partitions: readonly { partition: number; bytes: number; offsetLag: number; future: boolean }[];
}

interface Log {
  readonly partition: string;
  readonly size: number;
  readonly offsetLag: number;
  readonly isFuture: boolean;
}
