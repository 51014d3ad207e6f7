/** `kt produce --dry-run` and `--rate`: what would be written, and how fast. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { testClusters } from '../support/clusters.ts';
import { type KtResult, kt as runKt } from '../support/kt.ts';

for (const [index, { version, bootstrapServers }] of (await testClusters()).entries()) {
  const program = index % 2 === 0 ? 'node' : 'binary';
  const env = { KT_BOOTSTRAP_SERVER: bootstrapServers };
  const kt = (args: readonly string[], stdin = ''): Promise<KtResult> => runKt(args, { program, env, stdin });

  async function newTopic(): Promise<string> {
    const topic = `trial-${randomUUID()}`;
    const created = await kt(['topics', 'create', topic, '--partitions', '3']);
    assert.equal(created.code, 0, created.stderr);
    return topic;
  }

  async function written(topic: string): Promise<{ value: string; timestamp: number }[]> {
    const { code, stdout, stderr } = await kt(['tail', topic, '--from-beginning', '-e', '-o', 'json']);
    assert.equal(code, 0, stderr);
    return stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  }

  test(`${version}, ${program}: a dry run reads and checks everything, and writes nothing`, async () => {
    const topic = await newTopic();
    const good = await kt(['produce', topic, '--dry-run', '-K', ':'], 'a:1\nb:22\nc:333\n');
    assert.deepEqual([good.code, good.stdout], [0, '']);
    assert.match(good.stderr, /^dry run: 3 records would be written to \S+ \([123] partitions?, 9B\)$/m);
    const broken = await kt(['produce', topic, '--dry-run', '-i', 'json'], '{"value":"a"}\n{"val');
    assert.equal(broken.code, 2);
    assert.match(broken.stderr, /^dry run: 1 record would be written /m);
    assert.match(broken.stderr, /^kt: line 2: not JSON/m);
    const noPartition = await kt(['produce', topic, '--dry-run', '--partition', '3', '-m', 'x']);
    assert.equal(noPartition.code, 3);
    const noTopic = await kt(['produce', `${topic}-not`, '--dry-run', '-m', 'x']);
    assert.equal(noTopic.code, 3);
    assert.match(noTopic.stderr, /unknown topic/);
    assert.deepEqual(await written(topic), []);
  });

  test(`${version}, ${program}: --allow-topic writes each record to the topic that it names`, async () => {
    const [main, other] = [await newTopic(), await newTopic()];
    const lines = [{ value: 'a' }, { topic: other, value: 'b' }, { topic: main, value: 'c' }, { topic: other, value: 'd' }];
    const input = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    const dry = await kt(['produce', main, '-i', 'json', '--allow-topic', '--dry-run'], input);
    assert.match(dry.stderr, /^dry run: 4 records would be written to 2 topics /m);
    const result = await kt(['produce', main, '-i', 'json', '--allow-topic'], input);
    assert.equal(result.code, 0, result.stderr);
    assert.match(result.stderr, /^4 records written to 2 topics /m);
    const values = async (topic: string) => (await written(topic)).map(({ value }) => value).sort();
    assert.deepEqual(
      [await values(main), await values(other)],
      [
        ['a', 'c'],
        ['b', 'd'],
      ],
    );

    const elsewhere = `${JSON.stringify({ topic: other, value: 'd' })}\n`;
    const only = await kt(['produce', main, '-i', 'json', '--allow-topic', '--dry-run'], elsewhere);
    assert.match(only.stderr, new RegExp(`^dry run: 1 record would be written to ${other} `, 'm'));

    const missing = `${other}-missing`;
    const broken = await kt(
      ['produce', main, '-i', 'json', '--allow-topic'],
      `{"value":"e"}\n{"topic":"${missing}","value":"f"}\n`,
    );
    assert.equal(broken.code, 2);
    assert.match(broken.stderr, new RegExp(`^kt: line 2: unknown topic ${missing} `, 'm'));
    assert.deepEqual(await values(main), ['a', 'c', 'e']);

    assert.equal((await kt(['produce', main, '-i', 'json'], input)).code, 0);
    assert.deepEqual(await values(other), ['b', 'd'], 'without the flag everything goes to the topic of the command');
    assert.equal((await kt(['produce', main, '--allow-topic', '-m', 'x'])).code, 2);
  });

  test(`${version}, ${program}: a rate spaces the records of one chunk of input evenly`, async () => {
    const topic = await newTopic();
    const lines = Array.from({ length: 21 }, (_, line) => `v${line}`);
    const result = await kt(['produce', topic, '--rate', '20/s', '--partition', '0'], `${lines.join('\n')}\n`);
    assert.equal(result.code, 0, result.stderr);
    const records = await written(topic);
    assert.deepEqual(
      records.map(({ value }) => value),
      lines,
    );
    // Stalls of a busy machine lengthen gaps; only a burst could make the whole shorter.
    const took = records.at(-1)!.timestamp - records[0]!.timestamp;
    assert.ok(took >= 950 && took < 30_000, `${took} ms for 20 gaps of 50 ms`);
    const halfway = records[10]!.timestamp - records[0]!.timestamp;
    assert.ok(halfway >= 450, `${halfway} ms for the first 10 gaps`);
  });
}
