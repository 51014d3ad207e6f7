/** `kt lag` costs requests by brokers, not by groups: counted in `-v`'s trace, on a cluster with no other groups. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownCluster } from '../support/clusters.ts';
import { commitOffsets } from '../support/group-offsets.ts';
import { opener } from '../support/group-readers.ts';
import { ktOn } from '../support/kt-on.ts';

const partitions = 20;

test('50 and 500 groups of 20 partitions take the same requests, even with --seconds', { timeout: 400_000 }, async (t) => {
  const local = await ownCluster(t, { kafkaVersion: '4.3.1' });
  const { done, run, newTopic } = ktOn(local);
  const topic = await newTopic('--partitions', String(partitions));
  for (let partition = 0; partition < partitions; partition++)
    await done(['produce', topic, '--partition', String(partition)], 'x\n'.repeat(5));
  const cluster = await opener(local.bootstrapServers)();
  t.after(() => cluster.close());

  const offsets = Object.fromEntries(Array.from({ length: partitions }, (_, partition) => [partition, 3]));
  const addGroups = async (from: number, to: number) => {
    for (let group = from; group < to; group += 50) {
      const names = Array.from({ length: 50 }, (_, index) => `group-${group + index}`);
      await Promise.all(names.map((name) => commitOffsets(cluster, name, topic, offsets)));
    }
  };
  /** Names of the requests, sorted. */
  const requests = async (groups: number, ...options: readonly string[]) => {
    const { code, stdout, stderr } = await run(['lag', '--all', '-o', 'json', '-v', ...options]);
    assert.equal(code, 0, stderr);
    const lags: { lag: number }[] = JSON.parse(stdout);
    assert.deepEqual([lags.length, lags.reduce((sum, { lag }) => sum + lag, 0)], [groups, groups * partitions * 2]);
    const names = stderr.split('\n').flatMap((line) => /\b([A-Z][A-Za-z]+) v\d+/.exec(line)?.[1] ?? []);
    assert.ok(names.includes('OffsetFetch'), stderr);
    return names.sort();
  };
  await addGroups(0, 50);
  const [few, fewSeconds] = [await requests(50), await requests(50, '--seconds')];
  await addGroups(50, 500);
  const [many, manySeconds] = [await requests(500), await requests(500, '--seconds')];
  assert.deepEqual(many, few);
  assert.deepEqual(manySeconds, fewSeconds);
  t.diagnostic(few.join(' '));
});
