/** A group that reads committed records only and stands before an open transaction: its lag does not fall, and nothing is wrong with it. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import type { Cluster } from '../../src/kafka/cluster.ts';
import { testClusters } from '../support/clusters.ts';
import { commitOffsets } from '../support/group-offsets.ts';
import { opener } from '../support/group-readers.ts';
import { ktOn } from '../support/kt-on.ts';
import { until } from '../support/until.ts';

for (const { version, bootstrapServers, program } of await testClusters()) {
  describe(`lag behind an open transaction on Kafka ${version}`, () => {
    const { run, done, newTopic, start } = ktOn({ bootstrapServers, program });
    let cluster: Cluster;
    before(async () => {
      cluster = await opener(bootstrapServers)();
    });
    after(() => cluster.close());

    test('a group that committed after the last record, before the marker of an earlier transaction, waits as well', async (t) => {
      const [topic, id] = [await newTopic(), `payments-${randomUUID()}`];
      await done(['produce', topic, '--transactional-id', `earlier-${id}`], 'x\n'.repeat(3));
      const producer = start(t, ['produce', topic, '--transactional-id', id]);
      producer.child.stdin.write('y\n'.repeat(200_000));
      const [held, slow] = [`held-${randomUUID()}`, `slow-${randomUUID()}`];
      await commitOffsets(cluster, held, topic, { 0: 3 });
      await commitOffsets(cluster, slow, topic, { 0: 2 });
      const rowOf = async (group: string) => JSON.parse(await done(['lag', group, '-o', 'json']))[0].partitions[0];
      await until(async () => (await rowOf(held)).lag > 1, 'records of the open transaction');
      const { status, transaction } = await rowOf(held);
      assert.deepEqual([status, transaction.transactionalId, transaction.startOffset], ['open-transaction', id, 4]);
      assert.equal((await rowOf(slow)).status, undefined);
    });

    test('kt names the producer until the transaction ends; the check counts the records all the time', async (t) => {
      const [topic, id] = [await newTopic(), `payments-${randomUUID()}`];
      await done(['produce', topic], 'x\n'.repeat(3));
      const startedAt = Date.now();
      const producer = start(t, ['produce', topic, '--transactional-id', id]);
      producer.child.stdin.write('y\n'.repeat(200_000));
      const held = await commitOffsets(cluster, `held-${randomUUID()}`, topic, { 0: 3 });
      const [slow, ahead] = [`slow-${randomUUID()}`, `ahead-${randomUUID()}`];
      await commitOffsets(cluster, slow, topic, { 0: 1 });
      await commitOffsets(cluster, ahead, topic, { 0: 4 });
      const rowOf = async (group: string, ...options: readonly string[]) =>
        JSON.parse(await done(['lag', group, '-o', 'json', ...options]))[0].partitions[0];
      await until(async () => (await rowOf(held)).lag > 0, 'records of the open transaction');

      const { status, lag, transaction } = await rowOf(held);
      assert.deepEqual(
        [status, lag > 0, transaction.transactionalId, transaction.startOffset],
        ['open-transaction', true, id, 3],
      );
      assert.ok(Number.isInteger(transaction.producerId) && transaction.producerEpoch >= 0, JSON.stringify(transaction));
      assert.ok(transaction.lastTimestamp >= startedAt && transaction.lastTimestamp <= Date.now());
      const { producerId, producerEpoch } = transaction;
      const told = `producer ${producerId}, epoch ${producerEpoch}, transactional id ${id}`;
      assert.ok((await done(['lag', held])).includes(`open transaction:  ${told}`), await done(['lag', held]));
      assert.ok((await done(['groups', 'describe', held])).includes(told));
      assert.match(
        await done(['lag', held, '-o', 'prometheus']),
        new RegExp(`^kt_consumergroup_open_transaction\\{.*producer_id="${producerId}",transactional_id="${id}"\\} 1$`, 'm'),
      );
      const checked = await run(['lag', held, '--max-lag', '0']);
      assert.equal(checked.code, 1);
      assert.ok(checked.stderr.includes(`behind an open transaction of ${told})`), checked.stderr);

      // A group that has more to read before the transaction, or reads inside it, is behind for its own reasons.
      for (const group of [slow, ahead]) assert.equal((await rowOf(group)).status, undefined);
      const committed = await rowOf(held, '--isolation', 'read_committed');
      assert.deepEqual([committed.lag, committed.status], [0, undefined]);

      producer.child.stdin.end();
      assert.equal((await producer.ended).code, 0);
      const free = await rowOf(held);
      assert.deepEqual([free.status, free.transaction, free.lag > 200_000], [undefined, undefined, true]);
      assert.equal((await run(['lag', held, '--max-lag', '0'])).code, 1);
    });
  });
}
