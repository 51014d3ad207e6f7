/** `kt trace`, and `kt tail --from-file`: one event's way over topics, and reading on where a file says. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { testClusters } from '../support/clusters.ts';
import { followed } from '../support/followed.ts';
import { asLines, keptForever, ktOn, linesOf, numbers } from '../support/kt-on.ts';
import { until } from '../support/until.ts';

const folder = mkdtempSync(join(tmpdir(), 'kt-trace-'));
after(() => rmSync(folder, { recursive: true }));

for (const [index, cluster] of (await testClusters()).entries()) {
  const program = index === 0 ? 'node' : 'binary';
  const { done, run, start, newTopic } = ktOn(cluster, program);
  const began = Date.UTC(2026, 0, 31, 9);
  const write = (topic: string, key: string, type: string, ms: number, ...more: string[]) =>
    done([
      'produce',
      topic,
      '-k',
      key,
      '-m',
      JSON.stringify({ type, order: Number(key) }),
      '--timestamp',
      String(began + ms),
      ...more,
    ]);

  describe(`${cluster.version}, ${program}`, { concurrency: 4 }, () => {
    test('a saga is shown in the order of time, and checked step by step', async () => {
      const [orders, payments] = [
        await newTopic('--partitions', '3', ...keptForever),
        await newTopic('--partitions', '3', ...keptForever),
      ];
      await write(orders, '17', 'OrderCreated', 0);
      await write(orders, '18', 'OrderCreated', 10);
      await write(payments, '17', 'PaymentFailed', 1500, '-H', 'saga=s.17');
      await write(orders, '17', 'OrderCancelled', 61_500, '-H', 'saga=s.17');
      const { stdout, stderr } = await run(['trace', orders, payments, '--key', '17', '-o', 'json']);
      assert.equal(stderr, '');
      const events = linesOf(stdout).map((line) => JSON.parse(line));
      assert.deepEqual(
        events.map(({ topic, type, sinceStartMs, key, value }) => [topic === orders, type, sinceStartMs, key, value.order]),
        [
          [true, 'OrderCreated', 0, '17', 17],
          [false, 'PaymentFailed', 1500, '17', 17],
          [true, 'OrderCancelled', 61_500, '17', 17],
        ],
      );
      assert.deepEqual(Object.keys(events[0]), [
        'timestamp',
        'sinceStartMs',
        'topic',
        'partition',
        'offset',
        'key',
        'type',
        'value',
      ]);
      const text = linesOf(await done(['trace', orders, payments, '--header', 'saga=s.17']));
      assert.equal(text.length, 2);
      assert.match(text[0]!, /^2026-01-31 \d\d:\d\d:01\.500[+-]\d\d:\d\d +\+0ms .*PaymentFailed/);
      assert.match(text[1]!, /^2026-01-31 \d\d:\d\d:01\.500[+-]\d\d:\d\d +\+1m .*OrderCancelled/);
      assert.deepEqual(linesOf(await done(['trace', orders, '--where', 'value.order === 18', '-o', 'json'])).length, 1);
      assert.equal(await done(['trace', orders, payments, '--header', 'saga=sx17']), '');

      const expecting = async (steps: string, ...more: string[]) => {
        const { code, stderr: why } = await run(['trace', orders, payments, '--key', '17', '--expect', steps, ...more]);
        return [code, why.split(orders).join('orders').split(payments).join('payments').replaceAll(/s:\d/g, 's').trim()];
      };
      assert.deepEqual(await expecting('OrderCreated,PaymentFailed,OrderCancelled', '--within', '5m'), [0, '']);
      assert.deepEqual(await expecting('OrderCreated,PaymentReceived'), [
        1,
        'kt: PaymentReceived is missing: PaymentFailed (payments at offset 0) came instead after OrderCreated (orders at offset 0)',
      ]);
      assert.equal((await expecting('PaymentFailed,OrderCreated'))[0], 1);
      assert.deepEqual(await expecting('OrderCreated,OrderCancelled', '--within', '1m'), [
        1,
        'kt: OrderCancelled is late: it came 1m1s after OrderCreated (orders at offset 1), and --within is 1m',
      ]);
      // A time is a start too: what was before it is not read.
      assert.equal(linesOf(await done(['trace', orders, payments, '--key', '17', '--from', `@${began + 1000}`])).length, 2);
      const unseen = await run(['trace', orders, '--key', '99']);
      assert.deepEqual([unseen.code, unseen.stdout], [0, '']);
      assert.match(unseen.stderr, /other partitions were not looked at \(--all-partitions reads them\)/);
      assert.equal((await run(['trace', orders, '--key', '99', '--all-partitions'])).stderr, '');
      assert.equal((await run(['trace', orders])).code, 2);
    });

    test('a key is found too where another partitioner put it', async () => {
      const topic = await newTopic('--partitions', '5', ...keptForever);
      const lines = numbers(1, 50).map((each) => `${each}={"type":"T"}\n`);
      await done(['produce', topic, '-K', '=', '--partitioner', 'librdkafka'], lines.join(''));
      for (const key of ['1', '2', '3']) assert.equal(linesOf(await done(['trace', topic, '--key', key])).length, 1, key);
      const of = async (...words: string[]) => linesOf(await done(['trace', ...words, '--where', 'true'])).length;
      const [all, some] = [await of(topic), await of(`${topic}:0,1`)];
      assert.equal(all, 50);
      assert.equal(await of(topic, '-p', '0', '-p', '1'), some, 'two ways to name partitions');
      assert.equal(await of(`${topic}:0`, `${topic}:1`), some);
      assert.equal(await of(`${topic}:2,3,4`), all - some);
    });

    test('only keys and values of events take memory, not what lies before them in their batch', async () => {
      const topic = await newTopic();
      await done(
        ['produce', topic],
        numbers(1, 4_000)
          .map((each) => `{"n":${each}}\n`)
          .join(''),
      );
      const { code, stdout, stderr } = await run(['trace', topic, '--where', 'value.n > 0', '--max-batch-bytes', '1MiB']);
      assert.deepEqual([code, stderr, linesOf(stdout).length], [0, '', 4_000]);
    });

    test('a trace that is followed without an end in sight holds nothing of what it has shown', async (t) => {
      const topic = await newTopic();
      const { child } = start(t, ['trace', topic, '--key', '5', '--follow', '--max-batch-bytes', '1MiB', '-o', 'json']);
      let events = 0;
      child.stdout.setEncoding('latin1').on('data', (chunk: string) => {
        events += chunk.split('\n').length - 1;
      });
      for (const count of [1, 2, 3, 4, 5]) {
        await done(['produce', topic, '-k', '5'], `${'x'.repeat(50 << 10)}\n`.repeat(8));
        await until(() => events === 8 * count || child.exitCode !== null, `${8 * count} events`);
      }
      assert.equal(child.exitCode, null);
    });

    test('a followed trace ends when its steps came, or their time is over', async (t) => {
      const topic = await newTopic('--partitions', '2');
      const event = (type: string) => done(['produce', topic, '-k', '5', '-m', JSON.stringify({ type })]);
      await event('A');
      const steps = ['--expect', 'A,B,C', '--within', '5m'];
      const started = start(t, ['trace', topic, '--key', '5', ...steps, '--follow', '-o', 'json']);
      const { count } = followed('trace', started);
      await until(() => count() === 1, 'the first event');
      await event('B');
      await until(() => count() === 2, 'the second event');
      await event('C');
      assert.deepEqual(await started.ended, { code: 0, stderr: '' });
      const over = await run(['trace', topic, '--key', '5', '--expect', 'A,B,C,D', '--follow', '--within', '1ms']);
      assert.equal(over.code, 1);
      const never = await run(['trace', topic, '--key', '6', '--expect', 'A', '--follow', '--within', '500ms']);
      assert.deepEqual([never.code, never.stderr], [1, 'kt: A is missing: nothing came\n']);
    });

    test('tail goes on where a file says, and tells what begins elsewhere', async () => {
      const topic = await newTopic('--partitions', '2');
      const other = await newTopic();
      await done(['produce', `${topic}`, '--partition', '0'], asLines(numbers(1, 10)));
      await done(['produce', `${topic}`, '--partition', '1'], asLines(numbers(11, 20)));
      const group = `group-${topic}`;
      await done(['tail', topic, '--from-beginning', '--group', group, '--commit', '-e']);
      await done(['produce', topic, '--partition', '1'], asLines(['new']));
      const exported = join(folder, `${topic}.json`);
      writeFileSync(exported, await done(['groups', 'export', group, '-o', 'json']));
      const whole = await run(['tail', topic, '--from-file', exported, '-e', '-o', 'value']);
      assert.deepEqual([whole.stdout, whole.stderr], ['new\n', '']);
      const file = join(folder, `${topic}.csv`);
      const tail = async (lines: string, ...more: string[]) => {
        writeFileSync(file, lines);
        return run(['tail', topic, '--from-file', file, '-e', '-o', 'value', ...more]);
      };
      const partial = await tail(`${topic},0,8\n${other},0,0\n`);
      assert.deepEqual(linesOf(partial.stdout).sort(), [...numbers(11, 20), '9', '10', 'new'].sort());
      assert.equal(
        partial.stderr,
        `${file} has offsets of other topics too, which are not read: ${other}\n${file} has no offset of ${topic}:1: read from its beginning\n`,
      );
      const fromEnd = await tail(`${topic},0,8\n`, '--from', '-1');
      assert.deepEqual(linesOf(fromEnd.stdout).sort(), ['10', '9', 'new']);
      assert.deepEqual(linesOf((await tail(`${topic},0,8\n${topic},1,0\n`, other, '--merge', '-n', '3')).stdout).length, 3);
      for (const [lines, more, code] of [
        [`${topic},0,99\n`, [], 3],
        [`${topic},7,0\n`, [], 3],
        ['nothing', [], 2],
        [`a,${topic},0,1\nb,${topic},0,2\n`, [], 2],
        [`${topic},0,8\n`, ['--last', '3'], 2],
        [`${topic},0,8\n`, ['--group', 'g'], 2],
      ] as const) {
        const { code: ended, stderr } = await tail(lines, ...more);
        assert.equal(ended, code, `${lines} ${more.join(' ')}: ${stderr}`);
      }
    });
  });
}
