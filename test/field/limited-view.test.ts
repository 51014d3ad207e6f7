/** A user who may see nothing, or only a part: an empty list is no empty cluster, and what is hidden is not missing. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { ownCluster } from '../support/clusters.ts';
import { kt } from '../support/kt.ts';

// Its own cluster: it grants ACLs.
const { clientProperties, aliceProperties } = await ownCluster({ after }, { security: 'sasl_ssl' });
const admin = ['--command-config', clientProperties!];
const alice = ['--command-config', aliceProperties!];
const note = (what: string) => `Kafka lists only the ${what} that this user may describe; there may be others\n`;

async function done(args: readonly string[], stdin = ''): Promise<string> {
  const { code, stdout, stderr } = await kt([...args, ...admin], { stdin });
  assert.equal(code, 0, stderr);
  return stdout;
}

/** What alice sees, and what she is told about it. */
async function seen(...args: readonly string[]): Promise<readonly [stdout: string, stderr: string]> {
  const { code, stdout, stderr } = await kt([...args, ...alice]);
  assert.equal(code, 0, stderr);
  return [stdout, stderr];
}

async function grant(...words: readonly string[]): Promise<void> {
  await done(['acls', 'create', '--allow-principal', 'User:alice', ...words]);
}

await done(['topics', 'create', 'orders', 'payroll', '--partitions', '1']);
for (const topic of ['orders', 'payroll'])
  await done(['groups', 'reset-offsets', `${topic}-readers`, '--topic', topic, '--to', '0', '--execute']);

test('who may see nothing gets empty lists, and is told why', async () => {
  assert.deepEqual(await seen('topics', 'list', '-o', 'json'), ['[]\n', note('topics')]);
  assert.deepEqual(await seen('topics', 'describe', '-o', 'json'), ['[]\n', note('topics')]);
  assert.deepEqual(await seen('groups', 'list', '-o', 'json'), ['[]\n', note('groups')]);
  assert.deepEqual(await seen('lag', '-o', 'json'), ['[]\n', note('groups')]);
  assert.equal((await seen('topics', 'export'))[1], note('topics'));
  assert.deepEqual(await seen('topics', 'list', '-q', '-o', 'json'), ['[]\n', '']);
});

test('a pattern that matches nothing visible says so', async () => {
  for (const [args, message] of [
    [['topics', 'describe', 'ord*'], 'no topic matches ord* (of those that this user may describe)'],
    [['tail', 'ord*', '-e'], 'no topic matches ord* (of those that this user may describe)'],
    [['lag', 'ord*'], 'no group matches ord* (of those that this user may describe)'],
  ] as const) {
    const { code, stderr } = await kt([...args, ...alice]);
    assert.deepEqual([code, stderr.includes(`kt: ${message}\n`)], [3, true], stderr);
  }
});

test('who may see everything is told nothing', async () => {
  for (const [command, what] of [
    ['topics', 'orders'],
    ['groups', 'orders-readers'],
  ] as const) {
    const { stdout, stderr } = await kt([command, 'list', '-o', 'name', ...admin]);
    assert.deepEqual([stdout.split('\n').includes(what), stderr], [true, '']);
  }
});

test('who may see some is told that there may be others; files are compared only with what can be seen', async () => {
  await grant('--operation', 'DESCRIBE', '--operation', 'DESCRIBE_CONFIGS', '--operation', 'DELETE', '--topic', 'orders');
  await grant('--operation', 'DESCRIBE', '--group', 'orders-readers');
  assert.deepEqual(await seen('topics', 'list', '-o', 'name'), ['orders\n', note('topics')]);
  assert.deepEqual(await seen('groups', 'list', '-o', 'name'), ['orders-readers\n', note('groups')]);
  assert.deepEqual(await seen('lag', 'orders-*', '-o', 'name'), ['orders-readers\n', note('groups')]);

  // A hidden topic is neither created nor called drift.
  const file = 'topics: [{name: orders, partitions: 1}, {name: payroll, partitions: 1}]\n';
  for (const options of [['--check'], ['--dry-run'], ['--prune', '--yes']]) {
    const { code, stdout, stderr } = await kt(['topics', 'apply', '-f', '-', '-o', 'json', ...options, ...alice], {
      stdin: file,
    });
    const [orders, payroll] = JSON.parse(stdout);
    assert.deepEqual(
      [code, orders.status, payroll.status, payroll.error.code],
      [3, 'unchanged', 'failed', 'TOPIC_AUTHORIZATION_FAILED'],
    );
    assert.ok(stderr.startsWith(note('topics')), stderr);
  }

  // Pruning deletes nothing that is hidden, and says that it may not know all.
  const pruned = await kt(['topics', 'apply', '-f', '-', '--prune', '--check', ...alice], {
    stdin: 'topics: [{name: orders}]\n',
  });
  assert.deepEqual([pruned.code, pruned.stdout, pruned.stderr.startsWith(note('topics'))], [0, '', true], pruned.stderr);
  assert.match(await done(['topics', 'list', '-o', 'name']), /^payroll$/m);

  // A topic that is hidden can exist all the same.
  const created = await kt(['topics', 'create', 'payroll', '--if-not-exists', ...alice]);
  assert.deepEqual([created.code, created.stdout.includes('created')], [3, false], created.stderr);
});

test('who looks for producers by a pattern is told that there may be more topics', async () => {
  await grant('--operation', 'READ', '--topic', 'orders');
  assert.deepEqual(await seen('producers', 'ord*', '-o', 'json'), ['[]\n', note('topics')]);
  assert.deepEqual(await seen('producers', 'orders', '-o', 'json'), ['[]\n', '']);
  assert.deepEqual(await seen('transactions', 'find-hanging', '--topic', 'ord*', '-o', 'json'), ['[]\n', note('topics')]);
  assert.deepEqual(await seen('transactions', 'find-hanging', '--topic', 'orders', '-o', 'json'), ['[]\n', '']);
});

test('DESCRIBE on the cluster shows all groups, and ends the note', async () => {
  await grant('--operation', 'DESCRIBE', '--cluster');
  // It does not show their members, so that the exit code says that something is missing.
  const { code, stdout, stderr } = await kt(['groups', 'list', '-o', 'name', ...alice]);
  assert.deepEqual([code, stdout, stderr.includes('may be others')], [3, 'orders-readers\npayroll-readers\n', false]);
  assert.deepEqual(await seen('topics', 'list', '-o', 'name'), ['orders\n', '']);
});
