/** A rule that can never apply is told: one that denies would keep nobody out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AclRule } from '../../../../src/core/acls/rule.ts';
import { brokersAddress, unmatchedParts } from '../../../../src/core/acls/unmatched.ts';

const rule: AclRule = {
  ...{ resourceType: 'TOPIC', resourceName: 'orders', patternType: 'LITERAL' },
  ...{ principal: 'User:alice', host: '*', operation: 'READ', permission: 'DENY' },
};

const faultsOf = (change: Partial<AclRule>): readonly string[] => unmatchedParts([{ ...rule, ...change }]);

test('hosts are IP addresses as brokers write them: names, ranges and other spellings fit no client', () => {
  for (const host of ['*', '10.0.0.7', '0:0:0:0:0:0:0:1', 'fe80:0:0:0:0:0:0:1%eth0', '2001:db8:0:0:0:0:0:1a'])
    assert.deepEqual(faultsOf({ host }), [], host);
  for (const host of ['localhost', '10.0.0.0/8', '010.0.0.1', '10.0.0.*', '10.0.0.1:9092', ' 10.0.0.1'])
    assert.match(faultsOf({ host })[0]!, /fits no client: brokers compare it as text/, host);
  for (const [host, address] of [
    ['::1', '0:0:0:0:0:0:0:1'],
    ['::', '0:0:0:0:0:0:0:0'],
    ['2001:DB8::001A', '2001:db8:0:0:0:0:0:1a'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['fe80::1%eth0', 'fe80:0:0:0:0:0:0:1%eth0'],
    ['::ffff:10.0.0.7', '10.0.0.7'],
  ] as const) {
    assert.equal(brokersAddress(host), address);
    assert.deepEqual(faultsOf({ host }), [`a rule from ${host} fits no client: brokers write that address as ${address}`]);
  }
});

test('principals are compared whole and in their case; only User:* is a pattern', () => {
  for (const principal of ['User:*', 'User:alice', 'Group:ops', 'User:CN=alice,OU=User,O=acme', 'User:ANONYMOUS'])
    assert.deepEqual(faultsOf({ principal }), [], principal);
  for (const principal of ['user:alice', 'USER:alice', 'User:a,User:b', 'User:al*', 'Group:*'])
    assert.equal(faultsOf({ principal }).length, 1, principal);
});

test('a name that no topic can have; names of groups and ids are free', () => {
  for (const resourceName of ['a b', 'orders/1', 'ord*', 'é']) {
    assert.equal(faultsOf({ resourceName }).length, 1, resourceName);
    assert.equal(faultsOf({ resourceName, patternType: 'PREFIXED' }).length, 1, resourceName);
    assert.deepEqual(faultsOf({ resourceType: 'GROUP', resourceName }), []);
  }
  assert.deepEqual(faultsOf({ resourceName: '*' }), []);
});

test('each fault is told once, however many rules have it', () => {
  const host = 'localhost';
  assert.equal(unmatchedParts([{ ...rule, host }, { ...rule, host, operation: 'WRITE' }, rule]).length, 1);
});
