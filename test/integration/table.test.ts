/** `kt table`: topics as tables, on both Kafkas. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { testClusters } from '../support/clusters.ts';
import { followed } from '../support/followed.ts';
import { keptForever, ktOn, linesOf, numbers } from '../support/kt-on.ts';
import { until } from '../support/until.ts';

interface Row {
  readonly key: string;
  readonly value: unknown;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly change?: string;
  readonly before?: { readonly value: unknown; readonly offset: number } | null;
}

for (const [index, cluster] of (await testClusters()).entries()) {
  const program = index === 0 ? 'node' : 'binary';
  const { done, run, start, newTopic } = ktOn(cluster, program);
  const json = (records: readonly object[]): string => records.map((record) => `${JSON.stringify(record)}\n`).join('');
  const table = async (topic: string, ...options: string[]): Promise<Row[]> =>
    linesOf(await done(['table', topic, '-o', 'json', ...options])).map((line) => JSON.parse(line) as Row);
  const values = (rows: readonly Row[]) => Object.fromEntries(rows.map(({ key, value }) => [key, value]));
  const day = Date.UTC(2026, 0, 31);

  describe(`${cluster.version}, ${program}`, { concurrency: 4 }, () => {
    test('the newest value of each key, now, at a time, and what changed since; tombstones have no row', async () => {
      const topic = await newTopic('--partitions', '3', ...keptForever);
      const written = [
        { key: 'anna', value: 'basic', timestamp: day },
        { key: 'ben', value: 'basic', timestamp: day + 1 },
        { key: 'cleo', value: 'gold', timestamp: day + 2, headers: [{ key: 'by', value: 'crm' }] },
        { key: 'anna', value: 'gold', timestamp: day + 1000 },
        { key: 'ben', value: null, timestamp: day + 1001 },
        { key: 'dora', value: 'basic', timestamp: day + 1002 },
        { key: 'cleo', value: 'gold', timestamp: day + 1003 },
        { value: 'nobody', timestamp: day + 1004 },
      ];
      await done(['produce', topic, '-i', 'json'], json(written));
      const { stdout, stderr } = await run(['table', topic, '-o', 'json']);
      const rows = linesOf(stdout).map((line) => JSON.parse(line) as Row);
      assert.deepEqual(
        rows.map(({ key, value, timestamp }) => [key, value, timestamp - day]),
        [
          ['anna', 'gold', 1000],
          ['cleo', 'gold', 1003],
          ['dora', 'basic', 1002],
        ],
      );
      assert.equal(stderr, '1 record has no key, and so no row\n');
      assert.deepEqual(values(await table(topic, '--at', String(day + 999))), { anna: 'basic', ben: 'basic', cleo: 'gold' });
      assert.equal(await done(['table', topic, '-o', 'value', '--where', "value === 'gold'"]), 'gold\ngold\n');
      const changes = await table(topic, '--diff', new Date(day + 999).toISOString());
      assert.deepEqual(
        changes.map(({ key, change, value, before }) => [key, change, before?.value ?? null, value]),
        [
          ['anna', 'changed', 'basic', 'gold'],
          ['ben', 'removed', 'basic', null],
          ['dora', 'added', null, 'basic'],
        ],
      );
      const between = await table(topic, '--diff', String(day), '--at', String(day + 2));
      assert.deepEqual(
        between.map(({ key, change }) => `${key} ${change}`),
        ['ben added', 'cleo added'],
      );
      // What is shown can be written back: a compacted copy.
      const copy = await newTopic('--partitions', '2', ...keptForever);
      await done(['produce', copy, '-i', 'json'], stdout.replaceAll(/"partition":\d+,/g, ''));
      assert.deepEqual(values(await table(copy)), values(rows));
      assert.equal((await run(['table', `${topic}-no`])).code, 3);
      for (const wrong of [
        ['--at', '-1h', '--follow'],
        ['--init', '0'],
        ['--diff', '-1h', '-o', 'value'],
        ['--max-memory', '1kB'],
      ]) {
        assert.equal((await run(['table', topic, ...wrong])).code, 2, wrong.join(' '));
      }
    });

    test('chosen keys are found where they are, whoever wrote them', async () => {
      const topic = await newTopic('--partitions', '4');
      await done(
        ['produce', topic, '-K', '='],
        numbers(1, 40)
          .map((each) => `k${each}=${each}\n`)
          .join(''),
      );
      const found = await run(['table', topic, '--key', 'k7', '--key', 'k8', '-o', 'value']);
      assert.deepEqual([found.stdout, found.stderr], ['7\n8\n', '']);
      const missing = await run(['table', topic, '--key', 'k77']);
      assert.deepEqual([missing.code, missing.stdout], [0, '']);
      assert.match(
        missing.stderr,
        /^k77 is not in topic-\S+:\d, where Java's partitioner puts it; the other partitions are read too\nk77 is the key of no record\n$/,
      );
      // Another producer, which chooses partitions differently, has the newest value.
      await done(
        ['produce', topic, '-K', '=', '--partitioner', 'librdkafka'],
        numbers(1, 40)
          .map((each) => `k${each}=new ${each}\n`)
          .join(''),
      );
      const other = await run(['table', topic, '--key', 'k7', '-o', 'value']);
      assert.equal(other.stdout, 'new 7\n');
      assert.match(other.stderr, /has a key that Java's partitioner puts elsewhere; the other partitions are read too\n/);
      assert.equal((await table(topic)).length, 40);
    });

    test('a state is made from all events of a key, over partitions in the order of time', async () => {
      const topic = await newTopic('--partitions', '3', ...keptForever);
      const deltas = numbers(1, 60).map(Number);
      const account = (each: number): string => `account-${each % 4}`;
      const written = deltas.map((each) => ({
        key: account(each),
        value: JSON.stringify({ amount: each % 3 === 0 ? -each : each }),
        timestamp: day + each,
        partition: each % 3,
      }));
      await done(['produce', topic, '-i', 'json', '--partition-from-input'], json(written));
      const balance = ['--init', '0', '--fold', '(state, value) => state + value.amount'];
      const balanceAt = (last: number) => {
        const sums: Record<string, number> = {};
        for (const each of deltas)
          if (each <= last) sums[account(each)] = (sums[account(each)] ?? 0) + (each % 3 === 0 ? -each : each);
        return sums;
      };
      assert.deepEqual(values(await table(topic, ...balance)), balanceAt(60));
      assert.deepEqual(values(await table(topic, ...balance, '--at', String(day + 31))), balanceAt(31));
      const order = values(
        await table(topic, '--init', '[]', '--fold', '(all, value) => [...all, timestamp]', '--key', 'account-1'),
      );
      assert.deepEqual(order, { 'account-1': deltas.filter((each) => each % 4 === 1).map((each) => day + each) });
      const changed = await table(topic, ...balance, '--diff', String(day + 59));
      assert.deepEqual(
        changed.map(({ key, before, value }) => [key, before?.value, value]),
        [['account-0', balanceAt(59)['account-0'], balanceAt(60)['account-0']]],
      );
      const failing = await run(['table', topic, '--fold', '(state, value) => value.amount.trim()']);
      assert.deepEqual([failing.code, failing.stdout], [0, '']);
      assert.match(failing.stderr, /--fold or --init failed on 60 records/);
    });

    test('a followed table prints each row that changes, and nothing twice', async (t) => {
      const topic = await newTopic('--partitions', '2');
      await done(['produce', topic, '-K', '='], 'a=1\nb=2\n');
      const following = followed('table', start(t, ['table', topic, '--follow', '-o', 'json']));
      const rows = () => following.values().map((line) => JSON.parse(line) as Row);
      await until(() => rows().length === 2, 'two rows');
      await done(['produce', topic, '-K', '='], 'a=3\nc=4\n');
      await done(['produce', topic, '-k', 'b', '--tombstone']);
      await done(['produce', topic, '-k', 'z', '--tombstone']);
      await done(['produce', topic, '-K', '='], 'd=5\n');
      await until(() => rows().some(({ key }) => key === 'd') && rows().length >= 6, 'four changes');
      assert.equal(await following.end(), 130);
      assert.deepEqual(
        rows()
          .slice(2)
          .map(({ key, value }) => `${key}=${String(value)}`)
          .sort(),
        ['a=3', 'b=null', 'c=4', 'd=5'],
      );
    });

    test('a followed table says at its end on which of the new records its expressions failed', async (t) => {
      const topic = await newTopic();
      await done(['produce', topic, '-K', '='], 'a=1\nb={}\n');
      const fold = ['--init', '0', '--fold', '(state, value) => state + value.toFixed(0).length'];
      const { child, ended } = start(t, ['table', topic, ...fold, '--follow', '-o', 'json']);
      let output = '';
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
        output += chunk;
      });
      await until(() => linesOf(output).length === 1, 'the first row');
      await done(['produce', topic, '-K', '='], 'a={}\na=2\n');
      await until(() => linesOf(output).length === 2, 'a change');
      child.kill('SIGINT');
      const { code, stderr } = await ended;
      assert.equal(code, 130);
      assert.deepEqual(stderr.match(/--fold or --init failed on \d+ records?/g), [
        '--fold or --init failed on 1 record',
        '--fold or --init failed on 2 records',
      ]);
    });

    test('more keys than its memory go to disk, with the same rows; Node without a database says what does it', async () => {
      const topic = await newTopic('--partitions', '2');
      const lines = numbers(1, 40_000).map((each) => `key-${(Number(each) * 7919) % 20_011}={"n":${each}}\n`);
      await done(['produce', topic, '-K', '='], lines.join(''));
      const small = await run(['table', topic, '--max-memory', '1MiB']);
      if (program === 'node' && !process.getBuiltinModule('node:sqlite' as 'node:fs')) {
        assert.equal(small.code, 3);
        assert.match(
          small.stderr,
          /has more keys than its memory holds \(Node \S+ has no SQLite\)\nhint: the kt binary, or Node 22\.13/,
        );
        return;
      }
      const whole = await done(['table', topic]);
      assert.equal(linesOf(whole).length, 20_011);
      assert.ok(small.stdout === whole, 'other rows from disk');
      const fold = ['--init', '0', '--fold', '(state, value) => state + value.n'];
      assert.ok((await done(['table', topic, ...fold, '--max-memory', '1MiB'])) === (await done(['table', topic, ...fold])));
    });
  });
}
