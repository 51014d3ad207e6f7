/** Expressions that look right and are not, numbers that JavaScript cannot hold, and code that wants more than the record. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { testClusters } from '../support/clusters.ts';
import { asLines, ktOn, linesOf } from '../support/kt-on.ts';

for (const [index, cluster] of (await testClusters()).entries()) {
  const program = index === 0 ? 'binary' : 'node';
  describe(`filters on Kafka ${cluster.version}, ${program}`, () => {
    const { run, done, newTopic } = ktOn(cluster, program);
    const all = ['--from-beginning', '-e', '-o', 'value'];

    test('one = is refused with the comparison that was meant, before anything is printed', async () => {
      const topic = await newTopic();
      await done(['produce', topic], asLines(['{"id":1}', '{"id":2}']));
      const { code, stdout, stderr } = await run(['tail', topic, ...all, '--where', 'value.id = 1']);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, /^hint: did you mean value\.id === 1\?$/m);
      assert.deepEqual(linesOf(await done(['tail', topic, ...all, '--where', 'value.id === 1'])), ['{"id":1}']);
    });

    test('ids of 64 bits that differ in their last digit are different', async () => {
      const topic = await newTopic('--partitions', '1');
      const ids = ['{"id":1234567890123456788}', '{"id":1234567890123456789}'];
      await done(['produce', topic], asLines(ids));
      for (const literal of ['1234567890123456789', '1234567890123456789n'])
        assert.deepEqual(linesOf(await done(['tail', topic, ...all, '--where', `value.id === ${literal}`])), [ids[1]]);
      assert.deepEqual(linesOf(await done(['tail', topic, ...all, '--where', 'value.id < 1234567890123456789'])), [ids[0]]);
    });

    test('keys are filtered as --key-format shows them', async () => {
      const topic = await newTopic('--partitions', '1');
      await done(['produce', topic, '-K', ':', '--key-format', 'int64'], asLines(['7:seven', '9007199254740993:far']));
      const keyed = ['tail', topic, ...all, '--key-format', 'int64'];
      assert.deepEqual(linesOf(await done([...keyed, '--where', 'key === 9007199254740993n'])), ['far']);
      assert.deepEqual(linesOf(await done([...keyed, '--where', 'key > 0'])), ['seven', 'far']);
      assert.deepEqual(linesOf(await done([...keyed, '--key', '^7$'])), ['seven']);
    });

    test('an expression reaches nothing but the record', async () => {
      const topic = await newTopic();
      await done(['produce', topic, '-m', '{"id":1}']);
      for (const expression of [
        'process.env.HOME',
        'globalThis',
        'fetch("http://localhost")',
        'import("node:fs")',
        'value.constructor.constructor("return process")()',
        '(() => { for (;;) {} })()',
        'value); return true; (1',
      ]) {
        const { code, stdout } = await run(['tail', topic, ...all, '--where', expression]);
        // Refused; or an absent field, which is no reason to print the record.
        assert.deepEqual([code === 2 || code === 0, stdout], [true, ''], expression);
      }
    });
  });
}
