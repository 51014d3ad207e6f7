/** Where lines go: without a key over all partitions, with a key in the place of a separator nowhere. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { testClusters } from '../support/clusters.ts';
import { asLines, ktOn, linesOf, numbers } from '../support/kt-on.ts';

for (const [index, cluster] of (await testClusters()).entries()) {
  const program = index === 0 ? 'node' : 'binary';
  describe(`lines on Kafka ${cluster.version}, ${program}`, () => {
    const { run, done, newTopic } = ktOn(cluster, program);

    test('60,000 lines without keys are spread over all partitions', async () => {
      const topic = await newTopic('--partitions', '6');
      await done(['produce', topic], asLines(numbers(1, 60_000)));
      const counts = new Map<string, number>();
      for (const partition of linesOf(await done(['tail', topic, '--from-beginning', '-e', '-f', '%p\\n'])))
        counts.set(partition, (counts.get(partition) ?? 0) + 1);
      assert.equal(counts.size, 6);
      assert.ok(Math.max(...counts.values()) < 30_000, JSON.stringify([...counts]));
    });

    test('a record that the topic is too young for is refused with the configs that say so', async () => {
      const topic = await newTopic('--config', 'message.timestamp.after.max.ms=3600000');
      const future = String(Date.now() + 86_400_000);
      const { code, stderr } = await run(['produce', topic, '-m', 'x', '--timestamp', future]);
      assert.equal(code, 3, stderr);
      assert.match(stderr, /^hint: .*message\.timestamp\.after\.max\.ms/m);
    });

    test('a key given as the separator writes nothing, and the hint has the right option', async () => {
      const topic = await newTopic();
      const { code, stderr } = await run(['produce', topic, '-K', '123'], 'a:1\nb:2\n');
      assert.equal(code, 2);
      assert.match(stderr, /^kt: line 1: no key separator "123"$/m);
      assert.match(stderr, /^hint: .*-k 123 gives every record the key 123$/m);
    });
  });
}
