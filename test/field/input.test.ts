/** Input as it comes: from Windows, with blank lines, with one bad line among good ones, without an end. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { testClusters } from '../support/clusters.ts';
import { keptForever, ktOn } from '../support/kt-on.ts';

const clusters = await testClusters();
const programs = ['binary', 'node'] as const;

for (const [index, cluster] of clusters.entries()) {
  const program = programs[index % programs.length]!;
  const { run, done, newTopic, values } = ktOn(cluster, program);
  const name = (story: string) => `${cluster.version}, ${program}: ${story}`;

  test(
    name('a timestamp beyond what Kafka can hold ends the input at its line; the good line before it is written'),
    async () => {
      const topic = await newTopic('--partitions', '1');
      const input = '{"value":"ok"}\n{"value":"x","timestamp":9223372036854775808}\n{"value":"after"}\n';
      const { code, stderr } = await run(['produce', topic, '-i', 'json'], input);
      assert.equal(code, 2, stderr);
      assert.match(stderr, /^1 record written to /m);
      assert.match(stderr, /^kt: line 2: "timestamp" is out of range$/m);
      assert.deepEqual(await values(topic), ['ok']);
    },
  );

  test(name('good lines that a broker refuses are kept, also when a bad line follows'), async () => {
    const topic = await newTopic('--partitions', '1', '--config', 'max.message.bytes=1000');
    const file = join(tmpdir(), `kept-${randomUUID()}.jsonl`);
    const input = `{"value":"ok"}\n{"value":"${'x'.repeat(2000)}"}\n{"value":"y","timestamp":-7}\n`;
    const { code, stderr } = await run(['produce', topic, '-i', 'json', '--dead-letter', file], input);
    assert.equal(code, 3, stderr);
    assert.match(stderr, /^kt: line 3: "timestamp" is negative$/m);
    assert.deepEqual(await values(topic), ['ok']);
    assert.equal(JSON.parse(readFileSync(file, 'utf8')).value, 'x'.repeat(2000));
  });

  test(name('JSON from Windows: a byte order mark, CR LF and blank lines are no faults'), async () => {
    const topic = await newTopic('--partitions', '1');
    await done(['produce', topic, '-i', 'json'], '\ufeff{"key":"a","value":"1"}\r\n\r\n{"key":"b","value":"2"}\r\n \r\n\n');
    assert.deepEqual(await values(topic), ['1', '2']);
    await done(['produce', topic, '-K', ':'], '\ufeffk1:v1\r\nk2:v2\r\n');
    const lines = (await done(['tail', topic, '--from', '2', '-e', '-o', 'json'])).trim().split('\n');
    assert.deepEqual(
      lines.map((line) => JSON.parse(line)).map(({ key, value }) => [key, value]),
      [
        ['k1', 'v1'],
        ['k2', 'v2'],
      ],
    );
  });

  test(name('a record without a timestamp is copied as one, whatever the compression'), async () => {
    const topic = await newTopic('--partitions', '1', '--config', 'compression.type=gzip', ...keptForever);
    const copy = await newTopic('--partitions', '1', ...keptForever);
    await done(
      ['produce', topic, '-i', 'json'],
      '{"value":"none","timestamp":-1}\n{"value":"one","timestamp":1700000000000}\n',
    );
    const printed = await done(['tail', topic, '--from-beginning', '-e', '-o', 'json']);
    await done(['produce', copy, '-i', 'json'], printed);
    const copied = await done(['tail', copy, '--from-beginning', '-e', '-o', 'json']);
    const timestamps = copied
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).timestamp);
    assert.deepEqual(timestamps, [-1, 1700000000000]);
  });

  test(name('lines of kcat -J are copied with key, headers, timestamp and tombstone'), async () => {
    const topic = await newTopic('--partitions', '1', ...keptForever);
    const from = '"topic":"old","partition":3,"offset":7,"tstype":"create","ts":1700000000123,"broker":1';
    const input = `{${from},"headers":["a","x"],"key":"k","payload":"v"}\n{${from},"key":"k","payload":null}\n`;
    await done(['produce', topic, '-i', 'json'], input);
    const lines = (await done(['tail', topic, '--from-beginning', '-e', '-o', 'json'])).trim().split('\n');
    assert.deepEqual(
      lines.map((line) => JSON.parse(line)).map(({ key, value, timestamp, headers }) => [key, value, timestamp, headers]),
      [
        ['k', 'v', 1700000000123, [{ key: 'a', value: 'x' }]],
        ['k', null, 1700000000123, []],
      ],
    );
  });

  test(name('a timestamp that is null is the present, as without one'), async () => {
    const topic = await newTopic('--partitions', '1');
    const before = Date.now();
    await done(['produce', topic, '-i', 'json'], '{"value":"v","timestamp":null}\n');
    const { timestamp } = JSON.parse(await done(['tail', topic, '--from-beginning', '-e', '-o', 'json']));
    assert.ok(timestamp >= before && timestamp <= Date.now(), String(timestamp));
  });

  test(name('seconds given for milliseconds are written, and a note says what they look like'), async () => {
    const topic = await newTopic('--partitions', '1', ...keptForever);
    const { code, stderr } = await run(['produce', topic, '-i', 'json'], '{"value":"v","timestamp":1700000000}\n');
    assert.equal(code, 0, stderr);
    assert.match(stderr, /timestamp 1700000000 looks like seconds/);
  });

  test(name('a file without lines is refused before it fills the memory'), async () => {
    const topic = await newTopic('--partitions', '1');
    const { code, stderr } = await run(['produce', topic, '--file', '/dev/zero']);
    assert.equal(code, 2, stderr);
    assert.match(stderr, /^kt: line 1: longer than 128MiB$/m);
  });
}
