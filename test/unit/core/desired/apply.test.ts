/** A plan for rules, users and quotas: what is created, changed, deleted, left alone and held back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AclRule } from '../../../../src/core/acls/rule.ts';
import { wireRule } from '../../../../src/core/acls/wire.ts';
import { applyPlan, checkPlan, type Outcome } from '../../../../src/core/desired/apply.ts';
import { doomedOf, makePlan, type Plan } from '../../../../src/core/desired/plan.ts';
import { readDesired } from '../../../../src/core/desired/read.ts';
import { wireEntity } from '../../../../src/core/quotas/entity.ts';
import { type FakeCluster, fakeCluster } from '../../../support/fake-cluster.ts';

const readOrders: AclRule = {
  ...{ resourceType: 'TOPIC', resourceName: 'orders', patternType: 'LITERAL' },
  ...{ principal: 'User:alice', host: '*', operation: 'READ', permission: 'ALLOW' },
};

/** Alice may read and write orders, and read payments; she has two passwords, and two quotas; `refusal` is the answer to new rules. */
function world(refusal = 0): FakeCluster {
  const rules = [readOrders, { ...readOrders, operation: 'WRITE' as const }, { ...readOrders, resourceName: 'payments' }].map(
    wireRule,
  );
  return fakeCluster({
    timeoutMs: 1,
    answers: {
      DescribeAcls: (filter) => ({
        errorCode: 0,
        errorMessage: null,
        resources: rules
          .filter(({ resourceName }) => [null, resourceName].includes(filter.resourceNameFilter))
          .map(({ resourcePatternType: patternType, ...rule }) => ({ ...rule, patternType, acls: [rule] })),
      }),
      CreateAcls: ({ creations }: { creations: unknown[] }) => ({
        results: creations.map(() => ({ errorCode: refusal, errorMessage: 'no' })),
      }),
      DeleteAcls: ({ filters }: { filters: unknown[] }) => ({
        filterResults: filters.map(() => ({ errorCode: 0, errorMessage: null, matchingAcls: [{ errorCode: 0 }] })),
      }),
      DescribeUserScramCredentials: () => ({
        ...{ errorCode: 0, errorMessage: null },
        results: [{ user: 'alice', errorCode: 0, errorMessage: null, credentialInfos: [1, 2, 9].map((mechanism) => ({ mechanism, iterations: 4096 })) }], // biome-ignore format: one line
      }),
      AlterUserScramCredentials: () => ({ results: [{ user: 'alice', errorCode: 0, errorMessage: null }] }),
      DescribeClientQuotas: () => ({
        ...{ errorCode: 0, errorMessage: null },
        entries: [{ entity: wireEntity({ user: 'alice' }), values: [{ key: 'producer_byte_rate', value: 10 }, { key: 'request_percentage', value: 50 }] }], // biome-ignore format: one line
      }),
      AlterClientQuotas: () => ({ entries: [{ errorCode: 0, errorMessage: null }] }),
    },
  });
}

async function plan(text: string, prune = false, cluster = world()): Promise<Plan> {
  return makePlan(cluster, await readDesired(text, 'access.yaml'), { prune, isCheck: false });
}

function line(outcome: Outcome): string {
  const { action, status, error } = outcome;
  const what =
    outcome.subject === 'acl'
      ? `${outcome.operation} ${outcome.resourceName} ${outcome.principal}`
      : outcome.subject === 'user'
        ? `${outcome.user} ${outcome.mechanism}`
        : outcome.subject === 'quota'
          ? `${JSON.stringify(outcome.entity)} ${outcome.changes.map(({ name, before, after }) => `${name} ${before}→${after}`)}`
          : outcome.topic;
  return `${action} ${what}: ${status}${error ? ` (${error.kind})` : ''}`;
}

const sent = (cluster: FakeCluster) => cluster.sent.map(({ api }) => api).filter((api) => !api.startsWith('Describe'));

const acls =
  'acls:\n  - {principal: User:alice, resourceType: TOPIC, resourceName: orders, operations: [READ]}\n  - {principal: User:bob, resourceType: TOPIC, resourceName: orders, operations: [READ]}\n';

test('rules of the resources that a file names are compared, others not even looked at', async () => {
  const left = ['none READ orders User:alice', 'create READ orders User:bob', 'unmanaged WRITE orders User:alice'];
  const statuses = ['unchanged', 'planned', 'unmanaged'];
  const compared = await plan(acls);
  assert.deepEqual(checkPlan(compared).map(line).sort(), left.map((each, at) => `${each}: ${statuses[at]}`).sort());
  assert.deepEqual(doomedOf(compared), { topics: [], acls: [], users: [], quotas: [] });
  const cluster = world();
  const pruned = await plan(acls, true, cluster);
  assert.deepEqual(
    doomedOf(pruned).acls.map(({ operation, resourceName }) => [operation, resourceName]),
    [['WRITE', 'orders']],
  );
  const outcomes = await applyPlan(cluster, pruned, { dryRun: false });
  assert.deepEqual(outcomes.map(line).sort(), [
    'create READ orders User:bob: applied',
    'delete WRITE orders User:alice: applied',
    'none READ orders User:alice: unchanged',
  ]);
  assert.deepEqual(sent(cluster), ['CreateAcls', 'DeleteAcls']);
});

