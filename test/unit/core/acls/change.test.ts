/** Rules are made and deleted one by one: each has its outcome, and one that fails does not hide the others. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAcls } from '../../../../src/core/acls/create.ts';
import { deleteAcls } from '../../../../src/core/acls/delete.ts';
import { everyRule, listAcls } from '../../../../src/core/acls/list.ts';
import type { AclRule } from '../../../../src/core/acls/rule.ts';
import { wireRule } from '../../../../src/core/acls/wire.ts';
import { fakeCluster } from '../../../support/fake-cluster.ts';

const read: AclRule = {
  ...{ resourceType: 'TOPIC', resourceName: 'orders', patternType: 'LITERAL' },
  ...{ principal: 'User:alice', host: '*', operation: 'READ', permission: 'ALLOW' },
};
const write: AclRule = { ...read, operation: 'WRITE' };
const denied: AclRule = { ...read, principal: 'User:bob', permission: 'DENY' };

type Wire = ReturnType<typeof wireRule>;

/** A cluster with these rules; what makes it refuse a rule is the principal `User:bob`. */
function cluster(there: readonly AclRule[]) {
  let rules: Wire[] = there.map(wireRule);
  const refuses = ({ principal }: Pick<Wire, 'principal'>) => principal === 'User:bob';
  return fakeCluster({
    answers: {
      DescribeAcls: (filter) => ({
        errorCode: 0,
        errorMessage: null,
        resources: rules
          .filter(({ resourceName }) => [null, resourceName].includes(filter.resourceNameFilter))
          .map(({ resourcePatternType: patternType, ...rule }) => ({ ...rule, patternType, acls: [rule] })),
      }),
      CreateAcls: ({ creations }: { creations: Wire[] }) => {
        rules = [...rules, ...creations.filter((rule) => !refuses(rule))];
        return { results: creations.map((rule) => ({ errorCode: refuses(rule) ? 42 : 0, errorMessage: 'not for bob' })) };
      },
      // biome-ignore lint/suspicious/noExplicitAny: a filter of the request.
      DeleteAcls: ({ filters }: { filters: any[] }) => ({
        filterResults: filters.map((filter) => {
          const found = rules.filter(
            (rule) => rule.principal === filter.principalFilter && rule.operation === filter.operation && !refuses(rule),
          );
          rules = rules.filter((rule) => !found.includes(rule));
          const matchingAcls = found.map((rule) => ({ ...rule, errorCode: 0, errorMessage: null }));
          const refused = filter.principalFilter === 'User:bob';
          return { errorCode: refused ? 31 : 0, errorMessage: null, matchingAcls };
        }),
      }),
    },
  });
}

test('a rule that is there already exists; a refused one says why; the others are created', async () => {
  const asked = cluster([read]);
  const outcomes = await createAcls(asked, [read, write, denied, write], false);
  assert.deepEqual(
    outcomes.map(({ operation, principal, status }) => `${operation} ${principal} ${status}`),
    ['READ User:alice exists', 'WRITE User:alice created', 'READ User:bob failed'],
  );
  assert.equal(outcomes[2]!.error!.message, 'DENY READ on TOPIC orders to User:bob not created (not for bob)');
  assert.equal((await listAcls(asked, [everyRule])).length, 2);
});

test('a dry run creates nothing', async () => {
  const asked = cluster([read]);
  const outcomes = await createAcls(asked, [read, write], true);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['exists', 'valid'],
  );
  assert.ok(asked.sent.every(({ api }) => api === 'DescribeAcls'));
});

test('many resources are looked up in one request', async () => {
  const asked = cluster([]);
  const rules = Array.from({ length: 60 }, (_, index) => ({ ...read, resourceName: `t${index}` }));
  await createAcls(asked, rules, true);
  assert.equal(asked.sent.length, 1);
});

test('deleting takes exactly the rules that are named; one that is gone is absent, a refused one failed', async () => {
  const asked = cluster([read, write, { ...write, principal: 'User:carol' }]);
  const outcomes = await deleteAcls(asked, [write, { ...read, operation: 'ALTER' }, denied]);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['deleted', 'absent', 'failed'],
  );
  assert.match(outcomes[2]!.error!.message, /not deleted \(no permission: ALTER on the cluster\)/);
  assert.deepEqual(
    (await listAcls(asked, [everyRule])).map(({ principal, operation }) => `${principal} ${operation}`),
    ['User:alice READ', 'User:carol WRITE'],
  );
});

test('without an authorizer, and without permission, the reason is named', async () => {
  const refusing = (errorCode: number) =>
    fakeCluster({
      answers: { DescribeAcls: () => ({ errorCode, errorMessage: 'No Authorizer is configured.', resources: [] }) },
    });
  await assert.rejects(listAcls(refusing(54), [everyRule]), /the brokers have no authorizer/);
  await assert.rejects(listAcls(refusing(31), [everyRule]), /no permission: DESCRIBE on the cluster/);
});
