/** What `kt tail -o json` wrote, `kt produce -i json` writes back byte for byte. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';
import { testClusters } from '../support/clusters.ts';
import { asLines, keptForever, ktOn, linesOf } from '../support/kt-on.ts';

const clusters = await testClusters();

/** Keys, values and headers that are easily damaged on the way. */
const difficult: readonly (Buffer | null)[] = [
  null,
  Buffer.alloc(0),
  Buffer.from('null'),
  Buffer.from('"quoted" \\ back\\u0000slash \n newline \r\t\0\x1b[31m\x7f'),
  Buffer.from('žluťoučký 用户 👩‍💻 \u2028\u2029\ufffd\ufeff'),
  Buffer.from([0xff, 0x00, 0xfe]),
  Buffer.from([0xed, 0xa0, 0x80]),
  Buffer.from('c328', 'hex'),
  Buffer.from('{"a": 1.0, "b": 12345678901234567890}'),
  Buffer.from('/wD+'),
  randomBytes(3000),
];

function encoded(name: 'key' | 'value', bytes: Buffer | null): Record<string, string | null> {
  return bytes === null ? { [name]: null } : { [name]: bytes.toString('base64'), [`${name}Encoding`]: 'base64' };
}

const records = difficult.map((value, at) => ({
  ...encoded('key', difficult[(at * 3 + 1) % difficult.length]!),
  ...encoded('value', value),
  timestamp: [0, 1_700_000_000_123, 999][at % 3],
  headers: difficult.slice(0, at % 5).flatMap((header, index) => [
    { key: index % 2 === 0 ? 'twice' : 'ключ', ...encoded('value', header) },
    { key: '', ...encoded('value', header) },
  ]),
}));

for (const [index, cluster] of clusters.entries()) {
  const program = index % 2 === 0 ? 'binary' : 'node';
  const { run, done, newTopic } = ktOn(cluster, program);
  const withoutTopic = (text: string) => linesOf(text).map((line) => ({ ...JSON.parse(line), topic: '' }));

  describe(`${cluster.version}, ${program}`, () => {
    test('records of every kind go through a file from one topic to another, again and again', async () => {
      const first = await newTopic('--partitions', '1', ...keptForever);
      await done(['produce', first, '-i', 'json'], asLines(records.map((record) => JSON.stringify(record))));
      const original = await done(['tail', first, '--from-beginning', '-e', '-o', 'json']);
      assert.equal(linesOf(original).length, records.length);
      let text = original;
      for (const codec of ['none', 'snappy', 'zstd']) {
        const copy = await newTopic('--partitions', '1', ...keptForever);
        await done(['produce', copy, '-i', 'json', '--compression', codec], text);
        text = await done(['tail', copy, '--from-beginning', '-e', '-o', 'json']);
        assert.deepEqual(withoutTopic(text), withoutTopic(original), codec);
      }
    });

    test('what was given as base64 is what kt reads back', async () => {
      const topic = await newTopic('--partitions', '1', ...keptForever);
      await done(['produce', topic, '-i', 'json'], asLines(records.map((record) => JSON.stringify(record))));
      const formats = ['--key-format', 'base64', '--value-format', 'base64'];
      const read = linesOf(await done(['tail', topic, '--from-beginning', '-e', '-o', 'json', ...formats]));
      for (const [at, line] of read.entries()) {
        const { key, value, timestamp, headers } = JSON.parse(line);
        const bytes = (text: string | null, encoding?: string) =>
          text === null ? null : Buffer.from(text, encoding === 'base64' ? 'base64' : 'utf8').toString('hex');
        const wanted = records[at]! as unknown as { key: string | null; value: string | null };
        assert.deepEqual([key, value, timestamp], [wanted.key, wanted.value, records[at]!.timestamp]);
        assert.deepEqual(
          headers.map((header: { key: string; value: string | null; valueEncoding?: string }) => [
            header.key,
            bytes(header.value, header.valueEncoding),
          ]),
          difficult
            .slice(0, at % 5)
            .flatMap((header, number) =>
              [number % 2 === 0 ? 'twice' : 'ключ', ''].map((name) => [name, header?.toString('hex') ?? null]),
            ),
        );
      }
      const raw = await run(['tail', topic, '--from-beginning', '-e', '-o', 'raw']);
      assert.deepEqual(raw.stdoutBytes, Buffer.concat(difficult.filter((value) => value !== null)));
    });

    test('embedded JSON is written back as it stood', async () => {
      const topic = await newTopic('--partitions', '1');
      const copy = await newTopic('--partitions', '1');
      const values = ['{"b":1.0, "a":12345678901234567890}', '[1,2]', '"text"', 'null', 'no JSON', ' {"spaced" : true} '];
      await done(['produce', topic], asLines(values));
      const text = await done(['tail', topic, '--from-beginning', '-e', '-o', 'json', '--value-format', 'json']);
      await done(['produce', copy, '-i', 'json'], text);
      assert.deepEqual(
        linesOf(await done(['tail', copy, '--from-beginning', '-e'])).map((value) => value.trim()),
        values.map((value) => value.trim()),
      );
    });
  });
}
