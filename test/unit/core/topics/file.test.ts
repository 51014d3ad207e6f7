import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { joined, readDesired } from '../../../../src/core/desired/read.ts';
import { type ExportedTopic, topicsText } from '../../../../src/core/topics/file.ts';

const read = async (text: string) => (await readDesired(text, 'topics.yaml')).topics!;

test('a topic is read with human units, lists and numbers as the broker wants them', async () => {
  const [orders, users] = await read(`
topics:
  - name: orders
    partitions: 3
    replicationFactor: 1
    configs: &kept
      retention.ms: 7d
      cleanup.policy: [compact, delete]
      max.message.bytes: 1MiB
      preallocate: true
  - name: users # the same configs
    configs: *kept
`);
  assert.deepEqual([orders!.topic, orders!.partitions, orders!.replicationFactor, orders!.at], ['orders', 3, 1, 'topics.yaml, line 3']); // biome-ignore format: one line
  const configs = { 'retention.ms': '604800000', 'cleanup.policy': 'compact,delete', 'max.message.bytes': '1048576', preallocate: 'true' }; // biome-ignore format: one line
  assert.deepEqual(Object.fromEntries(orders!.configs), configs);
  assert.deepEqual([users!.partitions, users!.replicationFactor], [undefined, undefined]);
  assert.deepEqual(Object.fromEntries(users!.configs), configs);
  assert.deepEqual(await read('topics:\n'), []);
});

const wrong: readonly (readonly [text: string, message: RegExp, hint: RegExp])[] = [
  ['', /line 1: there is no list of topics/, /begin the file with topics:/],
  ['topic: []', /line 1: the file: unknown key 'topic'/, /did you mean topics\?/],
  ['topics: orders', /line 1: topics must be a list/, /- name:/],
  ['topics:\n  - orders', /line 2: a topic must be a map/, /indent/],
  ['topics:\n  - partitions: 3', /line 2: a topic has no name/, /- name: orders/],
  ['topics:\n  - name: a/b', /line 2: illegal topic name a\/b/, /letters/],
  ['topics:\n  - name: a\n    partition: 3', /line 3: a topic: unknown key 'partition'/, /did you mean partitions\?/],
  ['topics:\n  - name: a\n    partitions: many', /line 3: partitions: 'many' is not a number from 1/, /partitions: 3/],
  ['topics:\n  - name: a\n    partitions: 0', /line 3: partitions: '0'/, /partitions: 3/],
  ['topics:\n  - name: a\n    replicationFactor: 40000', /line 2: --replication-factor 40000 \(too large\)/, /32767/],
  ['topics:\n  - name: a\n    configs:\n      retention.ms:', /line 4: retention\.ms has no value/, /leave the line out/],
  ['topics:\n  - name: a\n    configs:\n      retention.ms: {a: b}', /line 4: retention\.ms must be a text/, /quotes/],
  ['topics:\n  - name: a\n    configs: [a]', /line 3: configs must be a map/, /indent/],
  ['topics:\n  - name: "a\n', /line 2: not valid YAML|line 3: not valid YAML/, /quotes/],
];
for (const [text, message, hint] of wrong) {
  test(`${JSON.stringify(text)} is wrong, and the line is named`, async () => {
    await assert.rejects(read(text), (error: Error & { kind: string; hint: string }) => {
      assert.equal(error.kind, 'usage');
      assert.match(error.message, message);
      assert.match(error.hint, hint);
      return true;
    });
  });
}

test('a topic in two files, or twice in one, is an error that names both places', async () => {
  const texts = { 'topics.yaml': 'topics:\n  - name: a', 'other.yaml': 'topics:\n\n  - name: a' };
  const files = await Promise.all(Object.entries(texts).map(([path, text]) => readDesired(text, path)));
  assert.throws(() => joined(files), {
    kind: 'usage',
    message: /^other\.yaml, line 3: .* is already at topics\.yaml, line 2/,
  });
});

test('an export says times and sizes as people do where that is exact, and quotes what others would misread', () => {
  const configs = [['retention.ms', '604800000'], ['max.message.bytes', '1048588'], ['segment.bytes', '1073741824'], ['flush.ms', '9223372036854775807'], ['retention.bytes', '-1'], ['x', 'true'], ['w', 'a,b'], ['z', '']] as const; // biome-ignore format: one line
  const text = topicsText([{ topic: '007', partitions: 1, replicationFactor: 2, configs: new Map(configs) }]);
  assert.equal(
    text,
    [
      'topics:',
      '  - name: "007"',
      '    partitions: 1',
      '    replicationFactor: 2',
      '    configs:',
      '      retention.ms: 7d',
      '      max.message.bytes: 1048588',
      '      segment.bytes: 1GiB',
      '      flush.ms: 9223372036854775807',
      '      retention.bytes: unlimited',
      '      x: "true"',
      '      w: "a,b"',
      '      z: ""',
      '',
    ].join('\n'),
  );
});

test('what is exported is read back as it was, whatever the names and values', async () => {
  const name = fc.stringMatching(/^[a-zA-Z0-9_-][a-zA-Z0-9._-]{0,20}$/);
  const config = fc.oneof(
    fc.constantFrom('retention.ms', 'segment.bytes', 'cleanup.policy', 'a.b'),
    fc.stringMatching(/^[a-z][a-z.]{0,12}$/),
  );
  const value = fc.oneof(fc.bigInt({ min: -1n, max: 2n ** 63n - 1n }).map(String), fc.string({ unit: 'binary' }));
  const topic: fc.Arbitrary<ExportedTopic> = fc.record({
    topic: name,
    partitions: fc.integer({ min: 1, max: 1000 }),
    replicationFactor: fc.integer({ min: 1, max: 9 }),
    configs: fc.dictionary(config, value).map((configs) => new Map(Object.entries(configs))),
  });
  await fc.assert(
    fc.asyncProperty(topic, async (exported) => {
      const [found] = await read(topicsText([exported]));
      const { topic: topicName, partitions, replicationFactor } = found!;
      assert.deepEqual(
        [topicName, partitions, replicationFactor],
        [exported.topic, exported.partitions, exported.replicationFactor],
      );
      // A value that reads like 7d for a config in ms is one: no broker has such a value.
      for (const [key, text] of exported.configs)
        if (!/^(forever|unlimited|[\d.]+\s*[a-z]+)/i.test(text.trim())) assert.equal(found!.configs.get(key), text);
    }),
    { numRuns: 300 },
  );
});

test('an alias without an anchor is an error with its line: it must not look like an empty list or map', async () => {
  await assert.rejects(read('topics: *nope'), {
    kind: 'usage',
    message: 'topics.yaml, line 1: the alias has no anchor before it',
  });
  for (const text of ['topics:\n  - name: a\n    configs: *nope', 'topics:\n  - name: a\n    configs:\n      *nope : 1'])
    await assert.rejects(read(text), { kind: 'usage', message: /line [34]: the alias has no anchor/ });
  const [a, b] = await read('topics:\n  - name: a\n    configs: &c {retention.ms: 1d}\n  - name: b\n    configs: *c');
  assert.deepEqual(b!.configs, a!.configs);
});
