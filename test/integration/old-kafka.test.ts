/** Whoever administers an old Kafka learns of each command that it cannot follow which release brings it; nothing looks as if it were done. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { testClusters } from '../support/clusters.ts';
import { kt } from '../support/kt.ts';
import { ktOn } from '../support/kt-on.ts';
import { oldBroker } from '../support/old-broker.ts';

const [oldest, newest] = await testClusters();
const folder = mkdtempSync(join(tmpdir(), 'kt-old-'));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const controller = ['-i', '9', '-d', 'yIwsHvbKAMoo3yRA0DcNyQ'];
const add = ['cluster', 'quorum', 'add-controller', ...controller, '--listener', 'CONTROLLER://127.0.0.1:1'];
const remove = ['cluster', 'quorum', 'remove-controller', ...controller];

test('a command says which release brings what it needs, on a Kafka 2.1', async (t) => {
  const topic = await ktOn(newest!).newTopic('-p', '1');
  const real = newest!.bootstrapServers;
  const proxy = await oldBroker(Number(real.split(':')[1]));
  t.after(() => proxy.close());
  const kraft = ', and only clusters with KRaft (without ZooKeeper) have it';
  const users = file('users.yaml', 'users:\n  - {name: bob, mechanisms: [SCRAM-SHA-512]}\n');
  const quotas = file('quotas.yaml', 'quotas:\n  - {user: bob, consumer_byte_rate: 10MiB}\n');
  for (const [release, ...args] of [
    ['2.6', 'quotas', 'list'],
    ['2.6', 'quotas', 'set', '--user', 'bob', '--producer-byte-rate', '1MiB'],
    ['2.6', 'quotas', 'delete', '--user', 'bob', '--yes'],
    ['2.6', 'topics', 'apply', quotas],
    ['2.7', 'users', 'list'],
    ['2.7', 'users', 'set', 'bob', '--password-file', '-'],
    ['2.7', 'users', 'delete', 'bob', '--yes'],
    ['2.7', 'topics', 'apply', users, '--check'],
    ['2.7', 'cluster', 'features', 'upgrade', '--feature', 'metadata.version=999', '--yes'],
    ['2.7', 'cluster', 'features', 'downgrade', '--feature', 'metadata.version=1', '--yes'],
    ['2.7', 'cluster', 'features', 'disable', '--feature', 'group.version', '--yes'],
    ['2.8', 'producers', topic],
    ['2.8', 'transactions', 'find-hanging', '--topic', topic],
    ['2.8', 'transactions', 'abort', '--topic', topic, '--partition', '0', '--start-offset', '0', '--yes'],
    [`2.8${kraft}`, 'cluster', 'unregister', '77', '--yes'],
    ['3.0', 'transactions', 'list'],
    ['3.0', 'transactions', 'describe', 'tx'],
    ['3.0', 'transactions', 'abort', 'tx', '--yes'],
    [`3.3${kraft}`, 'cluster', 'quorum'],
    [`3.9${kraft}`, ...add],
    [`3.9${kraft}`, ...add, '--dry-run'],
    [`3.9${kraft}`, ...remove, '--yes'],
    [
      '4.1, behind the feature share.version, which is on from Kafka 4.2 on: kt cluster features shows it',
      'tail',
      topic,
      '--share-group',
      'g',
    ],
  ] as const) {
    const env = { KT_BOOTSTRAP_SERVER: proxy.address, KT_ADDRESS_MAP: `${real}=${proxy.address}`, KT_TIMEOUT: '1m' };
    const { code, stderr } = await kt(args, { program: 'binary', env, stdin: 'secret-of-bob' });
    assert.equal(code, 3, `kt ${args.join(' ')}\n${stderr}`);
    assert.ok(stderr.split('\n').includes(`hint: it came with Kafka ${release}`), `kt ${args.join(' ')}\n${stderr}`);
  }
});

test('Kafka 3.7.0 has no voters that could change, and says so before their number is looked at', async () => {
  const { run } = ktOn(oldest!);
  for (const args of [
    add,
    [...add, '--dry-run'],
    [...remove.slice(0, 5), '--yes'],
    ['cluster', 'quorum', 'remove-controller', '-i', '1', '--dry-run'],
  ]) {
    const { code, stderr } = await run(args);
    assert.equal(code, 3, stderr);
    assert.match(
      stderr,
      /^kt: controller \d not (added|removed) \(this Kafka does not have \w+RaftVoter\)\nhint: it came with Kafka 3\.9, /,
    );
  }
});
