/** `kt produce` seen from outside: what is written, in which order, and how the rest is reported. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { testClusters } from '../support/clusters.ts';
import { asLines, ktOn, linesOf, numbers } from '../support/kt-on.ts';
import type { JsonRecord } from '../support/record-clients.ts';
import { until } from '../support/until.ts';

const clusters = await testClusters();

for (const [index, cluster] of clusters.entries()) {
  const program = index % 2 === 0 ? 'node' : 'binary';
  const { run, done, start, newTopic, values } = ktOn(cluster, program);

  async function records(topic: string): Promise<JsonRecord[]> {
    const text = await done(['tail', topic, '--from-beginning', '-e', '-o', 'json']);
    return linesOf(text)
      .map((line) => JSON.parse(line) as JsonRecord)
      .sort((a, b) => a.partition - b.partition || a.offset - b.offset);
  }

  async function keysAndValues(topic: string): Promise<(string | null)[][]> {
    return (await records(topic)).map(({ key, value }) => [key, value]);
  }

  describe(`${cluster.version}, ${program}`, { concurrency: 3 }, () => {
    test('each line is a record: an empty one too, CR LF ends it like a newline, the last needs no end', async () => {
      const topic = await newTopic('--partitions', '1');
      await done(['produce', topic], 'one\r\n\n  two  \nlast');
      assert.deepEqual(await keysAndValues(topic), [
        [null, 'one'],
        [null, ''],
        [null, '  two  '],
        [null, 'last'],
      ]);
    });

    test('records of many partitions are written as they come, while the input stays open', async (t) => {
      const topic = await newTopic('--partitions', '8');
      const { child, ended } = start(t, ['produce', topic, '--partitioner', 'round-robin']);
      // More partitions at a time than requests that are in flight to a broker.
      for (let from = 1; from <= 100; from += 20) {
        child.stdin.write(asLines(numbers(from, from + 19)));
        await until(async () => (await values(topic)).length === from + 19, `${from + 19} values`);
      }
      child.stdin.end();
      assert.equal((await ended).code, 0);
    });

    test('key, headers, timestamp, null and tombstone come from the command line', async () => {
      const topic = await newTopic('--partitions', '1');
      await done(
        ['produce', topic, '-K', '=>', '-Z', 'NULL', '-H', 'a=1', '-H', 'b=x=y', '-H', 'a='],
        'k=>v=>w\nNULL=>v\nk=>NULL\n=>\n',
      );
      await done(['produce', topic, '-k', 'k', '-m', 'one', '-m', '', '--timestamp', '1700000000123']);
      await done(['produce', topic, '-k', 'gone', '--tombstone']);
      await done(['produce', topic, '-k', 'of all'], 'x\n');
      assert.deepEqual(await keysAndValues(topic), [
        ['k', 'v=>w'],
        [null, 'v'],
        ['k', null],
        ['', ''],
        ['k', 'one'],
        ['k', ''],
        ['gone', null],
        ['of all', 'x'],
      ]);
      const all = await records(topic);
      assert.deepEqual(all[0]?.headers, [
        { key: 'a', value: '1' },
        { key: 'b', value: 'x=y' },
        { key: 'a', value: '' },
      ]);
      assert.deepEqual(all[4]?.headers, []);
      assert.deepEqual([all[4]?.timestamp, all[5]?.timestamp], [1_700_000_000_123, 1_700_000_000_123]);
      assert.ok(Math.abs(Date.now() - all[0]!.timestamp) < 60_000);
    });

    test('a file, another separator and the whole input as one record', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'kt-produce-'));
      const file = join(folder, 'values');
      try {
        const topic = await newTopic('--partitions', '1');
        writeFileSync(file, 'a;;b;c;;');
        await done(['produce', topic, '--file', file, '--record-separator', ';;']);
        await done(['produce', topic, '-i', 'raw'], 'x\ny\n');
        await done(['produce', topic, '-i', 'raw', '--file', file, '-k', 'k']);
        assert.deepEqual(await keysAndValues(topic), [
          [null, 'a'],
          [null, 'b;c'],
          [null, 'x\ny\n'],
          ['k', 'a;;b;c;;'],
        ]);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    test('the report says where each line was written; with acks 0 the offset is unknown', async () => {
      const topic = await newTopic('--partitions', '3');
      const lines = numbers(1, 500).map((number) => `key-${number}|${number}`);
      const reported = linesOf(await done(['produce', topic, '-K', '|', '--report', '-o', 'json'], asLines(lines)));
      const places = new Map((await records(topic)).map(({ partition, offset, value }) => [`${partition}:${offset}`, value]));
      assert.equal(reported.length, 500);
      for (const text of reported) {
        const { line, partition, offset, ...rest } = JSON.parse(text);
        assert.equal(places.get(`${partition}:${offset}`), String(line));
        assert.deepEqual(rest, { topic });
      }
      const one = await newTopic('--partitions', '1');
      const said = [];
      for (const acks of ['all', '1', '0']) said.push(await done(['produce', one, '-m', acks, '--acks', acks, '--report']));
      assert.deepEqual(said, [
        `Delivered to ${one} [0] at offset 0\n`,
        `Delivered to ${one} [0] at offset 1\n`,
        `Delivered to ${one} [0]\n`,
      ]);
      // The last one was not waited for.
      await until(async () => (await values(one)).length >= 3, 'the record without an acknowledgement is written');
      assert.deepEqual(await values(one), ['all', '1', '0']);
    });

    test('a record is written while the input is still open', async (t) => {
      const topic = await newTopic('--partitions', '1');
      const { child, ended } = start(t, ['produce', topic, '--report']);
      for (const value of ['one', 'two']) {
        const came = once(child.stdout, 'data');
        child.stdin.write(`${value}\n`);
        assert.match(String((await came)[0]), /^Delivered to /);
      }
      assert.deepEqual(await values(topic), ['one', 'two']);
      child.stdin.end('three');
      assert.equal((await ended).code, 0);
      assert.deepEqual(await values(topic), ['one', 'two', 'three']);
    });

    test('a topic is written to the moment after it was created', async () => {
      for (let round = 0; round < 5; round++) {
        const topic = await newTopic('--partitions', '6');
        await done(['produce', topic, '-K', ':'], asLines(numbers(1, 30).map((number) => `${number}:${number}`)));
        assert.equal((await values(topic)).length, 30);
      }
    });

    test('100,000 lines of mixed sizes are all there, and in order in their partition, in every codec', async () => {
      const lines = numbers(0, 99_999).map((number) => {
        const at = Number(number);
        const size = at % 20_000 === 0 ? 300_000 : [0, 1, 10, 100, 1000][(at * 7919) % 5]!;
        return `${number} ${'y'.repeat(size)}`;
      });
      const input = asLines(lines);
      for (const codec of ['none', 'lz4']) {
        const topic = await newTopic('--partitions', '3');
        const produced = await run(['produce', topic, '--compression', codec], input);
        assert.equal(produced.code, 0, produced.stderr);
        assert.match(produced.stderr, /^100000 records written to /);
        const last = [-1, -1, -1];
        let count = 0;
        for (const line of linesOf(await done(['tail', topic, '--from-beginning', '-e', '-f', '%p %s\\n']))) {
          const [partition, number] = line.split(' ', 2).map(Number) as [number, number];
          assert.ok(number > last[partition]!, `${number} behind ${last[partition]} in partition ${partition}`);
          assert.equal(line.length, lines[number]!.length + 2);
          last[partition] = number;
          count++;
        }
        assert.equal(count, 100_000);
      }
    });

    test('if several records are too large, only those fail and the others keep their order', async () => {
      const topic = await newTopic('--partitions', '1', '--config', 'max.message.bytes=1000');
      const large = new Set([17, 30, 31]);
      const lines = numbers(1, 39).map((number) => (large.has(Number(number)) ? 'x'.repeat(2000) : number));
      const result = await run(['produce', topic, '--report', '-o', 'json'], asLines(lines));
      assert.equal(result.code, 3);
      for (const line of large) assert.match(result.stderr, new RegExp(`^kt: line ${line}: writing to ${topic}:0 \\(`, 'm'));
      assert.match(result.stderr, /^36 records written to /m);
      assert.match(result.stderr, /"code":"MESSAGE_TOO_LARGE","message":"3 of 39 records were not written /);
      const small = numbers(1, 39).filter((number) => !large.has(Number(number)));
      assert.deepEqual(await values(topic), small);
      assert.deepEqual(
        linesOf(result.stdout).map((line) => [JSON.parse(line).line, JSON.parse(line).offset]),
        small.map((number, offset) => [Number(number), offset]),
      );
    });

    test('a line that cannot be read is reported, even when others were refused', async () => {
      const topic = await newTopic('--partitions', '1', '--config', 'max.message.bytes=1000');
      const result = await run(['produce', topic, '-K', '|'], `a|1\nb|${'x'.repeat(2000)}\nno key\nc|3\n`);
      assert.equal(result.code, 3);
      assert.match(result.stderr, /^kt: line 2: writing to /m);
      assert.match(result.stderr, /^kt: line 3: no key separator/m);
      assert.deepEqual(await values(topic), ['1']);
    });

    test('a JSON line that no record can be made of is named; lines before it are written, none behind it', async () => {
      const cases: readonly (readonly [line: string | Buffer, message: RegExp])[] = [
        ['nonsense', /line 3: not JSON: /],
        ['{', /line 3: not JSON: the object is not closed$/m],
        ['{"partition":2,"value":"v"}', /line 3: topic \S+ has no partition 2 \(it has 2: 0 to 1\)$/m],
        ['{"partition":-1,"value":"v"}', /line 3: topic \S+ has no partition -1 \(it has 2: 0 to 1\)$/m],
        [Buffer.from('{"value":"caf\xe9"}', 'latin1'), /line 3: not UTF-8$/m],
        ['{"value":"v","vlaue":1}', /line 3: unknown field "vlaue"$/m],
      ];
      for (const [line, message] of cases) {
        const topic = await newTopic('--partitions', '2');
        const before = '{"partition":0,"value":"1"}\n{"partition":1,"value":"2"}\n';
        const input = Buffer.concat([Buffer.from(before), Buffer.from(line), Buffer.from('\n{"value":"4"}\n')]);
        const result = await run(['produce', topic, '-i', 'json', '--partition-from-input'], input);
        assert.equal(result.code, 2, String(line));
        assert.match(result.stderr, message);
        assert.match(result.stderr, /^hint: /m);
        assert.match(result.stderr, /^2 records written to /m);
        assert.deepEqual((await values(topic)).sort(), ['1', '2']);
      }
    });

    test('words that contradict each other are refused before anything is read or written', async () => {
      const cases: readonly (readonly [options: string, message: RegExp])[] = [
        ['-m x --tombstone -k k', /-m and --tombstone \(two inputs\)/],
        ['-m x --file y', /-m and --file \(two inputs\)/],
        ['--tombstone', /--tombstone needs a key/],
        ['-k a -K :', /-k and -K \(two keys\)/],
        ['-i json -K :', /-i json with -K or -Z/],
        ['-i raw -Z NULL', /-i raw with -K or -Z/],
        ['--partition-from-input', /--partition-from-input needs JSON input/],
        ['--partition one', /--partition one \(not a whole number\)/],
        ['--retries -1', /--retries -1 \(not a whole number\)/],
        ['--timestamp yesterday', /--timestamp yesterday \(not a time\)/],
        ['--partitioner random', /--partitioner random \(not one of java, librdkafka, round-robin\)/],
        ['-i yaml', /--input yaml \(not one of lines, json, raw\)/],
      ];
      for (const [options, message] of cases) {
        // Nothing listens there: a connection would be an error of its own.
        const result = await run(['produce', 'any', '-b', 'localhost:1', ...options.split(' ')]);
        assert.deepEqual([result.code, result.stdout], [2, ''], options);
        assert.match(result.stderr, message);
        assert.match(result.stderr, /hint/);
      }
    });

    test('after Ctrl-C in the middle kt says how far it got, and those records are in the log', async (t) => {
      const topic = await newTopic('--partitions', '2');
      const { child, ended } = start(t, ['produce', topic]);
      child.stdin.on('error', () => {});
      const block = asLines(numbers(1, 10_000).map((number) => `${number} ${'x'.repeat(90)}`));
      const feed = (): void => {
        while (child.exitCode === null && child.stdin.write(block));
        child.stdin.once('drain', feed);
      };
      feed();
      await until(async () => (await done(['tail', topic, '--from', '-1', '-e'])) !== '', 'a record is written');
      child.kill('SIGINT');
      const { code, stderr } = await ended;
      assert.equal(code, 130);
      const said =
        /^kt: interrupted after line (\d+) \((\d+) records written(; may have been written: lines? .*?)?(; not sent: lines? .*?)?\)$/m;
      const [, lastLine, written] = said.exec(stderr) ?? assert.fail(stderr);
      const found = (await values(topic)).length;
      assert.ok(found >= Number(written) && found <= Number(lastLine), `${written} ≤ ${found} ≤ ${lastLine}`);
    });

    test('when the reader of the report has gone, the work ends and names the lines left', async (t) => {
      const topic = await newTopic('--partitions', '1');
      const { child, ended } = start(t, ['produce', topic, '--report']);
      child.stdin.on('error', () => {});
      child.stdin.write('one\n');
      await once(child.stdout, 'data');
      child.stdout.destroy();
      child.stdin.write('two\n');
      const { code, stderr } = await ended;
      assert.equal(code, 0);
      assert.match(stderr, /^kt: interrupted after line 2 \(2 records written\)$/m);
      assert.deepEqual(await values(topic), ['one', 'two']);
    });
  });
}
