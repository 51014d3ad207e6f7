/** `kt aggregate` on real topics: the results of random sales beside a plain computation, late records, results in topics, more keys than memory. */
import assert from 'node:assert/strict';
import { randomInt, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { randomOf } from '../fuzz/random.ts';
import { testClusters } from '../support/clusters.ts';
import { followed } from '../support/followed.ts';
import { asLines, keptForever, ktOn, linesOf } from '../support/kt-on.ts';
import { orderLines, orders, revenueOf, revenueOptions } from '../support/orders.ts';
import { until } from '../support/until.ts';
import { randomSales, saleMeasures, sorted, windowKinds, windowRows } from '../support/window-reference.ts';

const seed = randomInt(2 ** 31);
const aggregated = (topic: string): readonly string[] => ['aggregate', topic, '--from-beginning', '-e', '-o', 'json'];
const rowsOf = (text: string): readonly unknown[] => linesOf(text).map((line) => JSON.parse(line));

for (const [index, cluster] of (await testClusters()).entries()) {
  const program = index === 0 ? 'node' : 'binary';
  const kt = ktOn(cluster, program);

  test(`Kafka ${cluster.version}: random sales in random windows (seed ${seed})`, async () => {
    const random = randomOf(seed + index);
    const topic = await kt.newTopic('-p', '3', ...keptForever);
    const sales = randomSales(random, 1_500);
    const line = ({ partition, timestamp, value }: (typeof sales)[number]) =>
      JSON.stringify({ key: String(partition), timestamp, value: JSON.stringify(value) });
    await kt.done(['produce', topic, '-i', 'json'], asLines(sales.map(line)));
    for (const words of windowKinds) {
      const options = ['--by', 'value.shop', ...words, ...saleMeasures];
      assert.deepEqual(
        sorted(rowsOf(await kt.done([...aggregated(topic), ...options]))),
        sorted(windowRows(words, sales)),
        words.join(' '),
      );
    }
    const dear = sales.filter(({ value }) => Number((value as { total?: unknown }).total) > 500);
    const filtered = ['--where', 'value.total > 500', '--by', 'value.shop', '--window', '10s', ...saleMeasures];
    const found = await kt.done([...aggregated(topic), ...filtered]);
    assert.deepEqual(sorted(rowsOf(found)), sorted(windowRows(['--window', '10s'], dear)));
  });

  test(`Kafka ${cluster.version}: followed, windows close in order, and a late record is kept whole`, async (t) => {
    const topic = await kt.newTopic('-p', '1', ...keptForever);
    const late = `late-${randomUUID()}`;
    const all = orders(3_000, 100);
    const options = ['--window', '1m', '--grace', '0ms', ...revenueOptions, '--late-to', late, '-o', 'json'];
    const following = followed('aggregate', kt.start(t, ['aggregate', topic, '--from-beginning', ...options]));
    await kt.done(['produce', topic, '-i', 'json'], orderLines(all));
    const expected = revenueOf(all, 60_000).slice(0, -5);
    await until(() => following.count() >= expected.length, 'windows close');
    assert.deepEqual(
      following.values().map((line) => JSON.parse(line)),
      expected,
    );
    const record = { key: 'k', value: '{"late":true}', headers: [{ key: 'h', value: 'x' }], timestamp: all[0]!.timestamp };
    await kt.done(['produce', topic, '-i', 'json'], `${JSON.stringify(record)}\n`);
    await until(async () => (await kt.run(['tail', late, '--from-beginning', '-e'])).stdout !== '', 'the late record is kept');
    const [kept] = rowsOf(await kt.done(['tail', late, '--from-beginning', '-e', '-o', 'json'])) as [typeof record];
    assert.deepEqual({ key: kept.key, value: kept.value, headers: kept.headers, timestamp: kept.timestamp }, record);
    assert.equal(await following.end(), 130);
    assert.match(following.stderr(), /1 record was late: a window that had closed lacks it/);
    assert.equal(following.count(), expected.length);
  });

  test(`Kafka ${cluster.version}: results in a topic, in a shape of one's own, run by run`, async () => {
    const topic = await kt.newTopic('-p', '2', ...keptForever);
    const into = `revenue-${randomUUID()}`;
    const all = orders(1_200, 100);
    const shape = ['--value', '({ at: date(windowStart), category: key, revenue })', '--by', 'value.category'];
    const command = ['aggregate', topic, '--from-beginning', '-e', '--window', '1m', '--sum', 'revenue=value.total', ...shape];
    await kt.done(['produce', topic, '-i', 'json'], orderLines(all.slice(0, 600)));
    const first = await kt.run([...command, '--into', into, '--group', into]);
    assert.match(first.stderr, new RegExp(`topic ${into} created.*\n5 results written to ${into}`));
    await kt.done(['produce', topic, '-i', 'json'], orderLines(all.slice(600)));
    assert.match((await kt.run([...command, '--into', into, '--group', into])).stderr, /goes on where it stopped.*\n5 results/);
    assert.match((await kt.run([...command, '--into', into, '--group', into])).stderr, /0 results/);
    const written = rowsOf(await kt.done(['tail', into, '--from-beginning', '-e', '-o', 'json'])) as {
      key: string;
      value: string;
      timestamp: number;
    }[];
    const rows = revenueOf(all, 60_000) as { windowStart: number; windowEnd: number; key: string; revenue: number }[];
    assert.deepEqual(
      sorted(written.map(({ key, value, timestamp }) => ({ key, value: JSON.parse(value), timestamp }))),
      sorted(
        rows.map(({ windowStart, windowEnd, key, revenue }) => {
          return { key, value: { at: new Date(windowStart).toISOString(), category: key, revenue }, timestamp: windowEnd - 1 };
        }),
      ),
    );
    const alone = `revenue-${randomUUID()}`;
    await kt.done([...command, '--into', alone]);
    assert.deepEqual((await kt.values(alone)).sort(), (await kt.values(into)).sort());

    const other = await kt.run([...command, '--into', into, '--group', into, '--count']);
    assert.equal(other.code, 2);
    assert.match(
      other.stderr,
      /keeps the state of another aggregation \(measures was --sum revenue=value.total, and is --count/,
    );
    await kt.done(['groups', 'reset-offsets', into, '--to', 'beginning', '--topic', topic, '--execute', '--yes']);
    const moved = await kt.run([...command, '--into', into, '--group', into]);
    assert.equal(moved.code, 3);
    assert.match(moved.stderr, /is at offset 0 of .*, but its state in .*-changelog stands at/);
  });

  test(`Kafka ${cluster.version}: more keys than memory holds`, async () => {
    const topic = await kt.newTopic('-p', '2', ...keptForever);
    const count = 30_000;
    // Long keys: the state does not fit into the least memory there is.
    const user = (each: number) => `${(each * 7_919) % count}-${'x'.repeat(150)}`;
    const lines = Array.from({ length: count * 2 }, (_, each) => `{"user":"${user(each)}","n":${each}}`);
    await kt.done(['produce', topic], asLines(lines));
    const command = [...aggregated(topic), '--by', 'value.user', '--count', '--sum', 'value.n'];
    const { code, stdout, stderr } = await kt.run([...command, '--max-memory', '1MiB']);
    if (program === 'node' && process.versions.node.startsWith('20.')) {
      assert.equal(code, 3);
      assert.match(stderr, /has no SQLite\)","hint":"the kt binary/);
      return;
    }
    assert.equal(code, 0, stderr);
    assert.equal(stdout, await kt.done(command), 'the same in the same order');
    const rows = rowsOf(stdout) as { key: string; count: number; sum: number }[];
    assert.equal(rows.length, count);
    assert.equal(
      rows.reduce((sum, row) => sum + row.sum, 0),
      (count * 2 * (count * 2 - 1)) / 2,
    );
    assert.ok(rows.every((row) => row.count === 2));
  });
}
