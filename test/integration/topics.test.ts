/** `kt topics` on real Kafkas, looked at from outside with Kafka's own kafka-topics. */

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { testClusters } from '../support/clusters.ts';
import { javaTool } from '../support/foreign-clients.ts';
import { kt as runKt } from '../support/kt.ts';
import { untilEqual } from '../support/until.ts';

const newName = () => `topics-${randomUUID()}`;

for (const { version, bootstrapServers, classpath, program } of await testClusters()) {
  describe(`topics on Kafka ${version}`, { concurrency: true }, () => {
    const kt = (line: string, stdin = '') =>
      runKt(line.split(' '), { program, env: { KT_BOOTSTRAP_SERVER: bootstrapServers }, stdin });
    const json = async (line: string) => JSON.parse((await kt(`${line} -o json`)).stdout);
    const names = async (pattern: string) =>
      (await json(`topics list ${pattern}`)).map(({ topic }: { topic: string }) => topic);

    /** What kafka-topics.sh prints. */
    const kafkaTopics = (...args: string[]) =>
      javaTool(classpath, 'org.apache.kafka.tools.TopicCommand', ['--bootstrap-server', bootstrapServers, ...args]);

    test('a topic created with retention in human units is what kafka-topics describes', async () => {
      const topic = newName();
      const created = await kt(
        `topics create ${topic} --partitions 3 --retention 7d --retention-bytes 1GiB --cleanup-policy delete -o json`,
      );
      assert.deepEqual([created.code, created.stderr], [0, '']);
      assert.deepEqual(JSON.parse(created.stdout), [{ topic, status: 'created', partitions: 3, replicationFactor: 1 }]);
      const described = await kafkaTopics('--describe', '--topic', topic);
      assert.match(described, /PartitionCount: 3\s+ReplicationFactor: 1/);
      const configs = /Configs: (\S+)/.exec(described)![1]!.split(',').sort();
      for (const config of ['retention.ms=604800000', 'retention.bytes=1073741824', 'cleanup.policy=delete'])
        assert.ok(configs.includes(config), config);

      const [ours] = await json(`topics describe ${topic} --sizes`);
      assert.equal(ours.topicId, /TopicId: (\S+)/.exec(described)![1]);
      assert.equal(ours.configs['retention.ms'].value, '604800000');
      assert.deepEqual(
        ours.partitions.map(({ partition, startOffset, endOffset, records, bytes }: Record<string, number>) => [
          partition,
          startOffset,
          endOffset,
          records,
          bytes,
        ]),
        [[0, 0, 0, 0, 0], [1, 0, 0, 0, 0], [2, 0, 0, 0, 0]], // biome-ignore format: rows
      );
      const table = (await kt(`topics describe ${topic}`)).stdout;
      assert.match(table, /retention\.ms=604800000 \(7d\)/);
      assert.match(table, /retention\.bytes=1073741824 \(1GiB\)/);
    });

    test('offsets and records of a topic are described as they are', async () => {
      const topic = newName();
      await kt(`topics create ${topic} --partitions 1`);
      assert.equal((await kt(`produce ${topic}`, 'a\nb\nc\n')).code, 0);
      const [{ partitions }] = await json(`topics describe ${topic} --sizes`);
      assert.deepEqual([partitions[0].startOffset, partitions[0].endOffset, partitions[0].records], [0, 3, 3]);
      assert.ok(partitions[0].bytes > 0);
    });

    test('all configs come with their source; without --configs all only the ones set on the topic do', async () => {
      const topic = newName();
      await kt(`topics create ${topic} --config max.message.bytes=1MiB`);
      const [set] = await json(`topics describe ${topic}`);
      const dynamic = Object.entries<{ source: string }>(set.configs).every(
        ([, { source }]) => source === 'DYNAMIC_TOPIC_CONFIG',
      );
      assert.ok(dynamic && set.configs['max.message.bytes'].value === '1048576');
      const [all] = await json(`topics describe ${topic} --configs all`);
      assert.equal(all.configs['min.insync.replicas'].source === 'DYNAMIC_TOPIC_CONFIG', false);
      assert.ok(Object.keys(all.configs).length > 20);
    });

    test('every config comes with what it is for', async () => {
      const topic = newName();
      await kt(`topics create ${topic} --retention 2d`);
      const [{ configs }] = await json(`topics describe ${topic} --configs all`);
      assert.match(configs['retention.ms'].documentation, /retain/);
      const { stdout } = await kt(`topics describe ${topic} --configs all`);
      assert.match(stdout, /CONFIG +VALUE +SOURCE\n/);
      assert.match(stdout, /retention\.ms +172800000 \(2d\) +DYNAMIC_TOPIC_CONFIG/);
      assert.match((await kt(`topics describe ${topic} --configs all -o wide`)).stdout, /SOURCE +DOCUMENTATION\n/);
    });

    test('partitions that are uneven, and acks=all that cannot be had, are hints for people only', async () => {
      const topic = newName();
      await kt(`topics create ${topic} --partitions 4 --config min.insync.replicas=2`);
      const filled = await kt(`produce ${topic} --partition 2`, 'x\n'.repeat(500));
      assert.equal(filled.code, 0, filled.stderr);
      const { code, stderr } = await kt(`topics describe ${topic}`);
      assert.equal(code, 0);
      assert.match(stderr, new RegExp(`hint: ${topic}: partition 2 holds 100 % of the records of 4 partitions`));
      assert.match(stderr, new RegExp(`hint: ${topic}: acks=all always fails .*: set it to 1`));
      const script = await kt(`topics describe ${topic} -o json`);
      assert.deepEqual([script.stderr, Object.keys(JSON.parse(script.stdout)[0]).includes('hints')], ['', false]);
    });

    test('a filter that finds nothing says so, and is no failure', async () => {
      const topic = newName();
      await kt(`topics create ${topic}`);
      assert.deepEqual(await kt(`topics describe ${topic} --unavailable --under-replicated`).then(({ code, stdout, stderr }) => [code, stdout, stderr]), [0, '', 'no partition is under-replicated or unavailable\n']); // biome-ignore format: one line
    });

    test('a topic that exists with other settings is left as it is, and the difference is shown', async () => {
      const topic = newName();
      await kt(`topics create ${topic} --partitions 2 --retention 1d`);
      const again = await kt(`topics create ${topic} --partitions 3 --retention 7d --if-not-exists`);
      assert.equal(again.code, 0);
      assert.match(again.stderr, /exists and differs \(its number of partitions is 2, not 3\); it was left as it is/);
      assert.match(again.stderr, /exists and differs \(retention\.ms is 86400000, not 604800000\)/);
      const same = await kt(`topics create ${topic} --partitions 2 --retention 1d --if-not-exists`);
      assert.deepEqual([same.code, same.stderr], [0, '']);
    });

    test('several topics are created with replicas on the brokers that are named', async () => {
      const base = newName();
      assert.equal((await kt(`topics create ${base}-a ${base}-b --replica-assignment 1,1`)).code, 0);
      assert.match(await kafkaTopics('--describe', '--topic', `${base}-b`), /PartitionCount: 2\s+ReplicationFactor: 1/);
    });

    test('an existing topic is refused with exit code 3, and the new one beside it is created', async () => {
      const [old, fresh] = [newName(), newName()];
      await kt(`topics create ${old} --partitions 2`);
      const { code, stdout, stderr } = await kt(`topics create ${old} ${fresh}`);
      assert.equal(code, 3);
      assert.match(stdout, new RegExp(`${old} +failed`));
      assert.match(stdout, new RegExp(`${fresh} +created`));
      assert.match(
        stderr,
        new RegExp(`kt: topic ${old} not created \\(Topic '${old}' already exists\\)\nhint: .*--if-not-exists`),
      );
      const again = await json(`topics create ${old} ${fresh} --if-not-exists`);
      assert.deepEqual(again.map(({ status, partitions }: { status: string; partitions: number }) => [status, partitions])[0], [
        'exists',
        2,
      ]);
    });

    test('several topics with the same problem are all named, and their common hint comes once', async () => {
      const [one, two] = [newName(), newName()];
      await kt(`topics create ${one} ${two}`);
      const { code, stderr } = await kt(`topics create ${one} ${two}`);
      assert.equal(code, 3);
      assert.match(
        stderr,
        new RegExp(`^kt: topic ${one} not created [^\n]+\nkt: topic ${two} not created [^\n]+\nhint: [^\n]+\n$`),
      );
    });

    test("a replication factor above the brokers is refused in the broker's words, and nothing is created", async () => {
      const topic = newName();
      const { code, stderr } = await kt(`topics create ${topic} --replication-factor 3`);
      assert.equal(code, 3);
      assert.match(stderr, /not created \(.*replication factor.*(only 1 broker|larger than)/i);
      assert.deepEqual(await names(topic), []);
    });

    test('a config the broker does not know is refused with the nearest name, and nothing is created', async () => {
      const topic = newName();
      const { code, stderr } = await kt(`topics create ${topic} --config retention.mss=1`);
      assert.equal(code, 3);
      assert.match(
        stderr,
        /Unknown topic config name: retention\.mss\)\nhint: did you mean retention\.ms instead of retention\.mss\?/,
      );
      assert.deepEqual(await names(topic), []);
    });

    test('a value that a config cannot have is refused, and nothing is created', async () => {
      const topic = newName();
      const { code, stderr } = await kt(`topics create ${topic} --config min.insync.replicas=many`);
      assert.deepEqual([code, /Invalid value many for configuration min\.insync\.replicas/.test(stderr)], [3, true]);
      assert.deepEqual(await names(topic), []);
    });

    test('a dry run is judged by the broker and creates nothing', async () => {
      const topic = newName();
      const [{ status, partitions }] = await json(`topics create ${topic} --partitions 5 --dry-run`);
      assert.deepEqual([status, partitions], ['valid', 5]);
      assert.equal((await kt(`topics create ${topic} --replication-factor 9 --dry-run`)).code, 3);
      assert.deepEqual(await names(topic), []);
    });

    test('an illegal name never reaches the broker', async () => {
      const { code, stdout, stderr } = await kt('topics create fine-but a/b');
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, /^kt: illegal topic name a\/b \('\/' is not allowed\)\nhint: /);
      assert.deepEqual(await names('fine-but'), []);
    });

    test('a missing topic is named with the nearest one, exit code 3, and the others are described', async () => {
      const topic = newName();
      await kt(`topics create ${topic}`);
      const { code, stdout, stderr } = await kt(`topics describe ${topic} ${topic}x -o name`);
      assert.deepEqual([code, stdout], [3, `${topic}\n`]);
      assert.match(stderr, new RegExp(`kt: unknown topic ${topic}x \\(.*\\)\nhint: did you mean ${topic}\\?`));
    });

    test('patterns list as globs and as regular expressions', async () => {
      const base = newName();
      await kt(`topics create ${base}-eu ${base}-us`);
      assert.deepEqual(await names(`${base}-*`), [`${base}-eu`, `${base}-us`]);
      assert.deepEqual(await names(`${base}-(eu|asia)`), [`${base}-eu`]);
      assert.deepEqual(await names(`${base}`), []);
    });

    test('without a terminal nothing is deleted unless --yes says so; a dry run deletes nothing either', async () => {
      const base = newName();
      await kt(`topics create ${base}-1 ${base}-2`);
      const refused = await kt(`topics delete ${base}-*`);
      assert.deepEqual([refused.code, refused.stdout], [2, '']);
      assert.match(refused.stderr, /--yes/);
      const planned = await json(`topics delete ${base}-* --dry-run`);
      assert.deepEqual(
        planned.map(({ status }: { status: string }) => status),
        ['valid', 'valid'],
      );
      assert.equal((await names(`${base}-*`)).length, 2);
    });

    test('deleted topics are gone for kafka-topics too; a missing one is exit code 3, or 0 with --if-exists', async () => {
      const base = newName();
      await kt(`topics create ${base}-1 ${base}-2 ${base}`);
      const { code, stdout } = await kt(`topics delete ${base}-* --yes`);
      assert.equal(code, 0, stdout);
      const theirs = async () => (await kafkaTopics('--list')).split('\n').filter((name) => name.startsWith(base));
      await untilEqual(theirs, [base]);
      const missing = await kt(`topics delete ${base}-1 --yes`);
      assert.equal(missing.code, 3);
      assert.match(missing.stderr, new RegExp(`unknown topic ${base}-1 .*\nhint: did you mean ${base}\\?`));
      assert.equal((await kt(`topics delete ${base}-1 ${base} --if-exists --yes`)).code, 0);
      await untilEqual(() => names(`${base}*`), []);
    });
  });
}