test('a section that is in no file asks the cluster nothing', async () => {
  const cluster = world();
  await plan(acls, true, cluster);
  assert.deepEqual(new Set(cluster.sent.map(({ api }) => api)), new Set(['DescribeAcls']));
  assert.equal((await plan('topics: []\nusers: []\nquotas: []\nacls: []')).topics!.topics.length, 0);
});

test('a user is there with the passwords that a file names; others go with --prune, except those newer than kt', async () => {
  const text = 'users:\n  - {name: alice, mechanisms: [SCRAM-SHA-512]}\n';
  const left = ['unmanaged alice SCRAM-SHA-256', 'none alice SCRAM-SHA-512', 'unmanaged alice UNKNOWN_9'];
  const statuses = ['unmanaged', 'unchanged', 'unmanaged'];
  assert.deepEqual(checkPlan(await plan(text)).map(line), left.map((each, at) => `${each}: ${statuses[at]}`)); // biome-ignore format: one line
  const cluster = world();
  const outcomes = await applyPlan(cluster, await plan(text, true, cluster), { dryRun: false });
  assert.equal(outcomes.map(line)[0], 'delete alice SCRAM-SHA-256: applied');
  assert.deepEqual(cluster.sent.find(({ api }) => api === 'AlterUserScramCredentials')!.body.deletions, [
    { name: 'alice', mechanism: 1 },
  ]);
  assert.deepEqual(checkPlan(await plan('users: [{name: alice}]')).map(line), ['none alice null: unchanged']);
});

test('a user who is missing is a difference; applying says how to make one, and holds back what would be deleted', async () => {
  const text = `users:\n  - {name: bob, mechanisms: SCRAM-SHA-256}\n  - {name: it's carol}\n${acls}quotas: [{user: alice, producer_byte_rate: 10}]\n`;
  const cluster = world();
  const compared = await plan(text, true, cluster);
  const missing = checkPlan(compared).filter(({ subject }) => subject === 'user');
  assert.deepEqual(missing.map(line), ['create bob SCRAM-SHA-256: planned (check)', "create it's carol null: planned (check)"]);
  assert.deepEqual(
    missing.map(({ error }) => error!.hint),
    ['kt users set bob --mechanism SCRAM-SHA-256', "kt users set 'it'\\''s carol'"],
  );
  assert.match(missing[0]!.error!.message, /user bob has no SCRAM-SHA-256 password \(a file cannot give it one\)/);
  assert.deepEqual(doomedOf(compared), { topics: [], acls: [], users: [], quotas: [] });
  const outcomes = await applyPlan(cluster, compared, { dryRun: false });
  assert.deepEqual(outcomes.map(line).sort(), [
    'change {"user":"alice"} request_percentage 50→null: failed (refused)',
    'create READ orders User:bob: applied',
    'create bob SCRAM-SHA-256: failed (refused)',
    "create it's carol null: failed (refused)",
    'delete WRITE orders User:alice: failed (refused)',
    'none READ orders User:alice: unchanged',
  ]);
  assert.deepEqual(sent(cluster), ['CreateAcls']);
});

test('nothing is deleted when a rule could not be made', async () => {
  const cluster = world(42);
  const outcomes = await applyPlan(cluster, await plan(acls, true, cluster), { dryRun: false });
  const failed = outcomes.filter(({ status }) => status === 'failed');
  assert.deepEqual(failed.map(({ error }) => error!.message).sort(), [
    'ALLOW READ on TOPIC orders to User:bob not created (no)',
    'ALLOW WRITE on TOPIC orders to User:alice not deleted (not all else could be changed to match the files)',
  ]);
});

test('quotas of the entities that a file names are set; with --prune those that it does not name go', async () => {
  const text =
    'quotas:\n  - {user: alice, producer_byte_rate: 1MiB}\n  - {user: alice, clientId: null, consumer_byte_rate: 1MiB}\n';
  const compared = await plan(text);
  assert.deepEqual(checkPlan(compared).map(line), [
    'change {"user":"alice"} producer_byte_rate 10→1048576: planned',
    'create {"user":"alice","clientId":null} consumer_byte_rate null→1048576: planned',
  ]);
  assert.deepEqual(compared.quotas[0]!.unmanaged, { request_percentage: 50 });
  const cluster = world();
  const pruned = await plan(text, true, cluster);
  assert.deepEqual(doomedOf(pruned).quotas.length, 1);
  await applyPlan(cluster, pruned, { dryRun: false });
  assert.deepEqual(
    cluster.sent.filter(({ api }) => api === 'AlterClientQuotas').map(({ body }) => body.entries[0].ops),
    [
      [{ key: 'producer_byte_rate', value: 1_048_576, remove: false }],
      [{ key: 'consumer_byte_rate', value: 1_048_576, remove: false }],
      [{ key: 'request_percentage', value: 0, remove: true }],
    ],
  );
});

test('a dry run lets the cluster check what it can, and changes nothing', async () => {
  const cluster = world();
  const text = `${acls}quotas: [{user: alice, producer_byte_rate: 1}]\nusers: [{name: alice, mechanisms: SCRAM-SHA-512}]`;
  const outcomes = await applyPlan(cluster, await plan(text, true, cluster), { dryRun: true });
  assert.ok(outcomes.every(({ status }) => ['valid', 'unchanged', 'unmanaged'].includes(status)));
  const changing = cluster.sent.filter(({ api }) => !api.startsWith('Describe'));
  assert.ok(changing.length > 0 && changing.every(({ api, body }) => api === 'AlterClientQuotas' && body.validateOnly));
});
