/** `kt configs` on real Kafkas, beside Kafka's own kafka-configs: the same question, the same answer. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { secureCluster, testClusters } from '../support/clusters.ts';
import { kafkaTools, printedConfigs } from '../support/kafka-tools.ts';
import { kt as runKt } from '../support/kt.ts';
import { ktOn } from '../support/kt-on.ts';
import { untilEqual } from '../support/until.ts';

type Entries = Record<string, { value: string | null; source: string; sensitive: boolean; documentation: string | null }>;

for (const cluster of await testClusters()) {
  describe(`configs on Kafka ${cluster.version}`, { concurrency: 4 }, () => {
    const { run, done, newTopic } = ktOn(cluster);
    const kafka = kafkaTools(cluster);
    const newer = cluster.version.startsWith('4');

    async function entries(...args: readonly string[]): Promise<Entries> {
      const [resource] = JSON.parse(await done(['configs', 'describe', ...args, '-o', 'json']));
      return resource.configs;
    }
    /** As kafka-configs prints them. */
    function values(configs: Entries, source?: string): Record<string, string> {
      const wanted = Object.entries(configs).filter(([, entry]) => source === undefined || entry.source === source);
      return Object.fromEntries(wanted.map(([name, { value }]) => [name, String(value)]));
    }
    const kafkaConfigs = async (type: string, name: string, ...more: readonly string[]) =>
      printedConfigs(await kafka.configs('--entity-type', type, '--entity-name', name, '--describe', ...more));

    test('topics: what is set, and with --all every default, is what kafka-configs says', async () => {
      const topic = await newTopic('--retention', '7d', '--config', 'compression.type=lz4');
      assert.deepEqual(values(await entries('topic', topic)), await kafkaConfigs('topics', topic));
      const all = await entries('topic', topic, '--all');
      assert.deepEqual(values(all), await kafkaConfigs('topics', topic, '--all'));
      assert.match(all['retention.ms']!.documentation!, /retain/);
      const table = await done(['configs', 'describe', 'topic', topic]);
      assert.match(table, /retention\.ms +604800000 \(7d\) +DYNAMIC_TOPIC_CONFIG/);
    });

    test('brokers: a value of one broker, the default for all, and a config with neither', async () => {
      const config = 'log.cleaner.io.buffer.load.factor';
      await done(['configs', 'alter', 'broker', 'default', '--config', `${config}=0.8`]);
      await done(['configs', 'alter', 'broker', '1', '--config', `${config}=0.7`]);
      const own = await entries('broker', '1');
      assert.deepEqual(values(own, 'DYNAMIC_BROKER_CONFIG'), await kafkaConfigs('brokers', '1'));
      assert.equal(own[config]!.value, '0.7');
      const shared = printedConfigs(await kafka.configs('--entity-type', 'brokers', '--entity-default', '--describe'));
      assert.deepEqual(values(await entries('broker', 'default')), shared);
      assert.equal(shared[config], '0.8');
      assert.deepEqual(values(await entries('broker', '1', '--all')), await kafkaConfigs('brokers', '1', '--all'));

      const deleted = JSON.parse(
        await done(['configs', 'alter', 'broker', '1', '--delete-config', config, '--dry-run', '-o', 'json']),
      );
      assert.deepEqual([deleted[0].status, deleted[0].changes[0].before, deleted[0].changes[0].after], ['valid', '0.7', '0.8']);
      await done(['configs', 'alter', 'broker', '1', '--delete-config', config]);
      await done(['configs', 'alter', 'broker', 'default', '--delete-config', config]);
      assert.equal((await kafkaConfigs('brokers', '1'))[config], undefined);
    });

    test('a config that needs a restart is refused in the words of the broker; a broker that is not there is exit code 4', async () => {
      const refused = await run(['configs', 'alter', 'broker', '1', '--config', 'num.partitions=2']);
      assert.equal(refused.code, 3);
      assert.match(refused.stderr, /broker 1 not altered \(Cannot update these configs dynamically: .*num\.partitions/);
      const gone = await run(['configs', 'describe', 'broker', '99']);
      assert.deepEqual([gone.code, gone.stdout], [4, '']);
      assert.match(gone.stderr, /broker 99 is not in the cluster/);
    });

    test('a password is set without being shown, before or after', async () => {
      const password = `secret-${randomUUID()}`;
      const config = `listener.name.none.ssl.keystore.password=${password}`;
      const { code, stdout, stderr } = await run(['configs', 'alter', 'broker', '1', '--config', config, '--dry-run']);
      assert.equal(code, 0, stderr);
      assert.match(stdout, /\(sensitive\) +\(sensitive\)/);
      assert.doesNotMatch(stdout + stderr, new RegExp(password));
    });

    test('loggers: their levels, one of them changed and put back', async () => {
      const logger = 'kafka.server.ReplicaManager';
      const before = (await entries('broker-logger', '1'))[logger]!.value;
      await done(['configs', 'alter', 'broker-logger', '1', '--config', `${logger}=TRACE`]);
      const told = await kafkaConfigs('broker-loggers', '1');
      assert.equal(told[logger], 'TRACE');
      // The broker makes a logger when it first needs it, which may be between the two answers.
      const differing = async () => {
        const theirs: Readonly<Record<string, string>> = await kafkaConfigs('broker-loggers', '1');
        const ours: Readonly<Record<string, unknown>> = values(await entries('broker-logger', '1'));
        return Object.keys({ ...theirs, ...ours }).filter((name) => theirs[name] !== ours[name]);
      };
      await untilEqual(differing, []);
      await done(['configs', 'alter', 'broker-logger', '1', '--delete-config', logger]);
      assert.equal((await entries('broker-logger', '1'))[logger]!.value, before);
      const { stderr } = await run(['configs', 'alter', 'broker-logger', '1', '--config', `${logger}r=INFO`]);
      assert.match(stderr, new RegExp(`hint: did you mean ${logger} instead of ${logger}r\\?`));
    });

    test('client metrics: subscribed, described, listed and gone', async () => {
      const name = `metrics-${randomUUID()}`;
      const change = ['--config', 'interval.ms=30s', '--config', 'metrics=org.a.,org.b.'];
      await done(['configs', 'alter', 'client-metrics', name, ...change]);
      const set = await kafkaConfigs('client-metrics', name);
      assert.deepEqual([set['interval.ms'], set['metrics']], ['30000', 'org.a.,org.b.']);
      assert.deepEqual(values(await entries('client-metrics', name)), {
        'interval.ms': '30000',
        metrics: 'org.a.,org.b.',
      });
      const listed = JSON.parse(await done(['configs', 'describe', 'client-metrics', '-o', 'json']));
      assert.ok(listed.some((each: { name: string }) => each.name === name));
      await done(['configs', 'alter', 'client-metrics', name, '--delete-config', 'interval.ms', '--delete-config', 'metrics']);
      assert.deepEqual(await entries('client-metrics', name), {});
    });

    test('groups: as kafka-configs shows them, or else the Kafka release that supports them', async () => {
      const group = `group-${randomUUID()}`;
      const change = ['configs', 'alter', 'group', group, '--config', 'consumer.session.timeout.ms=50s'];
      const { code, stderr } = await run(change);
      if (!newer) {
        assert.equal(code, 3);
        assert.match(stderr, /this Kafka does not have configs of that kind\)\nhint: configs of groups came with Kafka 4\.0/);
        return;
      }
      assert.equal(code, 0, stderr);
      assert.deepEqual(await kafkaConfigs('groups', group), { 'consumer.session.timeout.ms': '50000' });
      assert.deepEqual(values(await entries('group', group)), { 'consumer.session.timeout.ms': '50000' });
      const listed = JSON.parse(await done(['configs', 'describe', 'group', '-o', 'json']));
      assert.ok(listed.some((each: { name: string }) => each.name === group));
    });

    test('a topic that is not there is named with the nearest one', async () => {
      const topic = await newTopic();
      for (const line of [
        ['describe', 'topic', `${topic}x`],
        ['alter', 'topic', `${topic}x`, '-c', 'flush.ms=1'],
      ]) {
        // biome-ignore format: rows
        const { code, stderr } = await run(['configs', ...line]);
        assert.equal(code, 3);
        assert.match(stderr, new RegExp(`kt: unknown topic ${topic}x .*\nhint: did you mean ${topic}\\?`));
      }
    });
  });
}

test('a user who may not see or change configs learns which permission is missing', async () => {
  const { bootstrapServers, aliceProperties } = await secureCluster();
  const alice = ['-b', bootstrapServers, '--command-config', aliceProperties!];
  const cases = [
    [['describe', 'broker', '1'], 'DESCRIBE_CONFIGS on the cluster'],
    [['alter', 'broker', '1', '-c', 'log.cleaner.threads=2'], 'ALTER_CONFIGS on the cluster'],
    [['describe', 'group', 'billing'], 'DESCRIBE_CONFIGS on group billing'],
    [['alter', 'client-metrics', 'all', '-c', 'interval.ms=1s'], 'ALTER_CONFIGS on the cluster'],
  ] as const;
  for (const [words, needed] of cases) {
    const { code, stderr } = await runKt(['configs', ...words, ...alice]);
    assert.equal(code, 3);
    assert.match(stderr, new RegExp(`hint: this user needs ${needed}; its administrator can grant it`));
  }
});
