/** `kt tail --group --commit`: what is committed is what was written out, however the reading ends. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { testClusters } from '../support/clusters.ts';
import { asLines, ktOn, linesOf, numbers, type Started } from '../support/kt-on.ts';
import { until } from '../support/until.ts';

const clusters = await testClusters();

/** What a started kt has printed so far. */
function printed({ child }: Started): () => string[] {
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk) => chunks.push(chunk));
  return () => linesOf(Buffer.concat(chunks));
}

for (const [index, cluster] of clusters.entries()) {
  const program = index % 2 === 0 ? 'node' : 'binary';
  const { run, done, start, newTopic } = ktOn(cluster, program);
  const newGroup = () => `group-${randomUUID()}`;
  const reading = (topic: string, group: string, ...words: readonly string[]) => [
    ...['tail', topic, '--group', group, '--commit', '--from-beginning', ...words],
  ];

  async function committed(group: string): Promise<(number | null)[]> {
    const [{ partitions }] = JSON.parse(await done(['lag', group, '-o', 'json']));
    return partitions.map(({ committedOffset }: { committedOffset: number | null }) => committedOffset);
  }

  describe(`${cluster.version}, ${program}`, { concurrency: true }, () => {
    test('with -n each run continues exactly where the last one stopped', async () => {
      const topic = await newTopic('--partitions', '1');
      const group = newGroup();
      await done(['produce', topic], asLines(numbers(1, 100)));
      const read: string[] = [];
      for (const count of [1, 7, 30]) {
        read.push(...linesOf(await done(reading(topic, group, '-n', String(count)))));
        assert.deepEqual(await committed(group), [read.length]);
      }
      read.push(...linesOf(await done(reading(topic, group, '-e'))));
      assert.deepEqual(read, numbers(1, 100));
      assert.deepEqual(linesOf(await done(reading(topic, group, '-e'))), []);
    });

    test('without --commit nothing is committed', async () => {
      const topic = await newTopic('--partitions', '1');
      const group = newGroup();
      await done(['produce', topic], asLines(numbers(1, 10)));
      const words = ['tail', topic, '--group', group, '--from-beginning', '-e'];
      for (let round = 0; round < 2; round++) assert.deepEqual(linesOf(await done(words)), numbers(1, 10));
    });

    test('Ctrl-C, SIGTERM, SIGHUP and a closed pipe commit what was written out, and nothing comes twice', async (t) => {
      const topic = await newTopic('--partitions', '1');
      const group = newGroup();
      let next = 1;
      for (const [signal, code] of [
        ['SIGINT', 130],
        ['SIGTERM', 143],
        ['SIGHUP', 129],
      ] as const) {
        const started = start(t, reading(topic, group));
        const lines = printed(started);
        await done(['produce', topic], asLines(numbers(next, next + 9)));
        await until(() => lines().length === 10, 'all was printed');
        started.child.kill(signal);
        assert.equal((await started.ended).code, code);
        assert.deepEqual(lines(), numbers(next, next + 9));
        next += 10;
        assert.deepEqual(await committed(group), [next - 1]);
        assert.equal(JSON.parse(await done(['groups', 'describe', group, '-o', 'json']))[0].state, 'Empty', 'it has left');
      }
      const { child, ended } = start(t, reading(topic, group));
      await done(['produce', topic, '-m', String(next)]);
      await once(child.stdout, 'data');
      child.stdout.destroy();
      await done(['produce', topic, '-m', String(next + 1)]);
      assert.equal((await ended).code, 0);
      assert.deepEqual(linesOf(await done(reading(topic, group, '-e'))).at(-1), String(next + 1));
    });

    test('two members share a topic; when one goes the other reads on for it, and every record has one reader', async (t) => {
      const topic = await newTopic('--partitions', '4');
      const group = newGroup();
      const keyed = (from: number, to: number) => asLines(numbers(from, to).map((number) => `${number}|${number}`));
      const first = start(t, reading(topic, group));
      const firstLines = printed(first);
      const second = start(t, reading(topic, group));
      const secondLines = printed(second);
      // Writes until both have read something: each then has half of the partitions.
      let written = 0;
      while (firstLines().length === 0 || secondLines().length === 0) {
        await done(['produce', topic, '-K', '|'], keyed(written + 1, written + 20));
        written += 20;
        await delay(100);
        assert.ok(written < 10_000, 'both read');
      }
      const both = () => [...firstLines(), ...secondLines()];
      const all = () => new Set(both()).size === written;
      await until(all, 'all was printed');
      first.child.kill('SIGTERM');
      assert.equal((await first.ended).code, 143);
      await done(['produce', topic, '-K', '|'], keyed(written + 1, written + 40));
      written += 40;
      await until(all, 'the other one prints the rest');
      second.child.kill('SIGINT');
      await second.ended;
      assert.deepEqual(both().sort(), numbers(1, written).sort());
      const total = (await committed(group)).reduce<number>((sum, offset) => sum + (offset ?? 0), 0);
      assert.equal(total, written);
      assert.equal((await run(['lag', group, '--max-lag', '0'])).code, 0);
    });
  });
}
