/** `kt topics alter` on real Kafkas, its result looked at with Kafka's own kafka-configs and kafka-topics. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { secureCluster, testClusters } from '../support/clusters.ts';
import { kafkaTools, printedConfigs } from '../support/kafka-tools.ts';
import { kt as runKt } from '../support/kt.ts';
import { ktOn } from '../support/kt-on.ts';
import { untilEqual } from '../support/until.ts';

for (const cluster of await testClusters()) {
  describe(`topics alter on Kafka ${cluster.version}`, { concurrency: true }, () => {
    const { run, done, newTopic } = ktOn(cluster);
    const kafka = kafkaTools(cluster);
    const alter = async (...args: readonly string[]) => JSON.parse(await done(['topics', 'alter', ...args, '-o', 'json']));
    const setConfigs = async (topic: string) =>
      printedConfigs(await kafka.configs('--entity-type', 'topics', '--entity-name', topic, '--describe'));

    test('only the configs that are named change, and before and after are shown', async () => {
      const topic = await newTopic('--config', 'max.message.bytes=1MiB', '--retention', '7d');
      const [outcome] = await alter(topic, '--retention', '3d', '--append-config', 'cleanup.policy=compact');
      const changes = outcome.changes.map(({ name, before, after }: Record<string, string>) => `${name}: ${before} → ${after}`);
      assert.deepEqual(changes.sort(), ['cleanup.policy: delete → delete,compact', 'retention.ms: 604800000 → 259200000']);
      assert.deepEqual(await setConfigs(topic), {
        'cleanup.policy': 'delete,compact',
        'max.message.bytes': '1048576',
        'retention.ms': '259200000',
      });
      await done(['topics', 'alter', topic, '--subtract-config', 'cleanup.policy=delete', '--delete-config', 'retention.ms']);
      assert.deepEqual(await setConfigs(topic), { 'cleanup.policy': 'compact', 'max.message.bytes': '1048576' });
    });

    test('what kafka-configs changes, kt shows, and the other way round', async () => {
      const topic = await newTopic();
      await kafka.configs(
        ...['--entity-type', 'topics', '--entity-name', topic, '--alter'],
        ...['--add-config', 'retention.ms=1000,flush.ms=5'],
      );
      await untilEqual(() => setConfigs(topic), { 'flush.ms': '5', 'retention.ms': '1000' });
      const [again] = await alter(topic, '--retention', '1s', '--delete-config', 'flush.ms');
      assert.equal(again.status, 'altered');
      const [{ configs }] = JSON.parse(await done(['topics', 'describe', topic, '-o', 'json']));
      const values = Object.entries<{ value: string }>(configs).map(([name, { value }]) => [name, value]);
      assert.deepEqual(Object.fromEntries(values), await setConfigs(topic));
      assert.equal((await alter(topic, '--retention', '1s'))[0].status, 'unchanged');
    });

    test('two processes that alter two configs at once lose neither change', async () => {
      const topic = await newTopic('--config', 'flush.messages=7');
      const rounds = [1, 2, 3, 4].flatMap((value) => [
        done(['topics', 'alter', topic, '--config', `retention.ms=${value}000`]),
        done(['topics', 'alter', topic, '--config', `segment.ms=${value}000`]),
      ]);
      await Promise.all(rounds);
      await Promise.all([
        done(['topics', 'alter', topic, '--config', 'retention.ms=9000']),
        done(['topics', 'alter', topic, '--config', 'segment.ms=9000']),
      ]);
      assert.deepEqual(await setConfigs(topic), { 'flush.messages': '7', 'retention.ms': '9000', 'segment.ms': '9000' });
    });

    test('partitions are added with a warning that keys move, and never removed', async () => {
      const topic = await newTopic('--partitions', '2');
      const grown = await run(['topics', 'alter', topic, '--partitions', '5']);
      assert.equal(grown.code, 0);
      assert.match(grown.stdout, /altered +partitions +2 +5/);
      assert.match(grown.stderr, /keyed records may now go to another partition than before/);
      assert.match(await kafka.topics('--describe', '--topic', topic), /PartitionCount: 5\s/);

      const fewer = await run(['topics', 'alter', topic, '--partitions', '3', '--retention', '1d']);
      assert.equal(fewer.code, 3);
      assert.match(fewer.stderr, /not altered \(it already has 5 partitions, more than 3\)\nhint: Kafka only adds/);
      assert.deepEqual(await setConfigs(topic), {}, 'a topic is altered in whole or not at all');
      assert.equal((await alter(topic, '--partitions', '5'))[0].status, 'unchanged');
    });

    test('a dry run is judged by the broker and changes nothing', async () => {
      const topic = await newTopic('--partitions', '2');
      const [valid] = await alter(topic, '--partitions', '4', '--retention', '2d', '--dry-run');
      assert.equal(valid.status, 'valid');
      assert.deepEqual(
        valid.changes.map(({ name, after }: Record<string, string>) => [name, after]),
        [['partitions', '4'], ['retention.ms', '172800000']], // biome-ignore format: rows
      );
      const invalid = await run(['topics', 'alter', topic, '--config', 'min.insync.replicas=many', '--dry-run']);
      assert.deepEqual([invalid.code, /Invalid value many/.test(invalid.stderr)], [3, true]);
      assert.deepEqual(await setConfigs(topic), {});
      assert.match(await kafka.topics('--describe', '--topic', topic), /PartitionCount: 2\s/);
    });

    test('a topic that fails does not stop the others from being altered; the likely name is suggested', async () => {
      const topic = await newTopic();
      const { code, stdout, stderr } = await run(['topics', 'alter', `${topic}x`, topic, '--retention', '1d']);
      assert.equal(code, 3);
      assert.match(stdout, new RegExp(`${topic}x +failed[^]*${topic} +altered`));
      assert.match(stderr, new RegExp(`kt: unknown topic ${topic}x .*\nhint: did you mean ${topic}\\?`));
      for (const change of [
        ['--config', 'retention.mss=1'],
        ['--delete-config', 'retention.mss'],
      ]) {
        // biome-ignore format: rows
        const misspelt = await run(['topics', 'alter', topic, ...change]);
        assert.equal(misspelt.code, 3);
        assert.match(
          misspelt.stderr,
          /Unknown .*retention\.mss\)\nhint: did you mean retention\.ms instead of retention\.mss\?/,
        );
      }
    });
  });
}

test('a user who may not create, see, alter or delete a topic learns which permission is missing', async () => {
  const { listeners, bootstrapServers, aliceProperties } = await secureCluster();
  const topic = `secret-${randomUUID()}`;
  const created = await runKt(['topics', 'create', topic, '-b', listeners.PLAINTEXT!]);
  assert.equal(created.code, 0, created.stderr);
  const alice = ['-b', bootstrapServers, '--command-config', aliceProperties!];
  const cases = [
    [['alter', topic, '--retention=1d'], 'ALTER_CONFIGS'],
    [['alter', topic, '--partitions=9'], 'ALTER'],
    [['create', `${topic}-new`], 'CREATE'],
    [['describe', topic], 'DESCRIBE'],
    [['offsets', topic], 'DESCRIBE'],
    [['export', topic], 'DESCRIBE'],
    [['delete', topic, '--yes'], 'DELETE'],
    [['delete-records', topic, '--before=end', '--yes'], 'DELETE'],
  ] as const;
  for (const [words, operation] of cases) {
    const { code, stderr } = await runKt(['topics', ...words, ...alice]);
    assert.equal(code, 3);
    assert.match(
      stderr,
      new RegExp(`hint: this user needs ${operation} on topic ${topic}(-new)?; its administrator can grant it`),
    );
  }
});
