/** `kt pipe` on real Kafka: copies that keep everything, changes, dead letters and back, groups, and what it refuses. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { testClusters } from '../support/clusters.ts';
import { kt as runKt } from '../support/kt.ts';
import { asLines, type KtOn, keptForever, ktOn, linesOf, numbers } from '../support/kt-on.ts';
import { assertSameContents, caughtUp, contentsOf, Pipes } from '../support/pipes.ts';

const clusters = await testClusters();
const all = ['--from-beginning', '-e'] as const;
const newGroup = () => `group-${randomUUID()}`;

/** Records with everything that a copy could lose. */
const odd = [
  {
    key: 'a',
    value: '{"n":9007199254740993}',
    headers: [
      { key: 'h', value: '1' },
      { key: 'h', value: null },
      { key: 'bin', value: '/wA=', valueEncoding: 'base64' },
    ],
    timestamp: 1700000000000,
  },
  { key: 'b', value: null, headers: [], timestamp: 1700000000001 },
  { key: null, value: '', headers: [], timestamp: -1 },
  { key: '', value: '/wD+', valueEncoding: 'base64', headers: [], timestamp: 1700000000002 },
  { key: 'a', value: 'plain', headers: [{ key: '', value: '' }], timestamp: 1 },
];

async function produceJson(kt: KtOn, topic: string, records: readonly object[], ...options: readonly string[]): Promise<void> {
  await kt.done(['produce', topic, '-i', 'json', ...options], asLines(records.map((record) => JSON.stringify(record))));
}

interface ReadRecord {
  readonly partition: number;
  readonly key: string | null;
  readonly value: string | null;
  readonly timestamp: number;
  readonly headers: readonly { readonly key: string; readonly value: string | null }[];
}

async function recordsOf(kt: KtOn, topic: string): Promise<ReadRecord[]> {
  return linesOf(await kt.done(['tail', topic, ...all, '-o', 'json'])).map((line) => JSON.parse(line));
}

