/** Times that producers wrote in other units, and logs whose newest record is gone. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { testClusters } from '../support/clusters.ts';
import { asLines, keptForever, ktOn, numbers } from '../support/kt-on.ts';

const nanoseconds = '1795766984000000123';
const anyTime = ['--config', 'message.timestamp.after.max.ms=9223372036854775807', ...keptForever];

for (const cluster of await testClusters()) {
  describe(`times at the edges on Kafka ${cluster.version}`, { concurrency: 4 }, () => {
    const { run, done, newTopic } = ktOn(cluster);

    test('nanoseconds are shown as they are in every view, and hide no other partition', async () => {
      const topic = await newTopic('--partitions', '2', ...anyTime);
      await done(['produce', topic, '--partition', '0', '-i', 'json'], `{"value":"n","timestamp":${nanoseconds}}\n`);
      await done(['produce', topic, '--partition', '1', '--timestamp', '30000', '-m', 'x']);
      for (const at of ['max-timestamp', '@20000']) {
        for (const view of ['table', 'wide', 'csv', 'yaml', 'json']) {
          const text = await done(['topics', 'offsets', topic, '--at', at, '-o', view]);
          assert.match(text, new RegExp(`\\b${nanoseconds}\\b`), `${at} ${view}`);
          assert.match(text, /1970-01-01T00:00:30\.000Z|30000/, `${at} ${view}`);
        }
      }
      const tail = ['tail', topic, '--from-beginning', '-e', '-p', '0'];
      assert.match(await done([...tail, '-o', 'json']), new RegExp(`"timestamp":${nanoseconds},`));
      assert.match(await done([...tail, '-o', 'pretty']), new RegExp(nanoseconds));
      assert.equal(await done([...tail, '-f', '%T\n']), `${nanoseconds}\n`);
    });

    test('a log that was emptied has no newest record', async () => {
      const topic = await newTopic('--partitions', '1');
      await done(['produce', topic], asLines(numbers(1, 900)));
      await done(['topics', 'delete-records', topic, '--before', 'end', '--yes']);
      const [newest] = JSON.parse(await done(['topics', 'offsets', topic, '--at', 'max-timestamp', '-o', 'json']));
      assert.deepEqual([newest.offset, newest.timestamp], [null, null]);
    });

    test('a deleted record is never called the newest of those that are left', async () => {
      const topic = await newTopic('--partitions', '1', ...keptForever);
      await done(['produce', topic, '--timestamp', '90000', '-m', 'young']);
      await done(['produce', topic, '--timestamp', '30000', '-m', 'old']);
      await done(['topics', 'delete-records', topic, '--before', '1', '--yes']);
      const { code, stdout, stderr } = await run(['topics', 'offsets', topic, '--at', 'max-timestamp', '-o', 'json']);
      const [{ offset }] = JSON.parse(stdout);
      // Where the broker names what is left, that is right too.
      if (code === 0) assert.equal(offset, 1);
      else {
        assert.deepEqual([code, offset], [3, null]);
        assert.match(stderr, /the broker names offset 0, which is deleted/);
      }
    });

    test('within a partition the highest offsets are the last, whatever their timestamps', async () => {
      const topic = await newTopic('--partitions', '1', ...keptForever);
      await done(['produce', topic, '-m', 'live']);
      await done(['produce', topic, '-m', 'backfilled', '--timestamp', '2026-01-01T00:00:00Z']);
      assert.equal(await done(['tail', topic, '--last', '1']), 'backfilled\n');
      assert.equal(await done(['tail', topic, '--last', '2']), 'live\nbackfilled\n');
      await done(['produce', topic, '--timestamp', '2026-01-01T00:00:00Z'], asLines(numbers(1, 120)));
      assert.equal(await done(['tail', topic, '--last', '3']), '118\n119\n120\n');
    });
  });
}
