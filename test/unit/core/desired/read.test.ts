/** Files about topics, rules, users and quotas: what they say, and the line of what they say wrongly. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { parse } from 'yaml';
import { aclsText } from '../../../../src/core/acls/file.ts';
import { type AclRule, operationsOf, resourceTypes, ruleKey } from '../../../../src/core/acls/rule.ts';
import { joined, readDesired } from '../../../../src/core/desired/read.ts';
import { entityKey } from '../../../../src/core/quotas/entity.ts';
import { quotasText } from '../../../../src/core/quotas/file.ts';
import type { EntityQuotas } from '../../../../src/core/quotas/list.ts';
import { usersText } from '../../../../src/core/users/file.ts';

const read = (text: string) => readDesired(text, 'access.yaml');
const schema = JSON.parse(readFileSync(new URL('../../../../schemas/topics.schema.json', import.meta.url), 'utf8'));
const fitsSchema = new Ajv({ strict: false }).compile(schema);

const example = `
acls:
  - principal: User:billing
    resourceType: TOPIC
    resourceName: orders
    operations: [READ, DESCRIBE]
  - principal: User:billing
    resourceType: GROUP
    resourceName: billing-
    patternType: PREFIXED
    operations: READ
  - principal: User:*
    host: 10.0.0.9
    permission: DENY
    resourceType: CLUSTER
    operations: ALL
users:
  - name: billing
    mechanisms: [SCRAM-SHA-512]
  - name: alice
quotas:
  - user: billing
    producer_byte_rate: 10MiB/s
    request_percentage: 150%
  - user: null
    clientId: web
    consumer_byte_rate: 500000
  - ip: 10.0.0.7
    connection_creation_rate: 20
`;

test('rules, users and quotas are read as people write them, without any topics', async () => {
  const { topics, acls, users, quotas } = await read(example);
  assert.equal(topics, undefined);
  const rule = { resourceType: 'TOPIC', resourceName: 'orders', patternType: 'LITERAL', principal: 'User:billing', host: '*', permission: 'ALLOW' }; // biome-ignore format: one line
  assert.deepEqual(acls, [
    { ...rule, operation: 'READ' },
    { ...rule, operation: 'DESCRIBE' },
    { ...rule, resourceType: 'GROUP', resourceName: 'billing-', patternType: 'PREFIXED', operation: 'READ' },
    { resourceType: 'CLUSTER', resourceName: 'kafka-cluster', patternType: 'LITERAL', principal: 'User:*', host: '10.0.0.9', operation: 'ALL', permission: 'DENY' }, // biome-ignore format: one line
  ]);
  assert.deepEqual(users, [
    { user: 'billing', mechanisms: ['SCRAM-SHA-512'], at: 'access.yaml, line 18' },
    { user: 'alice', mechanisms: undefined, at: 'access.yaml, line 20' },
  ]);
  assert.deepEqual(
    quotas!.map(({ entity, quotas: limits }) => [entity, limits]),
    [
      [{ user: 'billing' }, { producer_byte_rate: 10_485_760, request_percentage: 150 }],
      [{ user: null, clientId: 'web' }, { consumer_byte_rate: 500_000 }],
      [{ ip: '10.0.0.7' }, { connection_creation_rate: 20 }],
    ],
  );
  const words = await read('acls: [{principal: "User:a", resourceType: topic, resourceName: t, operations: describe-configs}]');
  assert.deepEqual([words.acls![0]!.resourceType, words.acls![0]!.operation], ['TOPIC', 'DESCRIBE_CONFIGS']);
});

const acl = 'acls:\n  - principal: User:a\n    resourceType: TOPIC\n    resourceName: t\n    operations: READ';
const wrong: readonly (readonly [text: string, message: RegExp, hint: RegExp])[] = [
  ['acl: []', /line 1: the file: unknown key 'acl'/, /did you mean acls\?/],
  ['roles: []', /unknown key 'roles'/, /one of topics, acls, users, quotas|did you mean/],
  ['acls:\n  - resourceType: TOPIC', /line 2: an ACL has no principal/, /principal: User:alice/],
  [acl.replace('User:a', 'alice'), /line 2: principal: alice \(not a principal\)/, /User:alice/],
  [acl.replace('operations', 'operation'), /line 5: an ACL: unknown key 'operation'/, /did you mean operations\?/],
  [
    acl.replace('READ', '[READ, IDEMPOTENT_WRITE]'),
    /line 5: operations: IDEMPOTENT_WRITE \(nothing that .* TOPIC\)/,
    /ALL, READ/,
  ],
  [acl.replace('READ', 'REED'), /line 5: operations: REED \(no operation of an ACL\)/, /choose one of ALL, READ/],
  [acl.replace('READ', '[]'), /line 5: operations: there is none/, /\[READ, DESCRIBE\]/],
  [acl.replace(' READ', ''), /line 5: operations: there is none/, /\[READ, DESCRIBE\]/],
  [acl.replace('TOPIC', 'TABLE'), /line 3: resourceType: TABLE \(not one of TOPIC, GROUP/, /TOPIC/],
  [acl.replace('resourceName: t', 'permission: MAYBE'), /line 4: permission: MAYBE \(not one of ALLOW, DENY\)/, /ALLOW/],
  [acl.replace('    resourceName: t\n', ''), /line 2: an ACL has no resourceName/, /resourceName: orders/],
  [
    acl.replace('name: t', 'name:').replace('resourceName: t', 'resourceName:'),
    /line 4: resourceName has no value/,
    /write one/,
  ],
  [acl.replace('resourceName: t', 'resourceName: *'), /line 4: /, /single quotes/],
  [acl.replace('Name: t', "Name: '*'\n    patternType: PREFIXED"), /line 5: patternType: PREFIXED \(no other name/, /leave/],
  [acl.replace('TOPIC', 'CLUSTER').replace('READ', 'ALTER'), /line 4: resourceName: t \(the cluster is called/, /leave/],
  [acl.replace('TOPIC', 'USER').replace('READ', 'ALL'), /line 4: resourceName: t \(not a principal\)/, /User:alice/],
  ['users: [alice]', /line 1: a user must be a map/, /indent/],
  ['users:\n  - mechanisms: SCRAM-SHA-512', /line 2: a user has no name/, /name: alice/],
  ['users:\n  - name: User:alice', /line 2: name: User:alice \(a principal/, /write alice/],
  ['users:\n  - name: alice\n    password: x', /line 3: a user: unknown key 'password'/, /one of name, mechanisms/],
  ['users:\n  - name: alice\n    mechanisms: PLAIN', /line 3: mechanisms: PLAIN \(not one of SCRAM/, /SCRAM-SHA-512/],
  ['users:\n  - name: alice\n    mechanisms:', /line 3: mechanisms: there is none/, /leave the line out/],
  ['quotas:\n  - producer_byte_rate: 1', /line 2: a quota is for nobody/, /user: alice/],
  ['quotas:\n  - user: alice', /line 2: no quota for user alice/, /producer_byte_rate/],
  ['quotas:\n  - user:\n    producer_byte_rate: 1', /line 2: user has no value/, /user: null is every user/],
  ['quotas:\n  - user: a\n    producer_byterate: 1', /line 3: a quota: unknown key/, /did you mean producer_byte_rate\?/],
  ['quotas:\n  - user: a\n    producer_byte_rate: fast', /line 3: producer_byte_rate: fast \(not a byte rate\)/, /10MiB/],
  ['quotas:\n  - user: a\n    producer_byte_rate:', /line 3: producer_byte_rate has no value/, /leave the line out/],
  ['quotas:\n  - user: a\n    connection_creation_rate: 1', /line 3: connection_creation_rate \(only addresses/, /with ip/],
  [
    'quotas:\n  - ip: 10.0.0.1\n    producer_byte_rate: 1',
    /line 3: producer_byte_rate \(addresses have only/,
    /user or clientId/,
  ],
  ['quotas:\n  - ip: 10.0.0.1\n    user: a\n    producer_byte_rate: 1', /line 2: ip with a user/, /an entry for each/],
];
for (const [text, message, hint] of wrong) {
  test(`${JSON.stringify(text)} is wrong, and the line is named`, async () => {
    await assert.rejects(read(text), (error: Error & { kind: string; hint: string }) => {
      assert.equal(error.kind, 'usage');
      assert.match(error.message, message);
      assert.match(error.hint, hint);
      return true;
    });
  });
}

test('several files are one; the same rule twice is no contradiction, the same user or entity is', async () => {
  const [one, two] = [await read(acl), await read(`${acl}\nusers: [{name: a}]`)];
  const both = joined([one, two]);
  assert.deepEqual([both.topics, both.acls!.length, both.users!.length, both.quotas], [undefined, 2, 1, undefined]);
  assert.throws(() => joined([two, two]), /user a is already at access\.yaml, line 6/);
  const quota = await read('quotas: [{user: null, clientId: x, producer_byte_rate: 1}]');
  const sameQuota = await readDesired('quotas:\n  - {clientId: x, user: ~, consumer_byte_rate: 1}', 'other.yaml');
  assert.throws(
    () => joined([quota, sameQuota]),
    /^KtError: other\.yaml, line 2: quotas of default user, client id x is already/,
  );
});

test('the schema for editors knows exactly the keys that the reader takes, and takes what the reader takes', async () => {
  const sections = Object.keys(schema.properties);
  const hintFor = async (text: string) => (await read(text).catch((error) => error)).hint;
  assert.equal(await hintFor('123456789: 1'), `one of ${sections.join(', ')}`);
  for (const section of sections) {
    const keys = Object.keys(schema.properties[section].items.properties);
    assert.equal(await hintFor(`${section}:\n  - 123456789: 1`), `one of ${keys.join(', ')}`);
  }
  assert.equal(fitsSchema(parse(example)), true, JSON.stringify(fitsSchema.errors));
  assert.equal(fitsSchema({}), false);
  assert.equal(fitsSchema(parse('quotas: [{producer_byte_rate: 1}]')), false);
});

const text = fc.oneof(
  fc.constantFrom('null', '~', '*', 'true', '1e3', '0x1', 'a b', 'a: b', "it's"),
  fc.string({ minLength: 1 }),
);
const principal = text.map((name) => `User:${name}`);
const rule: fc.Arbitrary<AclRule> = fc.constantFrom(...resourceTypes).chain((resourceType) =>
  fc
    .record({
      resourceType: fc.constant(resourceType),
      resourceName: resourceType === 'CLUSTER' ? fc.constant('kafka-cluster') : resourceType === 'USER' ? principal : text,
      patternType: fc.constantFrom('LITERAL' as const, 'PREFIXED' as const),
      principal,
      host: fc.constantFrom('*', '10.0.0.1', '::1'),
      operation: fc.constantFrom('ALL' as const, ...operationsOf[resourceType]),
      permission: fc.constantFrom('ALLOW' as const, 'DENY' as const),
    })
    .map((each) =>
      each.resourceName === '*' || resourceType === 'CLUSTER' ? { ...each, patternType: 'LITERAL' as const } : each,
    ),
);
const name = fc.oneof(
  fc.constant(null),
  text.filter((each) => !each.startsWith('User:')),
);
const rate = fc.integer({ min: 1, max: 2 ** 40 });
const entity: fc.Arbitrary<EntityQuotas> = fc.oneof(
  fc.record({
    entity: fc.oneof(fc.record({ user: name }), fc.record({ clientId: name }), fc.record({ user: name, clientId: name })),
    quotas: fc.record({ producer_byte_rate: fc.oneof(rate, fc.constant(2 ** 63)), controller_mutation_rate: fc.constant(0.5) }),
  }),
  fc.record({
    entity: fc.record({ ip: fc.constantFrom(null, '10.0.0.1', '::1', 'a.example') }),
    quotas: fc.record({ connection_creation_rate: rate }),
  }),
);

test('what is exported is read back as it was, whatever the names, and fits the schema', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(rule, { selector: ruleKey, maxLength: 5 }),
      fc.uniqueArray(
        name.filter((each) => each !== null),
        { maxLength: 3 },
      ),
      fc.uniqueArray(entity, { selector: (each) => entityKey(each.entity), maxLength: 4 }),
      async (rules, names, entities) => {
        const users = names.map((user) => ({ user, credentials: [{ mechanism: 'SCRAM-SHA-256', iterations: 4096 }] }));
        const exported = aclsText(rules) + usersText(users) + quotasText(entities);
        const found = await read(exported);
        assert.deepEqual(new Set(found.acls!.map(ruleKey)), new Set(rules.map(ruleKey)));
        assert.deepEqual(
          found.users!.map(({ user, mechanisms }) => [user, mechanisms]),
          names.map((user) => [user, ['SCRAM-SHA-256']]),
        );
        assert.deepEqual(
          found.quotas!.map((each) => [entityKey(each.entity), each.quotas]),
          entities.map((each) => [entityKey(each.entity), { ...each.quotas }]),
        );
        assert.equal(fitsSchema(parse(exported)), true, `${exported} ${JSON.stringify(fitsSchema.errors)}`);
      },
    ),
    { numRuns: 200 },
  );
});

test('what a newer Kafka knows is not exported as if it were known', () => {
  const unknown = { resourceType: 'UNKNOWN_9', resourceName: 'x', patternType: 'LITERAL', principal: 'User:a', host: '*', operation: 'READ', permission: 'ALLOW' }; // biome-ignore format: one line
  assert.throws(() => aclsText([unknown as unknown as AclRule]), /not exported \(kt does not know UNKNOWN_9\)/);
  const odd = { ...unknown, resourceType: 'CLUSTER', resourceName: 'kafka-cluster', operation: 'DELETE' } as AclRule;
  assert.throws(() => aclsText([odd]), /not exported \(DELETE is nothing that can be done with a CLUSTER\)/);
  assert.throws(() => usersText([{ user: 'a', credentials: [{ mechanism: 'UNKNOWN_3', iterations: 1 }] }]), /UNKNOWN_3/);
  assert.throws(() => quotasText([{ entity: { user: 'a' }, quotas: { newer_rate: 1 } }]), /newer_rate/);
});
