/** More topics and partitions than Kafka's controller takes in one step (10,000 records of metadata): kt sends them in portions. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { testClusters } from '../support/clusters.ts';
import { ktOn } from '../support/kt-on.ts';

interface Outcome {
  readonly topic: string;
  readonly status: string;
  readonly error?: { readonly code: string; readonly hint: string };
}

for (const { version, bootstrapServers, program } of await testClusters()) {
  describe(`very many partitions on Kafka ${version}`, () => {
    const { run, done, newTopic } = ktOn({ bootstrapServers, program });
    const names = Array.from({ length: 2_000 }, (_, index) => `many-${randomUUID().slice(0, 8)}-${index}`);

    // The controller makes all records of a dry run too, and counts them.
    test('2,000 topics of five partitions in one command', async () => {
      const outcomes: readonly Outcome[] = JSON.parse(
        await done(['topics', 'create', ...names, '--partitions', '5', '--dry-run', '-o', 'json']),
      );
      assert.deepEqual(outcomes.map(({ topic, status }) => [topic, status]), names.map((name) => [name, 'valid'])); // biome-ignore format: rows
    });

    test('two topics that grow by 6,000 partitions each', async () => {
      const topics = [await newTopic(), await newTopic()];
      const outcomes: readonly Outcome[] = JSON.parse(
        await done(['topics', 'alter', ...topics, '--partitions', '6000', '--dry-run', '-o', 'json']),
      );
      assert.deepEqual(outcomes.map(({ topic, status }) => [topic, status]), topics.map((name) => [name, 'valid'])); // biome-ignore format: rows
    });

    test('a topic that would grow by more than the controller takes is refused before anything is done', async () => {
      const topic = await newTopic();
      const { code, stderr } = await run(['topics', 'alter', topic, '--partitions', '12000']);
      assert.equal(code, 3);
      assert.match(
        stderr,
        /not added \(too many at once\)\nhint: the controller takes fewer than 10,000 new partitions at once/,
      );
      const [described] = JSON.parse(await done(['topics', 'describe', topic, '-o', 'json']));
      assert.equal(described.partitions.length, 1);
    });

    test('one topic that is too large does not stop the others, and kt tells the way', async () => {
      const topics = ['small', 'large'].map((name) => `${name}-${randomUUID()}`);
      const file = `topics: [{name: ${topics[0]}, partitions: 1}, {name: ${topics[1]}, partitions: 12000}]`;
      const { code, stdout, stderr } = await run(['topics', 'apply', '-f', '-', '--dry-run', '-o', 'json'], file);
      assert.equal(code, 3, stderr);
      const outcomes: readonly Outcome[] = JSON.parse(stdout);
      const of = (name: string) => outcomes.find(({ topic }) => topic === name)!;
      assert.deepEqual([of(topics[0]!).status, of(topics[1]!).status], ['valid', 'failed'], stderr);
      assert.match(of(topics[1]!).error!.hint, /^the controller takes fewer than 10,000 new partitions at once/);
    });
  });
}
