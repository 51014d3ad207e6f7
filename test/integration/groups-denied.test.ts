/** A user without a permission on a group learns the operation and the resource, and nothing is half done. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { ownCluster } from '../support/clusters.ts';
import { kt } from '../support/kt.ts';

// Its own cluster: on the shared one other tests need alice to have no permission.
const { clientProperties, aliceProperties } = await ownCluster({ after }, { security: 'sasl_ssl' });
const admin = ['--command-config', clientProperties!];
const alice = ['--command-config', aliceProperties!];
const [topic, full, group, hidden] = ['topic', 'full', 'group', 'hidden'].map((name) => `${name}-${randomUUID()}`) as [
  string,
  string,
  string,
  string,
];

async function done(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await kt([...args, ...admin]);
  assert.equal(code, 0, stderr);
  return stdout;
}

async function denied(args: readonly string[], message: string, hint: string): Promise<void> {
  const { code, stderr } = await kt(['groups', ...args, ...alice]);
  assert.equal(code, 3, stderr);
  assert.ok(stderr.includes(`kt: ${message}\nhint: ${hint}\n`), stderr);
}

await done('topics', 'create', topic, full, '--partitions', '1');
await done('produce', full, '-m', 'x');
for (const name of [group, hidden]) await done('groups', 'reset-offsets', name, '--topic', topic, '--to', '0', '--execute');
// alice may only see one of the groups and the topics.
const seen = ['--topic', topic, '--topic', full, '--group', group];
await done('acls', 'create', '--allow-principal', 'User:alice', '--operation', 'DESCRIBE', ...seen);

test('reading and writing name the missing permission and its resource', async () => {
  const cases: [args: string[], operation: string, resource: string][] = [
    [['tail', full, '--from-beginning', '-e'], 'READ', `topic ${full}`],
    [['tail', full, '--from-beginning', '-e', '--group', group], 'READ', `group ${group}`],
    [['tail', full, '--from-beginning', '-e', '--group', hidden], 'DESCRIBE', `group ${hidden}`],
    [['produce', full, '-m', 'x', '--acks', '1'], 'WRITE', `topic ${full}`],
    [['produce', full, '-m', 'x', '--transactional-id', 'alices'], 'DESCRIBE', 'transactional id alices'],
  ];
  for (const [args, operation, resource] of cases) {
    const { code, stderr } = await kt([...args, ...alice]);
    assert.equal(code, 3, stderr);
    assert.ok(stderr.includes(`(no permission: ${operation} on ${resource})\n`), stderr);
    assert.ok(stderr.includes(`hint: this user needs ${operation} on ${resource}; its administrator can grant it\n`), stderr);
  }
});

test('a group that the user may not see is not listed; if it is named, kt says which permission is missing', async () => {
  const listed = await kt(['groups', 'list', '-o', 'name', ...alice]);
  assert.deepEqual([listed.code, listed.stdout.includes(group), listed.stdout.includes(hidden)], [0, true, false]);
  const message = `group ${hidden} (no permission: DESCRIBE on group ${hidden})`;
  const hint = `this user needs DESCRIBE on group ${hidden}; its administrator can grant it`;
  await denied(['describe', hidden], message, hint);
  await denied(['reset-offsets', hidden, '--to', 'end'], message, hint);
  await denied(['delete', hidden, '--yes'], message, hint);
  await denied(['peek', hidden], message, hint);
});

test('a group that the user may see but not change is left as it is', async () => {
  const plan = await kt(['groups', 'reset-offsets', group, '--to', 'end', ...alice]);
  assert.equal(plan.code, 0, plan.stderr);
  const needs = (operation: string) => `this user needs ${operation} on group ${group}; its administrator can grant it`;
  await denied(
    ['reset-offsets', group, '--to', 'end', '--execute'],
    `offset of group ${group} for ${topic}:0 not set (no permission: READ on group ${group})`,
    needs('READ'),
  );
  await denied(
    ['delete', group, '--yes'],
    `group ${group} not deleted (no permission: DELETE on group ${group})`,
    needs('DELETE'),
  );
  await denied(
    ['delete-offsets', group, '--topic', topic, '--yes'],
    `offset of group ${group} for ${topic}:0 not deleted (no permission: DELETE on group ${group})`,
    needs('DELETE'),
  );
  const exported = JSON.parse(await done('groups', 'export', group, '-o', 'json'));
  assert.deepEqual(exported, [{ group, topic, partition: 0, offset: 0 }]);
});
