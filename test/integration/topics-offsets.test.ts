/** `kt topics offsets` and `kt topics delete-records` on real Kafkas, beside kafka-get-offsets and kafka-delete-records. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { brokenCluster, secureCluster, testClusters } from '../support/clusters.ts';
import { kafkaTools } from '../support/kafka-tools.ts';
import { kt as runKt } from '../support/kt.ts';
import { asLines, keptForever, ktOn, numbers } from '../support/kt-on.ts';

const folder = mkdtempSync(join(tmpdir(), 'kt-offsets-'));
after(() => rmSync(folder, { recursive: true }));

for (const cluster of await testClusters()) {
  describe(`topics offsets on Kafka ${cluster.version}`, { concurrency: true }, () => {
    const { run, done, newTopic, values } = ktOn(cluster);
    const kafka = kafkaTools(cluster);
    const offsets = async (topic: string, at: string) =>
      JSON.parse(await done(['topics', 'offsets', topic, `--at=${at}`, '-o', 'json']));

    /** Partition 0 with records of the times 10000 to 100000 and 5000, partition 1 with one of 30000, partition 2 with none. */
    async function filled(...options: readonly string[]): Promise<string> {
      const topic = await newTopic('--partitions', '3', ...keptForever, ...options);
      const lines = [...numbers(1, 10).map((number) => `${number}0000`), '5000'].map((timestamp) =>
        JSON.stringify({ timestamp: Number(timestamp), value: timestamp }),
      );
      await done(['produce', topic, '--partition', '0', '-i', 'json'], asLines(lines));
      await done(['produce', topic, '--partition', '1', '--timestamp', '30000', '-m', 'x']);
      return topic;
    }

    test('every position is what kafka-get-offsets says', async () => {
      const topic = await filled();
      const pairs = [['end', '-1'], ['beginning', '-2'], ['max-timestamp', '-3'], ['@30000', '30000'], ['@999999', '999999']]; // biome-ignore format: rows
      for (const [ours, theirs] of pairs) {
        const lines = (await kafka.getOffsets('--topic', topic, '--time', theirs!)).trim().split('\n');
        const printed = lines.filter((line) => /:\d+$/.test(line)).sort();
        const told = (await offsets(topic, ours!))
          // kafka-get-offsets leaves out partitions without so recent a record; kt gives the end there.
          .filter(({ timestamp, offset }: { timestamp: number | null; offset: number | null }) =>
            ours!.startsWith('@') ? timestamp !== null : offset !== null,
          )
          .map(({ partition, offset }: { partition: number; offset: number }) => `${topic}:${partition}:${offset}`);
        assert.deepEqual(told, printed, ours);
      }
      // Nothing is in tiered storage; for a position that the broker does not know, kt says which Kafka does.
      for (const [place, since, wanted] of [
        ['earliest-local', '3.5', [0, 0, 0]],
        ['latest-tiered', '3.9', [null, null, null]],
        ['earliest-pending-upload', '4.2', [null, null, null]],
      ] as const) {
        const { code, stdout, stderr } = await run(['topics', 'offsets', topic, '--at', place, '-o', 'json']);
        if (code === 0)
          assert.deepEqual(
            JSON.parse(stdout).map(({ offset }: { offset: number | null }) => offset),
            wanted,
            place,
          );
        else {
          assert.ok(cluster.version === '3.7.0' && place !== 'earliest-local', stderr);
          const { message, hint } = JSON.parse(stderr).error;
          assert.deepEqual([code, message, hint], [3, `the brokers do not support ${place}`, `it came with Kafka ${since}`]);
        }
      }
      const times = (await offsets(topic, 'max-timestamp')).map(({ timestamp }: { timestamp: number | null }) => timestamp);
      assert.deepEqual(times, [100_000, 30_000, null]);
      const young = await offsets(topic, '@999999');
      assert.deepEqual([young[0].offset, young[0].timestamp], [11, null]);
      const last = await offsets(topic, '-3');
      assert.deepEqual(last.map(({ offset }: { offset: number }) => offset), [8, 0, 0]); // biome-ignore format: short
      assert.match(await done(['topics', 'offsets', topic, '--at', 'max-timestamp']), / 1970-01-01T00:01:40\.000Z/);
    });

    test('a missing topic or partition is reported, and the others are shown', async () => {
      const topic = await newTopic('--partitions', '1');
      const { code, stdout, stderr } = await run(['topics', 'offsets', topic, `${topic}x`, '-p', '0', '-p', '4', '-o', 'name']);
      assert.deepEqual([code, stdout], [3, `${topic}:0\n`]);
      assert.match(stderr, new RegExp(`unknown topic ${topic}x`));
      assert.match(
        stderr,
        new RegExp(
          `topic ${topic} has no partition 4 \\(it has 1: 0\\)\nhint: kt topics describe ${topic} shows its partitions`,
        ),
      );
    });

    test('records before an offset are deleted as by kafka-delete-records', async () => {
      const [ours, theirs] = [await filled(), await filled()];
      const deleted = JSON.parse(
        await done(['topics', 'delete-records', ours, '--before', '4', '-p', '0', '--yes', '-o', 'json']),
      );
      assert.deepEqual(deleted, [{ topic: ours, partition: 0, status: 'deleted', records: 4, startOffset: 4 }]);
      const file = join(folder, `${theirs}.json`);
      writeFileSync(file, JSON.stringify({ version: 1, partitions: [{ topic: theirs, partition: 0, offset: 4 }] }));
      await kafka.deleteRecords('--offset-json-file', file);
      const starts = async (topic: string) =>
        (await offsets(topic, 'beginning')).map(({ offset }: { offset: number }) => offset);
      assert.deepEqual(await starts(ours), await starts(theirs));
      assert.deepEqual((await values(ours)).sort(), (await values(theirs)).sort());

      await done(['topics', 'delete-records', ours, '--before', '@90000', '--yes']);
      assert.deepEqual(await starts(ours), [8, 1, 0]);
      await done(['topics', 'delete-records', ours, '--before', '-1', '--yes']);
      assert.deepEqual(await values(ours), ['5000']);
    });

    test('without --yes nothing is deleted, and a dry run shows what would be', async () => {
      const topic = await filled();
      const refused = await run(['topics', 'delete-records', topic, '--before', 'end']);
      assert.deepEqual([refused.code, refused.stdout], [2, '']);
      assert.match(refused.stderr, new RegExp(`${topic}:0: 11 records, offsets 0 to 10\n`));
      assert.match(
        refused.stderr,
        new RegExp(`Delete 12 records of topic ${topic} on .* \\(KT_BOOTSTRAP_SERVER\\)\\? \\(.*\\)\nhint: add --yes`),
      );
      const planned = JSON.parse(await done(['topics', 'delete-records', topic, '--before', 'end', '--dry-run', '-o', 'json']));
      assert.deepEqual(
        planned.map(({ status, records }: { status: string; records: number }) => [status, records]),
        [['valid', 11], ['valid', 1], ['unchanged', 0]], // biome-ignore format: rows
      );
      assert.equal((await values(topic)).length, 12);
    });

    test('a compacted topic keeps its records: kt says why and what to change', async () => {
      const topic = await newTopic('--cleanup-policy', 'compact', '--partitions', '1');
      await done(['produce', topic, '-k', 'key', '-m', 'value']);
      const { code, stderr } = await run(['topics', 'delete-records', topic, '--before', 'end', '--yes']);
      assert.equal(code, 3);
      assert.match(stderr, new RegExp(`hint: records can only be deleted where .*kt topics alter ${topic} --append-config`));
    });
  });
}

