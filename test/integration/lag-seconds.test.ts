/** `kt lag --seconds` on real Kafkas: the age of the first unread record, as the record itself tells it. */
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import type { Cluster } from '../../src/kafka/cluster.ts';
import { testClusters } from '../support/clusters.ts';
import { commitOffsets } from '../support/group-offsets.ts';
import { opener } from '../support/group-readers.ts';
import { ktOn } from '../support/kt-on.ts';
import { until } from '../support/until.ts';

interface Row {
  readonly lag: number | null;
  readonly lagSeconds: number | null;
}

for (const { version, bootstrapServers, program } of await testClusters()) {
  describe(`lag in seconds on Kafka ${version}`, { concurrency: true }, () => {
    const { run, done, start, newTopic } = ktOn({ bootstrapServers, program });
    let cluster: Cluster;
    before(async () => {
      cluster = await opener(bootstrapServers)();
    });
    after(() => cluster.close());

    const commit = (topic: string, offsets: Readonly<Record<number, number>>) =>
      commitOffsets(cluster, `group-${randomUUID()}`, topic, offsets);
    async function rowsOf(group: string, ...options: readonly string[]): Promise<readonly Row[]> {
      return JSON.parse(await done(['lag', group, '--seconds', '-o', 'json', ...options]))[0].partitions;
    }
    /** Whole hours, as the tests' records are hours old. */
    const hours = (rows: readonly Row[]) => rows.map(({ lagSeconds }) => lagSeconds && Math.floor(lagSeconds / 3600));
    const produceAged = (topic: string, ages: readonly number[], ...options: readonly string[]) =>
      done(
        ['produce', topic, '-i', 'json', ...options],
        ages.map((age) => `${JSON.stringify({ value: 'x', timestamp: Date.now() - age * 3_600_000 - 60_000 })}\n`).join(''),
      );

    for (const codec of ['none', 'gzip', 'snappy', 'lz4', 'zstd']) {
      test(`the first unread record's age is found in the middle of a batch (${codec})`, async () => {
        const topic = await newTopic();
        await produceAged(topic, [9, 7, 5, 3, 1], '--compression', codec);
        for (const [offset, age] of [[0, 9], [2, 5], [4, 1], [5, 0]] as const) assert.deepEqual(hours(await rowsOf(await commit(topic, { 0: offset }))), [age]); // biome-ignore format: cases
      });
    }

    test('the age of many partitions is shown at once, however large their batches are', async () => {
      const topic = await newTopic('--partitions', '12', '--config', 'max.message.bytes=4194304');
      for (let partition = 0; partition < 12; partition++) {
        const value = randomBytes(partition < 4 ? 100 : partition < 8 ? 100_000 : 1_300_000).toString('base64');
        const timestamp = Date.now() - (partition + 1) * 3_600_000 - 60_000;
        const line = JSON.stringify({ value, valueEncoding: 'base64', timestamp });
        await done(['produce', topic, '-i', 'json', '--partition', String(partition)], `${line}\n`);
      }
      const group = await commit(topic, Object.fromEntries(Array.from({ length: 11 }, (_, partition) => [partition, 0])));
      assert.deepEqual(hours(await rowsOf(group)), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    });

    test('a transaction marker is not a record: a group that read all before it is 0 seconds behind', async () => {
      const topic = await newTopic();
      await produceAged(topic, [2], '--transactional-id', randomUUID());
      const [row] = await rowsOf(await commit(topic, { 0: 1 }));
      assert.deepEqual([row!.lag, row!.lagSeconds], [1, 0]);
      await produceAged(topic, [1]);
      assert.deepEqual(hours(await rowsOf(await commit(topic, { 0: 1 }))), [1]);
    });

    test('records of an aborted transaction are none to a reader of committed ones', async (t) => {
      const topic = await newTopic();
      const old = `${JSON.stringify({ value: 'x', timestamp: Date.now() - 5 * 3_600_000 - 60_000 })}\n`;
      const producer = start(t, ['produce', topic, '-i', 'json', '--transactional-id', randomUUID()]);
      producer.child.stdin.write(old.repeat(50_000));
      const group = await commit(topic, { 0: 0 });
      await until(async () => (await rowsOf(group))[0]!.lag! > 0, 'records of the transaction are written');
      producer.child.kill('SIGINT');
      await producer.ended;
      assert.deepEqual(hours(await rowsOf(group)), [5]);
      assert.deepEqual(hours(await rowsOf(group, '--isolation', 'read_committed')), [0]);
      await produceAged(topic, [2]);
      assert.deepEqual(hours(await rowsOf(group, '--isolation', 'read_committed')), [2]);
    });

    test('two groups at different places of one partition have each their own age', async () => {
      const topic = await newTopic();
      await produceAged(topic, [9, 7, 5]);
      const name = `pair-${randomUUID()}`;
      await commitOffsets(cluster, `${name}-a`, topic, { 0: 0 });
      await commitOffsets(cluster, `${name}-b`, topic, { 0: 2 });
      const groups = JSON.parse(await done(['lag', `${name}-*`, '--seconds', '-o', 'json']));
      assert.deepEqual(groups.flatMap(({ partitions }: { partitions: Row[] }) => hours(partitions)), [9, 5]); // biome-ignore format: one line
    });

    test('an age that cannot be known is null, and kt says why', async () => {
      const topic = await newTopic();
      await done(['produce', topic, '--compression', 'gzip'], `${'x'.repeat(100_000)}\n`);
      const group = await commit(topic, { 0: 0 });
      const small = ['lag', group, '--max-batch-bytes', '10kB'];
      const shown = await run([...small, '--seconds', '-o', 'json']);
      assert.equal(shown.code, 0);
      const [row] = JSON.parse(shown.stdout)[0].partitions;
      assert.deepEqual([row.lag, row.lagSeconds], [1, null]);
      assert.match(row.lagSecondsProblem, /max-batch-bytes|10/);
      const why = `(${topic}:0: ${row.lagSecondsProblem})`;
      assert.ok(shown.stderr.includes(`the age of first unread records is unknown ${why}`), shown.stderr);
      const checked = await run([...small, '--max-seconds', '1h']);
      assert.equal(checked.code, 3);
      assert.ok(checked.stderr.includes(why), checked.stderr);
    });

    test('--max-seconds fails for what is older and names it, with the age', async () => {
      const topic = await newTopic('--partitions', '2');
      await produceAged(topic, [3], '--partition', '0');
      await produceAged(topic, [0], '--partition', '1');
      const group = await commit(topic, { 0: 0, 1: 0 });
      const broken = await run(['lag', group, '--max-seconds', '2h']);
      assert.equal(broken.code, 1);
      assert.match(broken.stderr, new RegExp(`^kt: group ${group} is more than 2h behind \\(${topic}:0: 3h1m\\)\n`));
      assert.match(broken.stdout, /LAG-SECONDS/);
      assert.equal((await run(['lag', group, '--max-seconds', '4h'])).code, 0);
      assert.equal((await run(['lag', group, '--max-seconds', 'soon'])).code, 2);
    });
  });
}
