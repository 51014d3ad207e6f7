/** Whoever asks who may do something gets the answer that Kafka's authorizer would give. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { AclRule, Operation } from '../../../../src/core/acls/rule.ts';
import { bearingOn, verdictsOn, whoCan } from '../../../../src/core/acls/who-can.ts';

const usual: AclRule = {
  ...{ resourceType: 'TOPIC', resourceName: 'orders', patternType: 'LITERAL' },
  ...{ principal: 'User:alice', host: '*', operation: 'READ', permission: 'ALLOW' },
};
const read = { operation: 'READ', resourceType: 'TOPIC', resourceName: 'orders' } as const;

function rowsOf(operation: Operation, ...rules: readonly Partial<AclRule>[]): string[] {
  const whole = rules.map((rule) => ({ ...usual, ...rule }));
  return whoCan(bearingOn({ ...read, operation }, whole)).map(
    ({ principal, host, permission, rules }) => `${permission} ${principal} ${host} by ${rules.length}`,
  );
}

test('a rule that allows is an answer; one on another resource, type or operation is none', () => {
  assert.deepEqual(rowsOf('READ', {}), ['ALLOW User:alice * by 1']);
  assert.deepEqual(rowsOf('WRITE', {}), []);
  assert.deepEqual(rowsOf('READ', { resourceName: 'order' }, { resourceType: 'GROUP' }), []);
});

test('literal, prefix and * apply; a prefix is not cut short, and * as a prefix is a star', () => {
  assert.deepEqual(rowsOf('READ', { resourceName: 'ord', patternType: 'PREFIXED' }), ['ALLOW User:alice * by 1']);
  assert.deepEqual(rowsOf('READ', { resourceName: '*' }), ['ALLOW User:alice * by 1']);
  assert.deepEqual(rowsOf('READ', { resourceName: 'orders2', patternType: 'PREFIXED' }), []);
  assert.deepEqual(rowsOf('READ', { resourceName: '*', patternType: 'PREFIXED' }), []);
});

test('what is allowed implies DESCRIBE; what is denied does not', () => {
  for (const operation of ['READ', 'WRITE', 'DELETE', 'ALTER', 'ALL'] as const)
    assert.deepEqual(rowsOf('DESCRIBE', { operation }), ['ALLOW User:alice * by 1'], operation);
  assert.deepEqual(rowsOf('DESCRIBE', { operation: 'CREATE' }), []);
  assert.deepEqual(rowsOf('DESCRIBE_CONFIGS', { operation: 'ALTER_CONFIGS' }), ['ALLOW User:alice * by 1']);
  assert.deepEqual(rowsOf('DESCRIBE', { operation: 'DESCRIBE' }, { permission: 'DENY' }), ['ALLOW User:alice * by 1']);
});

test('one rule that denies outweighs all that allow, also one for everybody, or for all operations', () => {
  const allowed = [{}, { resourceName: '*' }, { operation: 'ALL' }] as const;
  assert.deepEqual(rowsOf('READ', ...allowed, { permission: 'DENY' }), ['DENY User:alice * by 1']);
  assert.deepEqual(rowsOf('READ', ...allowed, { permission: 'DENY', principal: 'User:*', operation: 'ALL' }), [
    'DENY User:* * by 1',
    'DENY User:alice * by 1',
  ]);
});

test('hosts where the answer is another have rows of their own', () => {
  const rows = rowsOf('READ', {}, { permission: 'DENY', host: '10.0.0.1' }, { principal: 'User:bob', host: '10.0.0.2' });
  assert.deepEqual(rows, ['ALLOW User:alice * by 1', 'DENY User:alice 10.0.0.1 by 1', 'ALLOW User:bob 10.0.0.2 by 1']);
  const all = bearingOn(read, [{ ...usual, host: '10.0.0.1' }]);
  assert.deepEqual(
    verdictsOn(all, 'User:alice').map(({ host, permission }) => [host, permission]),
    [
      ['*', 'DENY'],
      ['10.0.0.1', 'ALLOW'],
    ],
  );
});

// The other way to the same answers: each rule is spelled out as all the actions it is about, in a small world.
const world = {
  principals: ['User:alice', 'User:bob', 'Robot:r2'],
  hosts: ['10.0.0.1', '10.0.0.2'],
  names: ['a', 'ab', 'b', '*'],
  operations: ['READ', 'WRITE', 'CREATE', 'DELETE', 'ALTER', 'DESCRIBE', 'DESCRIBE_CONFIGS', 'ALTER_CONFIGS'] as const,
};
const impliedBy: Readonly<Record<string, readonly string[]>> = {
  READ: ['READ', 'DESCRIBE'],
  WRITE: ['WRITE', 'DESCRIBE'],
  DELETE: ['DELETE', 'DESCRIBE'],
  ALTER: ['ALTER', 'DESCRIBE'],
  ALTER_CONFIGS: ['ALTER_CONFIGS', 'DESCRIBE_CONFIGS'],
};

function spelledOut(rule: AclRule): string[] {
  const { permission, operation } = rule;
  const alone = operation === 'ALL' ? world.operations : [operation];
  const operations = permission === 'ALLOW' && operation !== 'ALL' ? (impliedBy[operation] ?? alone) : alone;
  const principals = rule.principal === 'User:*' ? world.principals : [rule.principal];
  const hosts = rule.host === '*' ? world.hosts : [rule.host];
  const literal = rule.resourceName === '*' ? world.names : [rule.resourceName];
  const prefixed = world.names.filter((name) => name.slice(0, rule.resourceName.length) === rule.resourceName);
  const names = rule.patternType === 'PREFIXED' ? prefixed : literal;
  return names.flatMap((name) =>
    operations.flatMap((each) => principals.flatMap((who) => hosts.map((host) => `${name} ${each} ${who} ${host}`))),
  );
}

const anyRule: fc.Arbitrary<AclRule> = fc.record({
  resourceType: fc.constant('TOPIC' as const),
  resourceName: fc.constantFrom(...world.names),
  patternType: fc.constantFrom('LITERAL', 'PREFIXED'),
  principal: fc.constantFrom(...world.principals, 'User:*'),
  host: fc.constantFrom(...world.hosts, '*'),
  operation: fc.constantFrom(...world.operations, 'ALL'),
  permission: fc.constantFrom('ALLOW', 'ALLOW', 'DENY'),
});

test('any rules: the rows for all principals and for each say what every rule spelled out says', () => {
  fc.assert(
    fc.property(fc.array(anyRule, { maxLength: 8 }), fc.constantFrom(...world.operations), (rules, operation) => {
      const allowed = new Set(rules.filter(({ permission }) => permission === 'ALLOW').flatMap(spelledOut));
      for (const rule of rules) if (rule.permission === 'DENY') for (const action of spelledOut(rule)) allowed.delete(action);
      for (const resourceName of world.names) {
        const bearing = bearingOn({ operation, resourceType: 'TOPIC', resourceName }, rules);
        const all = whoCan(bearing);
        for (const principal of world.principals) {
          const own = all.some((row) => row.principal === principal) ? principal : 'User:*';
          const rowsForIt = all.filter((row) => row.principal === own);
          for (const host of world.hosts) {
            const expected = allowed.has(`${resourceName} ${operation} ${principal} ${host}`) ? 'ALLOW' : 'DENY';
            for (const rows of [rowsForIt, verdictsOn(bearing, principal)]) {
              const row = rows.find((each) => each.host === host) ?? rows.find((each) => each.host === '*');
              assert.equal(row?.permission ?? 'DENY', expected, `${principal} ${host} ${resourceName}`);
            }
          }
        }
      }
    }),
    { numRuns: 2_000 },
  );
});
