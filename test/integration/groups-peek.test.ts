/** `kt groups peek`: the record a group is stuck on, in partitions as they really are: with transactions, live members, nothing to read. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { testClusters } from '../support/clusters.ts';
import { asLines, ktOn, linesOf, numbers } from '../support/kt-on.ts';
import { until } from '../support/until.ts';

const newName = () => `peek-${randomUUID()}`;

for (const cluster of await testClusters()) {
  describe(`peeking on Kafka ${cluster.version}`, () => {
    const kt = ktOn(cluster);
    const peek = async (...args: readonly string[]) =>
      linesOf(await kt.done(['groups', 'peek', ...args])).map((line) => JSON.parse(line));
    const told = ({ partition, offset, value, place }: Record<string, unknown>) => [partition, offset, value, place];
    const reset = (group: string, topic: string, to: string) =>
      kt.done(['groups', 'reset-offsets', group, '--topic', topic, '--to', to, '--execute']);

    /** Two partitions of the values 1 to 10 at the offsets 0 to 9; the group stands at 4 of the first and at the end of the second. */
    async function fixture() {
      const topic = await kt.newTopic('--partitions', '2');
      for (const partition of ['0', '1']) await kt.done(['produce', topic, '--partition', partition], asLines(numbers(1, 10)));
      const group = newName();
      await reset(group, `${topic}:0`, '4');
      await reset(group, `${topic}:1`, 'end');
      return { topic, group };
    }

    test('the next record comes as a JSON line with its neighbours; a partition read to its end has none', async () => {
      const { topic, group } = await fixture();
      const { code, stdout, stderr } = await kt.run(['groups', 'peek', group]);
      assert.deepEqual([code, stderr], [0, `read to the end: ${topic}:1\n`]);
      const lines = linesOf(stdout).map((line) => JSON.parse(line));
      assert.deepEqual(lines.map(told), [
        [0, 3, '4', 'before'],
        [0, 4, '5', 'next'],
        [0, 5, '6', 'after'],
      ]);
      const { timestamp: _, ...next } = lines[1];
      assert.deepEqual(next, {
        ...{ topic, partition: 0, offset: 4, timestampType: 'CreateTime', headers: [], key: null, value: '5' },
        ...{ group, place: 'next', committedOffset: 4, lag: 6, memberId: null, clientId: null, host: null },
      });
      assert.deepEqual((await peek(group, '-n', '0')).map(told), [[0, 4, '5', 'next']]);
      assert.deepEqual(
        (await peek(group, '-n', '100')).map(({ value }) => value),
        numbers(1, 10),
      );
    });

    test('for people, headings show the partition, the group’s offset and the next record', async () => {
      const { topic, group } = await fixture();
      const text = await kt.done(['groups', 'peek', group, '-o', 'pretty']);
      const lines = linesOf(text).map((line) => line.replace(/ {2}\d{4}-.*/, ''));
      assert.deepEqual(lines, [
        `${group} on ${topic}:0: committed 4, 6 behind, no member`,
        '  before',
        `${topic}:0@3`,
        '  4',
        '▶ next',
        `${topic}:0@4`,
        '  5',
        '  after',
        `${topic}:0@5`,
        '  6',
      ]);
    });

    test('transaction markers are skipped, however many there are', async () => {
      const topic = await kt.newTopic('--partitions', '1');
      const group = newName();
      const inTransactions = ['--transactional-id', newName(), '--transaction-size', '1'];
      await kt.done(['produce', topic, ...inTransactions], asLines(numbers(0, 29)));
      // Record n is at offset 2n, followed by a marker.
      await reset(group, topic, '41');
      const lines = await peek(group, '-n', '8');
      assert.deepEqual(lines.map(told), [
        ...numbers(13, 20).map((value) => [0, 2 * Number(value), value, 'before']),
        [0, 42, '21', 'next'],
        ...numbers(22, 29).map((value) => [0, 2 * Number(value), value, 'after']),
      ]);
      const text = await kt.done(['groups', 'peek', group, '-o', 'pretty', '-n', '0']);
      assert.match(text, /\n▶ next \(no record at 41: compacted away, or the end of a transaction\)\n/);
    });

    test('a live member is named, and nothing of the group changes', async (t) => {
      const { topic, group } = await fixture();
      const reader = kt.start(t, ['tail', topic, '--group', group, '-o', 'value']);
      reader.child.stdout.resume();
      await until(
        async () => JSON.parse(await kt.done(['groups', 'describe', group, '-o', 'json']))[0].members[0]?.partitionCount === 2,
        'the member has its partitions',
      );
      const [line] = await peek(group, '-n', '0');
      assert.deepEqual([line.offset, line.host], [4, '127.0.0.1']);
      assert.deepEqual((await peek(group, '-n', '0')).map(told), [[0, 4, '5', 'next']]);
    });

    test('for a group that has read everything kt says so; one that does not exist, or does not read the topic, is exit code 3', async () => {
      const { topic, group } = await fixture();
      const all = await kt.run(['groups', 'peek', group, '--topic', `${topic}:1`]);
      assert.deepEqual([all.code, all.stdout], [0, '']);
      assert.equal(all.stderr, `read to the end: ${topic}:1\ngroup ${group} is stuck on no record\n`);
      const unknown = await kt.run(['groups', 'peek', newName()]);
      assert.equal(unknown.code, 3);
      assert.match(unknown.stderr, /^kt: unknown group /);
      const other = await kt.newTopic();
      const stranger = await kt.run(['groups', 'peek', group, '--topic', other]);
      assert.equal(stranger.code, 3);
      assert.match(stranger.stderr, new RegExp(`group ${group} does not read ${other}`));
    });
  });
}
