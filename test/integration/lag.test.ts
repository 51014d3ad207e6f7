/** `kt lag` on real Kafkas, compared with Kafka's own kafka-consumer-groups where that tells the truth. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import type { Cluster } from '../../src/kafka/cluster.ts';
import { testClusters } from '../support/clusters.ts';
import { commitOffsets, kafkaLag } from '../support/group-offsets.ts';
import { opener } from '../support/group-readers.ts';
import { kt as runKt, startKt } from '../support/kt.ts';
import { until } from '../support/until.ts';

interface Row {
  readonly topic: string;
  readonly partition: number;
  readonly committedOffset: number | null;
  readonly endOffset: number | null;
  readonly lag: number | null;
  readonly status?: string;
}

const newName = () => `lag-${randomUUID()}`;
/** 30 records on three partitions. */
const counts = [12, 6, 12];

for (const { version, bootstrapServers, classpath, program } of await testClusters()) {
  describe(`lag on Kafka ${version}`, { concurrency: true }, () => {
    const kt = (line: string, stdin = '') =>
      runKt(line.split(' '), { program, env: { KT_BOOTSTRAP_SERVER: bootstrapServers }, stdin });
    const json = async (line: string) => JSON.parse((await kt(`${line} -o json`)).stdout);
    const shown = ({ partitions }: { partitions: readonly Row[] }) =>
      partitions.map(({ committedOffset, lag, status }) => [committedOffset, lag, status]);
    const topic = newName();
    let cluster: Cluster;

    before(async () => {
      cluster = await opener(bootstrapServers)();
      assert.equal((await kt(`topics create ${topic} --partitions 3`)).code, 0);
      for (const [partition, count] of counts.entries()) {
        assert.equal((await kt(`produce ${topic} --partition ${partition}`, 'x\n'.repeat(count))).code, 0);
      }
    });
    after(() => cluster.close());

    const commit = (group: string, offsets: Readonly<Record<number, number>>, of = topic) =>
      commitOffsets(cluster, group, of, offsets);

    test('a group that committed everywhere has the lag that kafka-consumer-groups shows', async () => {
      const group = await commit(newName(), { 0: 10, 1: 6, 2: 0 });
      const [ours] = await json(`lag ${group}`);
      assert.deepEqual([ours.group, ours.state, ours.type, ours.lag], [group, 'Empty', 'classic', 14]);
      assert.deepEqual(shown(ours), [[10, 2, undefined], [6, 0, undefined], [0, 12, undefined]]); // biome-ignore format: rows
      const theirs = await kafkaLag(version, classpath, bootstrapServers, group);
      assert.deepEqual(theirs, Object.fromEntries(ours.partitions.map(({ partition, lag }: Row) => [partition, String(lag)])));
    });

    test('partitions the group never committed count from their start, are left out, or fail, as the user says', async () => {
      const group = await commit(newName(), { 0: 10 });
      const [counted] = await json(`lag ${group}`);
      assert.equal(counted.lag, 20);
      assert.deepEqual(shown(counted), [[10, 2, undefined], [null, 6, 'uncommitted'], [null, 12, 'uncommitted']]); // biome-ignore format: rows
      const [ignored] = await json(`lag ${group} --uncommitted ignore`);
      assert.deepEqual([ignored.lag, ignored.partitions.length], [2, 3]);
      const failed = await kt(`lag ${group} --uncommitted fail`);
      assert.equal(failed.code, 1);
      assert.match(failed.stderr, new RegExp(`never committed some partitions \\(${topic}:1: 6, ${topic}:2: 12\\)`));
    });

    test('a check that holds is exit code 0, one that does not is 1 and names the partitions; both show the lag', async () => {
      const group = await commit(newName(), { 0: 10, 1: 6, 2: 0 });
      const holds = await kt(`lag ${group} --max-lag 12`);
      assert.deepEqual([holds.code, holds.stderr], [0, '']);
      const broken = await kt(`lag ${group} --max-lag 11`);
      assert.equal(broken.code, 1);
      assert.match(broken.stdout, new RegExp(`${topic} +2 +0 +12 +12`));
      assert.equal(broken.stderr.split('\n')[0], `kt: group ${group} lags more than 11 (${topic}:2: 12)`);
    });

    test('a group that does not exist is exit code 3 with the nearest name, never lag 0', async () => {
      const group = await commit(newName(), { 0: 1 });
      const { code, stdout, stderr } = await kt(`lag ${group}x --max-lag 1000 -o json`);
      assert.deepEqual([code, JSON.parse(stdout)], [3, []]);
      const { error } = JSON.parse(stderr);
      assert.deepEqual([error.kind, error.code, error.hint], ['refused', 'GROUP_ID_NOT_FOUND', `did you mean ${group}?`]);
    });

    test('a mistyped or foreign --topic is exit code 3, not a check that holds', async () => {
      const group = await commit(newName(), { 0: 12, 1: 6, 2: 12 });
      const mistyped = await kt(`lag ${group} --topic ${topic}x --max-lag 0`);
      assert.deepEqual([mistyped.code, /unknown topic/.test(mistyped.stderr)], [3, true]);
      const foreign = newName();
      await kt(`topics create ${foreign}`);
      const stranger = await kt(`lag ${group} --topic ${foreign} --max-lag 0`);
      assert.deepEqual([stranger.code, /does not read/.test(stranger.stderr)], [3, true]);
      assert.equal((await kt(`lag ${group} --topic ${topic} --max-lag 0`)).code, 0);
    });

    test('all groups, and groups by pattern, are shown separately', async () => {
      const base = newName();
      await commit(`${base}-a`, { 0: 12, 1: 6, 2: 12 });
      await commit(`${base}-b`, { 0: 0, 1: 0, 2: 0 });
      const lags = async (line: string) =>
        (await json(line))
          .filter(({ group }: { group: string }) => group.startsWith(base))
          .map(({ lag }: { lag: number }) => lag);
      assert.deepEqual(await lags('lag'), [0, 30]);
      assert.deepEqual(await lags(`lag ${base}-*`), [0, 30]);
      assert.equal((await kt(`lag nobody-${base}-*`)).code, 3);
    });

    test('a committed offset older than the log, or beyond its end, is reported and the lag is never negative', async () => {
      const cut = newName();
      await kt(`topics create ${cut} --partitions 2`);
      for (const partition of [0, 1]) await kt(`produce ${cut} --partition ${partition}`, 'x\n'.repeat(5));
      const group = await commit(newName(), { 0: 1, 1: 50 }, cut);
      const body = { topics: [{ name: cut, partitions: [{ partitionIndex: 0, offset: 3n }] }], timeoutMs: 5000 };
      const { topics } = await cluster.request('DeleteRecords', body, {
        broker: (await cluster.metadata([cut])).topics.get(cut)!.partitions[0]!.leader,
      });
      assert.equal(topics[0]!.partitions[0]!.errorCode, 0);
      const [ours] = await json(`lag ${group}`);
      assert.deepEqual(shown(ours), [[1, 2, 'below-start'], [50, 0, 'beyond-end']]); // biome-ignore format: rows
      assert.deepEqual([ours.lag, ours.partitions[0].lost, ours.partitions[1].lost], [2, 2, undefined]);
      assert.match((await kt(`lag ${group}`)).stdout, /^lost: +2$/m);
    });

    test('records of an open transaction are no lag under --isolation read_committed, nor is a reader of them beyond the end', async () => {
      const open = newName();
      await kt(`topics create ${open}`);
      await kt(`produce ${open}`, 'x\n'.repeat(3));
      const stop = new AbortController();
      const producer = startKt(['produce', open, '--transactional-id', open], {
        program,
        env: { KT_BOOTSTRAP_SERVER: bootstrapServers },
      });
      stop.signal.addEventListener('abort', () => producer.kill('SIGKILL'));
      try {
        producer.stdin.write('y\n'.repeat(200_000));
        const [slow, fast] = [await commit(newName(), { 0: 1 }, open), newName()];
        await until(async () => (await json(`lag ${slow}`))[0].partitions[0].endOffset > 3, 'records of the open transaction');
        await commit(fast, { 0: 4 }, open);
        const [stable] = await json(`lag ${slow} --isolation read_committed`);
        assert.deepEqual([stable.lag, stable.partitions[0].endOffset], [2, 3]);
        assert.deepEqual(shown((await json(`lag ${fast} --isolation read_committed`))[0]), [[4, 0, undefined]]);
        assert.ok((await json(`lag ${fast}`))[0].lag > 0);
      } finally {
        stop.abort();
      }
    });
  });
}
