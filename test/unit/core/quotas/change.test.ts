/** Quotas of one entity change; nothing else does. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deleteQuotas, setQuotas } from '../../../../src/core/quotas/change.ts';
import { entityText } from '../../../../src/core/quotas/entity.ts';
import { listQuotas, quotasOf } from '../../../../src/core/quotas/list.ts';
import { fakeCluster } from '../../../support/fake-cluster.ts';

/** `alice` has two quotas, and one with the default client id. */
function cluster(errorCode = 0) {
  const quotas = new Map<string, Map<string, number>>([
    [
      'user=alice',
      new Map([
        ['producer_byte_rate', 10],
        ['request_percentage', 50],
      ]),
    ],
    ['user=alice,client-id=', new Map([['producer_byte_rate', 1]])],
    ['user=alice,newer=x', new Map([['producer_byte_rate', 2]])],
  ]);
  type Part = { entityType: string; entityName: string | null };
  const keyOf = (entity: Part[]) => entity.map((part) => `${part.entityType}=${part.entityName ?? ''}`).join();
  const entityOf = (key: string) =>
    key.split(',').map((part) => ({ entityType: part.split('=')[0], entityName: part.split('=')[1] || null }));
  return fakeCluster({
    answers: {
      DescribeClientQuotas: ({ components }) => ({
        errorCode: errorCode === 31 ? 31 : 0,
        errorMessage: null,
        entries: [...quotas]
          .filter(([key]) =>
            components.every(({ entityType, match }: { entityType: string; match: string | null }) =>
              key.includes(`${entityType}=${match ?? ''}`),
            ),
          )
          .map(([key, values]) => ({
            entity: entityOf(key),
            values: [...values].map(([name, value]) => ({ key: name, value })),
          })),
      }),
      AlterClientQuotas: ({ entries: [entry], validateOnly }) => {
        const values = quotas.get(keyOf(entry.entity)) ?? new Map();
        if (errorCode === 0 && !validateOnly) {
          for (const { key, value, remove } of entry.ops)
            if (remove) values.delete(key);
            else values.set(key, value);
          quotas.set(keyOf(entry.entity), values);
        }
        return { entries: [{ errorCode, errorMessage: 'no', entity: entry.entity }] };
      },
    },
  });
}

test('setting keeps what is not named; the same once more changes nothing', async () => {
  const asked = cluster();
  const set = await setQuotas(asked, { user: 'alice' }, { producer_byte_rate: 20 }, false);
  assert.deepEqual(set, {
    entity: { user: 'alice' },
    quotas: { producer_byte_rate: 20, request_percentage: 50 },
    status: 'set',
  });
  assert.equal((await setQuotas(asked, { user: 'alice' }, { producer_byte_rate: 20 }, false)).status, 'unchanged');
  assert.deepEqual(await quotasOf(asked, { user: 'alice', clientId: null }), { producer_byte_rate: 1 });
});

test('dry runs change nothing; a refusal is the outcome', async () => {
  const asked = cluster();
  assert.equal((await setQuotas(asked, { user: 'bob' }, { producer_byte_rate: 20 }, true)).status, 'valid');
  assert.deepEqual(await quotasOf(asked, { user: 'bob' }), {});
  const refused = await setQuotas(cluster(42), { user: 'alice' }, { producer_byte_rate: 20 }, false);
  assert.equal(refused.status, 'failed');
  assert.equal(refused.error!.message, 'quotas of user alice not set (no)');
  await assert.rejects(listQuotas(cluster(31)), /no permission: DESCRIBE_CONFIGS on the cluster/);
});

test('deleting takes what is named and leaves the rest', async () => {
  const asked = cluster();
  const before = { entity: { user: 'alice' }, quotas: await quotasOf(asked, { user: 'alice' }) };
  assert.equal((await deleteQuotas(asked, before, ['consumer_byte_rate'], false)).status, 'absent');
  assert.equal((await deleteQuotas(asked, before, ['producer_byte_rate'], true)).status, 'valid');
  const deleted = await deleteQuotas(asked, before, ['producer_byte_rate'], false);
  assert.deepEqual([deleted.status, deleted.quotas], ['deleted', { request_percentage: 50 }]);
  assert.deepEqual(await quotasOf(asked, { user: 'alice' }), { request_percentage: 50 });
});

test('entities in words; one with a part newer than kt is left out, which is told', async () => {
  const leftOut: (readonly string[])[] = [];
  const texts = (await listQuotas(cluster(), {}, (types) => leftOut.push(types))).map(({ entity }) => entityText(entity));
  assert.deepEqual(leftOut, [['user', 'newer']]);
  assert.deepEqual(texts, ['user alice', 'user alice, default client id']);
  assert.equal(entityText({ ip: '10.0.0.1' }), 'IP 10.0.0.1');
});