test('records of many partitions go at three leaders', async () => {
  const cluster = await brokenCluster();
  const { done, newTopic, values } = ktOn(cluster);
  const topic = await newTopic('--partitions', '9', '--replication-factor', '2');
  await done(['produce', topic, '--partitioner', 'round-robin'], asLines(numbers(1, 90)));
  const deleted = JSON.parse(await done(['topics', 'delete-records', topic, '--before', '7', '--yes', '-o', 'json']));
  assert.deepEqual(new Set(deleted.map(({ status, records }: Record<string, string>) => `${status} ${records}`)), new Set(['deleted 7'])); // biome-ignore format: one line
  assert.equal((await values(topic)).length, 27);
});

test('a user who may not delete records learns which permission is missing', async () => {
  const { listeners } = await secureCluster();
  // Other tests need alice to have no permission.
  const [user, password] = [`clerk-${randomUUID()}`, randomUUID()];
  const topic = `secret-${randomUUID()}`;
  const admin = ['-b', listeners.PLAINTEXT!];
  assert.equal((await runKt(['topics', 'create', topic, ...admin])).code, 0);
  assert.equal((await runKt(['produce', topic, '-m', 'value', ...admin])).code, 0);
  assert.equal((await runKt(['users', 'set', user, '--password-file', '-', ...admin], { stdin: password })).code, 0);
  const rule = ['acls', 'create', '--allow-principal', `User:${user}`, '--operation', 'DESCRIBE', '--topic', topic];
  assert.equal((await runKt([...rule, ...admin])).code, 0);
  const settings = { 'security.protocol': 'SASL_PLAINTEXT', 'sasl.mechanism': 'SCRAM-SHA-512', 'sasl.username': user };
  const clerk = Object.entries({ ...settings, 'sasl.password': password }).flatMap(([name, value]) => [
    '-X',
    `${name}=${value}`,
  ]);
  const doomed = ['topics', 'delete-records', topic, '--before', 'end', '--yes', '-b', listeners.SASL_PLAINTEXT!];
  const { code, stderr } = await runKt([...doomed, ...clerk]);
  assert.equal(code, 3);
  assert.match(stderr, new RegExp(`hint: this user needs DELETE on topic ${topic}; its administrator can grant it`));
});
