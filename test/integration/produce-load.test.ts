/** `kt produce --count`: generated records on a real Kafka, and the summary. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { testClusters } from '../support/clusters.ts';
import { ktOn } from '../support/kt-on.ts';
import { until } from '../support/until.ts';

const clusters = await testClusters();

for (const [index, cluster] of clusters.entries()) {
  const program = index % 2 === 0 ? 'node' : 'binary';
  const { run, newTopic, start, values, done } = ktOn(cluster, program);

  describe(`${cluster.version}, ${program}`, { concurrency: 2 }, () => {
    test('the requested number of different records is written, with throughput and latency', async () => {
      const topic = await newTopic('--partitions', '3');
      const template = ['--key-template', 'user-{{int 1 9}}', '--value-template', '{"n":{{seq}},"id":"{{uuid}}"}'];
      const { code, stdout, stderr } = await run(['produce', topic, '--count', '20000', ...template]);
      assert.deepEqual([code, stdout], [0, ''], stderr);
      assert.match(stderr, /^20000 records written to /m);
      assert.match(stderr, /^[\d,]+ records\/s, .+\/s; acknowledged within p50 .+ ms, p95 .+ ms, p99 .+ ms, max .+ ms$/m);
      const read = (await done(['tail', topic, '--from-beginning', '-e', '-o', 'json', '--value-format', 'json']))
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      assert.deepEqual(
        read.map(({ value }) => value.n).sort((a, b) => a - b),
        Array.from({ length: 20_000 }, (_, at) => at + 1),
      );
      assert.equal(new Set(read.map(({ value }) => value.id)).size, 20_000);
      assert.deepEqual(
        [...new Set(read.map(({ key }) => key))].sort(),
        Array.from({ length: 9 }, (_, at) => `user-${at + 1}`),
      );
    });

    test('the times in the records show that the rate is kept, and Ctrl-C ends with a summary', async (t) => {
      const topic = await newTopic();
      const { child, ended } = start(t, [
        'produce',
        topic,
        '--count',
        '100000',
        '--rate',
        '200/s',
        '--value-template',
        '{{time}}',
      ]);
      let written: string[] = [];
      await until(async () => {
        written = await values(topic);
        return written.length >= 100;
      }, '100 records are written');
      child.kill('SIGINT');
      const { code, stderr } = await ended;
      assert.equal(code, 130);
      assert.match(stderr, /interrupted after line \d+ \(\d+ records written/);
      const times = written.map(Number);
      const rateOf = (part: readonly number[]) => ((part.length - 1) * 1000) / (part.at(-1)! - part[0]!);
      assert.ok(rateOf(times) < 260, `${rateOf(times)} records/s`);
      // The best of several parts: a busy machine may delay some.
      const parts = times.flatMap((_, from) => (from + 10 <= times.length ? [rateOf(times.slice(from, from + 10))] : []));
      assert.ok(Math.max(...parts) > 120, `at most ${Math.max(...parts)} records/s`);
    });

    test('bad options are refused before anything is written', async () => {
      const topic = await newTopic();
      for (const [words, message] of [
        [['--count', '5', '--value-template', '{{uid}}'], '--value-template {{uid}} (no such generator)'],
        [['--count', '5', '-m', 'x'], '-m and --count (two inputs)'],
        [['--count', '5', '-i', 'json'], '--count with -i, -K or -Z (those are for input)'],
        [['--count', '5', '-k', 'a', '--key-template', 'b'], '-k and --key-template (two keys)'],
        [['--key-template', 'b'], '--key-template without --count'],
        [['--count', '0'], '--count 0 (must be at least 1)'],
      ] as const) {
        const { code, stderr } = await run(['produce', topic, ...words]);
        assert.equal(code, 2);
        assert.ok(stderr.startsWith(`kt: ${message}`), stderr);
      }
      assert.deepEqual(await values(topic), []);
    });
  });
}