for (const [index, cluster] of clusters.entries()) {
  const kt = ktOn(cluster, index === 0 ? 'node' : 'binary');
  const summary = async (...args: readonly string[]) => JSON.parse(await kt.done(['pipe', ...args, '-o', 'json']));
  const none = { read: 0, written: 0, skipped: 0, failed: 0, deadLettered: 0 };

  describe(`pipe on Kafka ${cluster.version}`, { concurrency: true }, () => {
    test('a copy keeps keys, values, headers, timestamps, nulls and partitions, compressed or not', async () => {
      const source = await kt.newTopic('-p', '3', ...keptForever);
      const copy = await kt.newTopic('-p', '3', ...keptForever);
      await produceJson(kt, source, odd);
      await produceJson(kt, source, odd, '--compression', 'gzip');
      assert.deepEqual(await summary(source, copy, ...all, '--compression', 'lz4'), { ...none, read: 10, written: 10 });
      assertSameContents(await contentsOf(kt, copy), await contentsOf(kt, source), 'the copy');
    });

    test('filters, expressions and headers: what is written is exact, a tombstone stays one, and what cannot be read stops it', async () => {
      const [source, to, dead] = await Promise.all([1, 2, 3].map(() => kt.newTopic('-p', '2')));
      await produceJson(kt, source!, [
        {
          key: 'k1',
          value: '{"id":9007199254740993,"email":"x@y.z"}',
          headers: [
            { key: 'drop', value: '1' },
            { key: 'keep', value: '2' },
          ],
        },
        { key: 'k2', value: null },
        { key: 'k3', value: '{"id":7}' },
        { key: 'skip', value: '{"id":8}' },
      ]);
      const change = [
        '--key',
        '^k',
        '--map',
        '{ id: value.id, n: 1.5 }',
        '--rekey',
        "'new-' + key",
        '--drop-header',
        'drop',
        '--set-header',
        'id=value.id ?? null',
      ];
      assert.deepEqual(await summary(source!, to!, ...all, ...change), { ...none, read: 4, written: 3, skipped: 1 });
      const written = new Map((await recordsOf(kt, to!)).map((record) => [record.key, record]));
      assert.equal(written.get('new-k1')?.value, '{"id":9007199254740993,"n":1.5}');
      assert.deepEqual(written.get('new-k1')?.headers, [
        { key: 'keep', value: '2' },
        { key: 'id', value: '9007199254740993' },
      ]);
      assert.equal(written.get('new-k2')?.value, null);
      assert.deepEqual(written.get('new-k2')?.headers, [{ key: 'id', value: null }]);

      // A record that fails ends the pipe, and its group has committed what lies before it.
      await produceJson(kt, source!, [{ key: 'k4', value: 'no JSON' }], '--partition', '0');
      const group = newGroup();
      const failing = await kt.run(['pipe', source!, to!, ...all, '--map', 'value.id', '--group', group]);
      assert.equal(failing.code, 3);
      assert.match(failing.stderr, /:0 at offset \d+ \(--map gives undefined/);
      assert.match(failing.stderr, /1 failed/);
      const at = Number(/at offset (\d+)/.exec(failing.stderr)![1]);
      const [lag] = JSON.parse(await kt.done(['lag', group, '-o', 'json']));
      const committed = lag.partitions.find((each: { partition: number }) => each.partition === 0).committedOffset;
      assert.ok(committed !== null && committed <= at, `committed ${committed}, failed at ${at}`);

      // With a dead-letter topic it goes on, in the same group; and the record finds its way back.
      assert.equal(
        (await summary(source!, to!, ...all, '--map', 'value.id', '--group', group, '--dead-letter', dead!)).deadLettered,
        1,
      );
      const [letter] = await recordsOf(kt, dead!);
      const said = Object.fromEntries(letter!.headers.map(({ key, value }) => [key, value]));
      assert.equal(letter!.value, 'no JSON');
      assert.deepEqual(
        [said['x-original-topic'], said['x-original-partition'], said['x-original-offset']],
        [source, '0', String(at)],
      );
      assert.match(said['x-error-message']!, /--map gives undefined/);
      assert.deepEqual(await summary(dead!, ...all, '--to-header', 'x-original-topic'), { ...none, read: 1, written: 1 });
      assert.equal((await recordsOf(kt, source!)).filter(({ value }) => value === 'no JSON').length, 2);
      const lost = await kt.run(['pipe', dead!, ...all, '--to-header', 'kafka_dlt-original-topic']);
      assert.equal(lost.code, 3);
      assert.match(lost.stderr, /no header kafka_dlt-original-topic that names a topic, but it has x-original-topic/);
    });

    test('what a broker refuses goes to the dead-letter topic, at least once and exactly once, and else ends the pipe', async () => {
      const [source, dead] = await Promise.all([1, 2].map(() => kt.newTopic('-p', '1')));
      const values = ['small-1', 'x'.repeat(3_000), 'small-2'];
      await kt.done(['produce', source!], asLines(values));
      for (const mode of [[], ['--group', newGroup(), '--exactly-once']]) {
        const to = await kt.newTopic('-p', '1', '-c', 'max.message.bytes=1000');
        assert.deepEqual(await summary(source!, to, ...all, ...mode, '--dead-letter', dead!), {
          ...none,
          read: 3,
          written: 2,
          deadLettered: 1,
        });
        assert.deepEqual(await kt.values(to), ['small-1', 'small-2']);
      }
      assert.deepEqual(await kt.values(dead!), [values[1], values[1]]);
      const to = await kt.newTopic('-p', '1', '-c', 'max.message.bytes=1000');
      const group = newGroup();
      const once = await kt.run(['pipe', source!, to, ...all, '--group', group, '--exactly-once']);
      assert.equal(once.code, 3, once.stderr);
      assert.match(once.stderr, /:0 at offset 1 \(/);
      assert.deepEqual(await kt.values(to), ['small-1'], 'what lies before it is committed');
      const plain = await kt.run(['pipe', source!, to, ...all]);
      assert.equal(plain.code, 3, plain.stderr);
      assert.match(plain.stderr, /:0 at offset 1 \(/);
    });

    test('whole records: key, headers, timestamp and partition by an expression; a dry run shows them and writes nothing', async () => {
      const source = await kt.newTopic('-p', '1', ...keptForever);
      const to = await kt.newTopic('-p', '3', ...keptForever);
      await kt.done(['produce', source, '-K', ':'], 'a:{"at":1700000000000,"p":2}\nb:{"at":1700000000001,"p":9}\n');
      const map = [
        '--map',
        '{ key: "k-" + key, timestamp: value.at, partition: value.p, headers: { p: value.p } }',
        '--map-record',
      ];
      const rows = linesOf(await kt.done(['pipe', source, to, ...all, ...map, '--dry-run', '-o', 'json'])).map((line) =>
        JSON.parse(line),
      );
      assert.deepEqual(
        rows.map(({ topic, partition, key, error }) => [topic, partition, key, error === undefined]),
        [
          [to, 2, 'k-a', true],
          [null, null, 'b', false],
        ],
      );
      assert.deepEqual(await kt.values(to), []);
      await summary(source, to, ...all, '-n', '1', ...map);
      const [{ offset: _, ...record }] = (await recordsOf(kt, to)) as [ReadRecord & { offset: number }];
      assert.deepEqual(
        [record.partition, record.key, record.timestamp, record.value],
        [2, 'k-a', 1700000000000, '{"at":1700000000000,"p":2}'],
      );
      assert.deepEqual(record.headers, [{ key: 'p', value: '2' }]);
    });

    test('it follows, commits in a group, and Ctrl-C commits what was written; the next run goes on there', async (t) => {
      const [source, to] = await Promise.all([1, 2].map(() => kt.newTopic('-p', '2')));
      const group = newGroup();
      for (const [round, mode] of [['--exactly-once'], []].entries()) {
        const { child, ended } = kt.start(t, [
          'pipe',
          source!,
          to!,
          '--group',
          group,
          '--from-beginning',
          '-o',
          'json',
          ...mode,
        ]);
        let stdout = '';
        child.stdout.on('data', (chunk) => {
          stdout += chunk;
        });
        await kt.done(['produce', source!, '-q'], asLines(numbers(round * 50 + 1, round * 50 + 50)));
        await caughtUp(kt, group, source!, 60_000);
        child.kill('SIGINT');
        const { code, stderr } = await ended;
        assert.equal(code, 130, stderr);
        assert.deepEqual(JSON.parse(stdout), { ...none, read: 50, written: 50 });
        assert.match(stderr, /interrupted: 50 records read, 50 written/);
      }
      assert.deepEqual((await kt.values(to!)).sort(), numbers(1, 100).sort());
    });

    test('one, two and three processes of a group give the same', async (t) => {
      const source = await kt.newTopic('-p', '6');
      const records = 3_000;
      const copies = await Promise.all(
        [1, 2, 3].map(async (processes) => {
          const [copy, group] = [await kt.newTopic('-p', '6'), newGroup()];
          return {
            copy,
            group,
            pipes: new Pipes(kt, t, processes, ['pipe', source, copy, '--group', group, '--exactly-once', '--from-beginning']),
          };
        }),
      );
      await kt.done([
        'produce',
        source,
        '--count',
        String(records),
        '--key-template',
        'user-{{int 1 100}}',
        '--rate',
        '1000/s',
        '-q',
      ]);
      const expected = await contentsOf(kt, source);
      for (const { copy, group, pipes } of copies) {
        await caughtUp(kt, group, source, 60_000);
        await pipes.stop();
        assertSameContents(await contentsOf(kt, copy), expected, 'a copy');
      }
    });

    test('a steady rate, another number of partitions, and the last records only', async () => {
      const source = await kt.newTopic('-p', '2');
      const to = await kt.newTopic('-p', '5', '-c', 'message.timestamp.type=LogAppendTime');
      await kt.done(['produce', source, '--count', '60', '--key-template', 'k-{{seq}}', '-q']);
      const startedAt = performance.now();
      const { code, stderr } = await kt.run(['pipe', source, to, ...all, '--rate', '40/s']);
      assert.equal(code, 0, stderr);
      assert.match(stderr, /sets the time of each record itself/);
      assert.ok(performance.now() - startedAt > 1_300, '60 records at 40 a second');
      const expected = await kt.newTopic('-p', '5');
      await kt.done(['produce', expected, '-i', 'json', '-q'], await kt.done(['tail', source, ...all, '-o', 'json']));
      const places = async (topic: string) =>
        (await recordsOf(kt, topic)).map(({ partition, key }) => `${partition} ${key}`).sort();
      assert.deepEqual(await places(to), await places(expected), 'keys are where a Java producer puts them');
      const few = await kt.run(['pipe', to, source, ...all, '--partitions', 'same']);
      assert.equal(few.code, 2);
      assert.match(few.stderr, /has 5 partitions, and .* only 2/);
    });

    test('what makes no sense is exit 2, and nothing is written', async () => {
      const [source, to] = await Promise.all([1, 2].map(() => kt.newTopic()));
      const wrong: readonly (readonly [args: readonly string[], message: RegExp])[] = [
        [[source!], /does not say where to/],
        [[source!, source!], /is read and written/],
        [['topic-*', to!], /matches topic-\*/],
        [[source!, to!, '--dead-letter', source!], /dead-letter topic/],
        [[source!, to!, '--exactly-once'], /needs a group/],
        [[source!, to!, '--group', 'g', '--exactly-once', '--to-profile', 'x'], /cannot span two clusters/],
        [[source!, to!, '--group', 'g', '--exactly-once', '--acks', '1'], /all in-sync replicas/],
        [[source!, to!, '--map-record'], /without --map/],
        [[source!, to!, '--map', 'value.'], /--map/],
      ];
      for (const [args, message] of wrong) {
        const { code, stderr } = await kt.run(['pipe', ...args]);
        assert.equal(code, 2, `${args}: ${stderr}`);
        assert.match(stderr, message);
      }
      assert.equal((await kt.run(['pipe', source!, `none-${randomUUID()}`, ...all])).code, 3);
    });
  });
}

test('to another cluster, by its profile, whatever names the first one', async (t) => {
  const [old, young] = clusters.map((cluster) => ktOn(cluster, 'binary')) as [KtOn, KtOn];
  const directory = mkdtempSync(join(tmpdir(), 'kt-pipe-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const topic = await old.newTopic('-p', '3', ...keptForever);
  await young.done(['topics', 'create', topic, '-p', '3', ...keptForever]);
  await produceJson(old, topic, odd);
  const env = { KT_BOOTSTRAP_SERVER: clusters[0]!.bootstrapServers, XDG_CONFIG_HOME: directory };
  const added = await runKt(['profile', 'add', 'young', '-b', clusters[1]!.bootstrapServers], { program: 'binary', env });
  assert.equal(added.code, 0, added.stderr);
  const copied = await runKt(['pipe', topic, topic, ...all, '--to-profile', 'young', '-o', 'json'], { program: 'binary', env });
  assert.equal(copied.code, 0, copied.stderr);
  assertSameContents(await contentsOf(young, topic), await contentsOf(old, topic), 'the other cluster');
});
