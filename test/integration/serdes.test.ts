/** Keys and values in formats other than text, written and read on a real Kafka. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { decode as decodeMsgpack, encode as encodeMsgpack } from '@msgpack/msgpack';
import { decode as decodeCbor, encode as encodeCbor } from 'cborg';
import { testClusters } from '../support/clusters.ts';
import { asLines, ktOn, linesOf } from '../support/kt-on.ts';

const clusters = await testClusters();
const readings = [
  '{"sensor":"roof","celsius":-3.5,"ok":true}',
  '{"sensor":"küche","celsius":21,"tags":["warm",null]}',
  '{"sensor":"lab","celsius":36.75,"big":12345678901234567890}',
];

for (const [index, cluster] of clusters.entries()) {
  const program = index % 2 === 0 ? 'binary' : 'node';
  const { run, done, newTopic } = ktOn(cluster, program);

  describe(`${cluster.version}, ${program}`, () => {
    for (const [format, decode, encode] of [
      ['cbor', decodeCbor, encodeCbor],
      ['msgpack', decodeMsgpack, encodeMsgpack],
    ] as const) {
      test(`${format} is written with int64 keys, read as JSON, found by its content and copied byte for byte`, async () => {
        const topic = await newTopic('--partitions', '1');
        const formats = ['--key-format', 'int64', '--value-format', format];
        const lines = readings.map((reading, key) => `${key}:${reading}`);
        await done(['produce', topic, '-K', ':', ...formats], asLines(lines));
        const tail = ['tail', topic, '--from-beginning', '-e'];

        assert.deepEqual(linesOf(await done([...tail, ...formats, '-f', '%k:%v\\n'])), lines);
        assert.deepEqual(linesOf(await done([...tail, ...formats, '--where', 'key === 1 && value.celsius > 20'])), [
          readings[1],
        ]);
        assert.deepEqual(linesOf(await done([...tail, ...formats, '--where', 'value.big === 12345678901234567890n'])), [
          readings[2],
        ]);
        assert.deepEqual(linesOf(await done([...tail, ...formats, '--value', '"küche"', '--key', '^1$'])), [readings[1]]);

        // Another implementation reads what kt wrote.
        const first = linesOf(await done([...tail, '--value-format', 'hex', '-n', '1']))[0]!;
        assert.deepEqual(decode(Buffer.from(first, 'hex')), JSON.parse(readings[0]!));

        const json = await done([...tail, ...formats, '-o', 'json']);
        for (const [at, line] of linesOf(json).entries()) {
          assert.ok(
            line.includes(`"key":"${at}","keyEncoding":"int64","value":${readings[at]},"valueEncoding":"${format}"`),
            line,
          );
        }
        const copy = await newTopic('--partitions', '1');
        await done(['produce', copy, '-i', 'json'], json);
        const bytes = ['--from-beginning', '-e', '--key-format', 'hex', '--value-format', 'hex', '-f', '%k:%v\\n'];
        assert.equal(await done(['tail', copy, ...bytes]), await done(['tail', topic, ...bytes]));
      });

      test(`what another implementation writes as ${format} is read, and its bytes survive JSON lines`, async () => {
        const topic = await newTopic('--partitions', '1');
        const written = [{ name: 'x', data: new Uint8Array([255, 0]) }, [1, -1, 2.5, 1e300], null];
        const hex = written.map((value) => Buffer.from(encode(value)).toString('hex'));
        await done(['produce', topic, '--value-format', 'hex'], asLines(hex));
        const tail = ['tail', topic, '--from-beginning', '-e', '--value-format'];
        assert.deepEqual(
          linesOf(await done([...tail, format])).map((line) => JSON.parse(line)),
          [{ name: 'x', data: '/wA=' }, [1, -1, 2.5, 1e300], null],
        );
        const json = await done([...tail, format, '-o', 'json']);
        assert.deepEqual(
          linesOf(json).map((line) => JSON.parse(line).valueEncoding),
          ['base64', format, format],
        );
        const copy = await newTopic('--partitions', '1');
        await done(['produce', copy, '-i', 'json'], json);
        assert.deepEqual(linesOf(await done(['tail', copy, '--from-beginning', '-e', '--value-format', 'hex'])), hex);
      });
    }

    test('64-bit keys beyond 2^53 are BigInts in expressions, smaller ones numbers', async () => {
      const topic = await newTopic('--partitions', '1');
      await done(
        ['produce', topic, '-K', ':', '--key-format', 'int64'],
        asLines(['5:five', '9007199254740993:far', '-1:less']),
      );
      const tail = ['tail', topic, '--from-beginning', '-e', '--key-format', 'int64', '--where'];
      assert.deepEqual(linesOf(await done([...tail, 'key === 5'])), ['five']);
      assert.deepEqual(linesOf(await done([...tail, 'key === 9007199254740993n'])), ['far']);
      assert.deepEqual(linesOf(await done([...tail, 'key < 6'])), ['five', 'less']);
    });

    test('text that does not fit is exit code 2 with its line, and nothing of that line is sent', async () => {
      const topic = await newTopic('--partitions', '1');
      const lines = await run(['produce', topic, '-K', ':', '--key-format', 'int32'], '1:a\n12abc:b\n3:c\n');
      assert.equal(lines.code, 2);
      assert.match(lines.stderr, /^kt: line 2: key "12abc" is not int32$/m);
      const json = await run(['produce', topic, '-i', 'json', '--value-format', 'uuid'], '{"value":"no"}\n');
      assert.equal(json.code, 2);
      assert.match(json.stderr, /^kt: line 1: "value" is not uuid$/m);
      const key = await run(['produce', topic, '-k', '1.5', '-m', 'v', '--key-format', 'int64']);
      assert.equal(key.code, 2);
      assert.match(key.stderr, /^kt: -k "1.5" is not int64$/m);
      const unwritable = await run(['produce', topic, '-m', 'v', '--value-format', 'internal']);
      assert.equal(unwritable.code, 2);
      assert.deepEqual(linesOf(await done(['tail', topic, '--from-beginning', '-e'])), ['a']);
    });

    test('messages, tombstones and generated records take formats too', async () => {
      const topic = await newTopic('--partitions', '1');
      const formats = ['--key-format', 'int32', '--value-format', 'msgpack'];
      await done(['produce', topic, '-k', '1', '-m', '[1]', '-m', '"x"', ...formats]);
      await done(['produce', topic, '-k', '1', '--tombstone', ...formats]);
      await done([
        'produce',
        topic,
        '--count',
        '2',
        '--key-template',
        '{{seq}}',
        '--value-template',
        '{"n":{{seq}}}',
        ...formats,
      ]);
      const lines = await done(['tail', topic, '--from-beginning', '-e', '-f', '%k:%v:%S\\n', ...formats]);
      assert.deepEqual(linesOf(lines), ['1:[1]:2', '1:"x":2', '1::-1', '1:{"n":1}:4', '2:{"n":2}:4']);
    });

    test('--where sees the records of __consumer_offsets as they are shown', async () => {
      const topic = await newTopic('--partitions', '1');
      const group = `serdes-${randomUUID()}`;
      await done(['produce', topic], asLines(Array.from({ length: 7 }, (_, at) => String(at))));
      await done(['tail', topic, '--group', group, '--commit', '--from-beginning', '-e']);
      const tail = ['tail', '__consumer_offsets', '--from-beginning', '-e', '-o', 'json', '--where'];
      const found = linesOf(await done([...tail, `key.group === '${group}' && value?.offset > 5`]));
      assert.deepEqual(
        found.map((line) => JSON.parse(line).value.offset),
        [7],
      );
      assert.deepEqual(linesOf(await done([...tail, `key.group === '${group}' && value?.offset > 7`])), []);
    });
  });
}
