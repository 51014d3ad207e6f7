/** `kt tail` seen from outside: where it starts, where it stops, what it prints and how it ends. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { testClusters } from '../support/clusters.ts';
import { javaTool, kcatUnavailable, output } from '../support/foreign-clients.ts';
import { asLines, keptForever, ktOn, linesOf, numbers } from '../support/kt-on.ts';
import { until } from '../support/until.ts';

const clusters = await testClusters();
const kcat = kcatUnavailable();
const longAgo = 1_700_000_000_000;

for (const [index, cluster] of clusters.entries()) {
  const program = index % 2 === 0 ? 'binary' : 'node';
  const { version, bootstrapServers, classpath } = cluster;
  const { run, done, start, newTopic, values } = ktOn(cluster, program);

  /** Deletes the records of partition 0 before the offset, with Kafka's own tool. */
  async function deleteRecords(topic: string, offset: number): Promise<void> {
    const tool = 'org.apache.kafka.tools.DeleteRecordsCommand';
    const plan = join(tmpdir(), `${topic}.json`);
    writeFileSync(plan, JSON.stringify({ version: 1, partitions: [{ topic, partition: 0, offset }] }));
    await javaTool(classpath, tool, ['--bootstrap-server', bootstrapServers, '--offset-json-file', plan]);
    rmSync(plan);
  }

  /** Ten old records and ten new ones in partition 0, five new ones in partition 1. */
  async function twentyFive(): Promise<string> {
    const topic = await newTopic('--partitions', '2', ...keptForever);
    await done(['produce', topic, '--partition', '0', '--timestamp', String(longAgo)], asLines(numbers(1, 10)));
    await done(['produce', topic, '--partition', '0'], asLines(numbers(11, 20)));
    await done(['produce', topic, '--partition', '1'], asLines(numbers(21, 25)));
    return topic;
  }

  describe(`${version}, ${program}`, { concurrency: 3 }, () => {
    test('each start and stop gives the records between them', async () => {
      const topic = await twentyFive();
      const cases: readonly (readonly [options: string, expected: readonly string[]])[] = [
        ['--from-beginning -e', numbers(1, 25)],
        ['--from beginning --to end', numbers(1, 25)],
        ['-e', []],
        ['--from end -e', []],
        ['--from -2 -e', ['19', '20', '24', '25']],
        ['--from -1000 -e', numbers(1, 25)],
        ['--from -1 -e -p 1', ['25']],
        ['--from -1 -e -p 1 -p 1', ['25']],
        ['--from 3 --to 5', ['24', '25', '4', '5']],
        ['--from 18 -e -p 0', ['19', '20']],
        ['--from 20 -e -p 0', []],
        ['--from 5 --to 3 -p 0', []],
        ['--from-beginning --to -3 -p 1', ['21', '22']],
        [`--from-beginning --to @${longAgo + 1} -p 0`, numbers(1, 10)],
        [`--from @${longAgo + 1} -e`, numbers(11, 25)],
        ['--from -1h -e', numbers(11, 25)],
        ['--from @2099-01-01 -e', []],
        ['--from-beginning -e --to 100 -p 1', numbers(21, 25)],
        ['--from-beginning -n 0', []],
        ['--from-beginning -n 7 -p 0', numbers(1, 7)],
        ['--from-beginning -n 5 -p 1', numbers(21, 25)],
      ];
      for (const [options, expected] of cases) {
        assert.deepEqual((await values(topic, ...options.split(' '))).sort(), [...expected].sort(), options);
      }
      assert.equal((await values(topic, '--from-beginning', '-n', '23')).length, 23);
    });

    test('several topics, a name given twice and a pattern are read, each record once', async () => {
      const topics = await Promise.all([newTopic(), newTopic()]);
      for (const topic of topics) await done(['produce', topic], `of ${topic}\n`);
      const both = topics.map((topic) => `of ${topic}`).sort();
      const [first, second] = topics as [string, string];
      assert.deepEqual((await values(first, second, first, '--from-beginning', '-e')).sort(), both);
      assert.deepEqual((await values(`${first.slice(0, -1)}*`, '--from-beginning', '-e')).sort(), [`of ${first}`]);
      const unknown = await run(['tail', first, `${second}x`, '--from-beginning', '-e']);
      assert.deepEqual([unknown.code, unknown.stdout], [3, '']);
      assert.match(unknown.stderr, new RegExp(`^kt: unknown topic ${second}x .*\nhint: did you mean ${second}\\?$`, 'm'));
      const nothing = await run(['tail', 'no-such-*-topic', '-e']);
      assert.deepEqual([nothing.code, nothing.stdout], [3, '']);
      assert.match(nothing.stderr, /^kt: no topic matches no-such-\*-topic$/m);
    });

    test('an empty topic is over at once with -e, and without it waits for what comes', async (t) => {
      const topic = await newTopic('--partitions', '3');
      assert.deepEqual(await values(topic), []);
      const { child, ended } = start(t, ['tail', topic, '-n', '1']);
      // It reads from the end, so only later records count: writes again until one comes.
      const came = once(child.stdout, 'data');
      for (let tries = 0; child.exitCode === null && tries < 40; tries++) {
        await done(['produce', topic, '-m', 'later']);
        await Promise.race([came, delay(250)]);
      }
      assert.equal(String((await came)[0]), 'later\n');
      assert.deepEqual(await ended, { code: 0, stderr: '' });
    });

    test('a follower prints a record within a second of its being written', async (t) => {
      const topic = await newTopic();
      const { child, ended } = start(t, ['tail', topic, '--from-beginning', '-f', '%s %T\n']);
      const latencies: number[] = [];
      try {
        // The best of several: a busy machine may delay one.
        for (let count = 0; count < 3 || (Math.min(...latencies) >= 1_500 && count < 20); count++) {
          const value = `value-${count}`;
          const came = once(child.stdout, 'data');
          await done(['produce', topic, '-m', value]);
          const [line] = await came;
          latencies.push(Date.now() - Number(String(line).trim().split(' ')[1]));
          assert.match(String(line), new RegExp(`^${value} `));
        }
        assert.ok(Math.min(...latencies) < 1_500, `took ${latencies} ms`);
      } finally {
        child.kill('SIGINT');
        await ended;
      }
    });

    test('kt waits for an offset to stop at that does not exist yet', async (t) => {
      const topic = await newTopic('--partitions', '1');
      await done(['produce', topic], asLines(numbers(1, 3)));
      const { child, ended } = start(t, ['tail', topic, '--from-beginning', '--to', '5']);
      let printed = '';
      child.stdout.on('data', (chunk) => {
        printed += chunk;
      });
      await once(child.stdout, 'data');
      await done(['produce', topic], asLines(numbers(4, 9)));
      assert.deepEqual([(await ended).code, linesOf(printed)], [0, numbers(1, 5)]);
    });

    test('deleted records are reported: at the start as an error, while following as a warning', async () => {
      const topic = await newTopic('--partitions', '1');
      await done(['produce', topic], asLines(numbers(1, 20)));
      await deleteRecords(topic, 15);
      assert.deepEqual(await values(topic), numbers(16, 20));
      assert.deepEqual(await values(topic, '--from', '-100', '-e'), numbers(16, 20));
      assert.deepEqual(await values(topic, '--from-beginning', '--to', '10'), []);
      const early = await run(['tail', topic, '--from', '3', '-e']);
      assert.deepEqual([early.code, early.stdout], [3, '']);
      assert.match(early.stderr, /^kt: offset 3 of partition \S+:0 \(the partition holds 15 to 20\)$/m);
      assert.match(early.stderr, /^hint: give an offset from 15 to 20/m);
      await deleteRecords(topic, 20);
      assert.deepEqual(await values(topic), []);
      assert.deepEqual(await values(topic, '--from', '-5', '-e'), []);
    });

    test('when retention overtakes a slow reader, it reports the deleted records', async (t) => {
      const topic = await newTopic('--partitions', '1');
      const filler = 'x'.repeat(1000);
      await done(['produce', topic], asLines(numbers(1, 60_000).map((number) => `${number} ${filler}`)));
      const { child, ended } = start(t, ['tail', topic, '--from-beginning', '-e']);
      // Nobody reads on: kt holds a few answers and waits.
      const [beginning] = (await once(child.stdout, 'data')) as [Buffer];
      child.stdout.pause();
      const peakOf = () => Number(readFileSync(`/proc/${child.pid}/status`, 'utf8').match(/VmHWM:\s+(\d+) kB/)?.[1]);
      let peak = 0;
      await until(async () => {
        const before = peakOf();
        await delay(500);
        peak = peakOf();
        return peak === before;
      }, 'its memory stays as it is');
      assert.ok(peak < 200_000, `${peak} kB of memory for a reader that waits`);
      await deleteRecords(topic, 59_000);
      const chunks = [beginning];
      child.stdout.on('data', (chunk) => chunks.push(chunk));
      child.stdout.resume();
      const { code, stderr } = await ended;
      assert.equal(code, 0);
      const read = linesOf(Buffer.concat(chunks)).map((line) => Number(line.split(' ')[0]));
      const gap = read.findIndex((number, at) => number !== at + 1);
      assert.ok(gap > 0 && gap < 40_000, `the first ${gap} were fetched before they were deleted`);
      assert.deepEqual(read.slice(gap).map(String), numbers(59_001, 60_000));
      assert.match(
        stderr,
        new RegExp(`^kt: ${topic}:0: offsets ${gap} to 58999 were deleted before they were read \\(retention\\)`),
      );
    });

    test('a topic that is deleted while it is followed ends the follower with 3', async (t) => {
      const topic = await newTopic('--partitions', '1');
      await done(['produce', topic, '-m', 'one']);
      const { child, ended } = start(t, ['tail', topic, '--from-beginning']);
      await once(child.stdout, 'data');
      await done(['topics', 'delete', topic, '--yes']);
      const { code, stderr } = await ended;
      assert.equal(code, 3);
      assert.match(stderr, new RegExp(`^kt: topic ${topic} was deleted while it was read\nhint: `, 'm'));
    });

    test('-e ends in a compacted topic, whose offsets have holes; a start or stop in a hole works', async () => {
      const settings = ['cleanup.policy=compact', 'segment.ms=200', 'min.cleanable.dirty.ratio=0.001', 'delete.retention.ms=0'];
      const topic = await newTopic('--partitions', '1', ...settings.flatMap((setting) => ['--config', setting]));
      await done(['produce', topic, '-K', ':'], asLines(numbers(0, 299).map((number) => `k${Number(number) % 3}:${number}`)));
      await delay(250);
      await done(['produce', topic, '-k', 'k0', '--tombstone']);
      // Another append makes a new segment; the old ones are compacted every 15 s.
      await delay(250);
      await done(['produce', topic, '-k', 'last', '-m', 'last']);
      await until(async () => (await values(topic)).length <= 4, 'the topic is compacted', 90_000);
      assert.deepEqual(
        (await values(topic)).filter((value) => value !== ''),
        ['298', '299', 'last'],
      );
      assert.deepEqual(await values(topic, '--from', '10', '--to', '200'), []);
      assert.deepEqual(await values(topic, '--from', '10', '--to', '299'), ['298']);
      assert.deepEqual(await values(topic, '--from', '100', '-n', '2'), ['298', '299']);
    });

    test('raw prints the bytes and nothing else', async () => {
      const topic = await newTopic('--partitions', '1');
      const bytes = Buffer.from(Array.from({ length: 1024 }, (_, at) => (at * 7) % 256));
      await done(['produce', topic, '-i', 'raw'], bytes);
      await done(['produce', topic, '-i', 'raw'], bytes);
      const raw = await run(['tail', topic, '--from-beginning', '-e', '-o', 'raw']);
      assert.deepEqual(raw.stdoutBytes, Buffer.concat([bytes, bytes]));
      const value = await run(['tail', topic, '--from', '-1', '-e']);
      assert.deepEqual(value.stdoutBytes, Buffer.concat([bytes, Buffer.from('\n')]));
    });

    test("-f prints what kcat's -f prints, to the byte", { skip: kcat ?? false }, async () => {
      const topic = await newTopic('--partitions', '2', ...keptForever);
      const records = [
        { partition: 0, key: 'k', value: 'v', timestamp: longAgo },
        { partition: 0, key: null, value: null, timestamp: 0 },
        {
          partition: 1,
          key: '',
          value: '',
          headers: [
            { key: 'a', value: '1' },
            { key: 'a', value: '' },
          ],
        },
        { partition: 1, key: 'ключ', value: '/wD+', valueEncoding: 'base64', headers: [{ key: 'h', value: 'žluť' }] },
        { partition: 0, key: 'x', value: '%s \\n "quoted"', headers: [{ key: 'null', value: null }] },
      ];
      await done(
        ['produce', topic, '-i', 'json', '--partition-from-input'],
        asLines(records.map((each) => JSON.stringify(each))),
      );
      for (const format of ['%t %p %o %k %s\\n', '%o:%K:%S:%T|', '[%h] %s\\t%k\\x41%%\\n', '%R%s%p']) {
        for (const partition of ['0', '1']) {
          const ours = await run(['tail', topic, '--from-beginning', '-e', '-p', partition, '-f', format]);
          const from = ['-C', '-b', bootstrapServers, '-t', topic, '-p', partition, '-o', 'beginning', '-e', '-q'];
          assert.deepEqual(
            ours.stdoutBytes,
            await output('kcat', [...from, '-f', format]),
            `${format} of partition ${partition}`,
          );
        }
      }
    });

    test('words that contradict each other are refused before a connection is made', async () => {
      const cases: readonly (readonly [options: string, message: RegExp])[] = [
        ['--from-beginning --from 3', /--from-beginning and --from \(two starts\)/],
        ['--group g -p 0', /--group and --partition \(a group divides the partitions itself\)/],
        ['--commit', /--commit needs a group/],
        ['-f %s -o json', /-f and -o \(two formats\)/],
        ['-o table', /unknown format 'table'\nhint: use value, pretty, line, json, csv or raw$/m],
        ['-n -1', /--max-records -1 \(not a whole number\)/],
        ['-n 1.5', /--max-records 1\.5 \(not a whole number\)/],
        ['-p one', /--partition one \(not a whole number\)/],
        ['--to tomorrow', /--to tomorrow \(not a position\)/],
        ['--from 99999999999999999999', /--from 99999999999999999999 \(beyond the largest offset\)/],
        ['--isolation none', /--isolation none \(not one of read_committed, read_uncommitted\)/],
        ['--value-format morse', /--value-format morse \(not one of /],
      ];
      for (const [options, message] of cases) {
        // Nothing listens there: a connection would be an error of its own.
        const result = await run(['tail', 'any', '-b', 'localhost:1', ...options.split(' ')]);
        assert.deepEqual([result.code, result.stdout], [2, ''], options);
        assert.match(result.stderr, message);
        assert.match(result.stderr, /hint/);
      }
    });
  });
}
