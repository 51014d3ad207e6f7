/** What holds a group's lag, told from its rows; and what an examination comes to. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comfort, verdictOn } from '../../../../src/core/doctor/conclusion.ts';
import type { Finding } from '../../../../src/core/doctor/finding.ts';
import { heldBack, unread } from '../../../../src/core/doctor/group.ts';
import { bySource } from '../../../../src/core/doctor/settings.ts';
import type { GroupLag, PartitionLag } from '../../../../src/core/lag/compute.ts';

function row(partition: number, other: Partial<PartitionLag> = {}): PartitionLag {
  return {
    topic: 'orders',
    partition,
    committedOffset: 10n,
    startOffset: 0n,
    endOffset: 15n,
    lag: 5n,
    memberId: 'm',
    groupInstanceId: null,
    clientId: 'c',
    host: 'h',
    ...other,
  };
}

function group(state: string, ...partitions: readonly PartitionLag[]): GroupLag {
  return { group: 'billing', state, type: 'classic', coordinator: 1, lag: 5n, partitions };
}

test('an open transaction is named, with what ends it', () => {
  const transaction = { producerId: 4001n, producerEpoch: 0, transactionalId: 'payments', startOffset: 10n, lastTimestamp: 0 };
  const held = group('Stable', row(0, { status: 'open-transaction', transaction }), row(1));
  const [told, ...more] = heldBack(held);
  assert.deepEqual(more, []);
  assert.deepEqual([told!.target, told!.verdict], ['orders:0', 'fail']);
  assert.match(told!.why!, /^producer 4001, epoch 0, transactional id payments, last wrote at 1970-01-01T/);
  assert.match(told!.cure!, /kt transactions abort payments ends it$/);
  const hanging = heldBack(
    group('Stable', row(2, { status: 'open-transaction', transaction: { ...transaction, transactionalId: null } })),
  );
  assert.match(hanging[0]!.cure!, /^kt transactions abort --topic orders --partition 2 --start-offset 10/);
  const hidden = heldBack(group('Stable', row(2, { status: 'open-transaction', transaction: null })));
  assert.match(hidden[0]!.cure!, /find-hanging --topic orders/);
});

test('an offset after the end, and records that were deleted unread', () => {
  const told = heldBack(
    group(
      'Stable',
      row(0, { status: 'beyond-end', committedOffset: 20n, lag: 0n }),
      row(1, { status: 'below-start', lost: 7n }),
    ),
  );
  assert.deepEqual(
    told.map(({ verdict, found }) => [verdict, found]),
    [
      ['fail', 'its committed offset 20 is after the end, 15'],
      ['warn', '7 records were deleted before the group came to read'],
    ],
  );
});

test('partitions that nobody reads: no member at all, a rebalance, or none for these', () => {
  const nobody = { memberId: null, clientId: null, host: null };
  const [down] = unread(group('Empty', row(0, nobody), row(1, nobody)), 0);
  assert.deepEqual(
    [down!.target, down!.verdict, down!.found, down!.why],
    [
      'orders:0, orders:1',
      'fail',
      'no member reads it; 10 records wait',
      'the group is Empty: its consumers are stopped, or cannot join',
    ],
  );
  assert.equal(unread(group('PreparingRebalance', row(0, nobody)), 2)[0]!.verdict, 'warn');
  assert.match(
    unread(group('Stable', row(0, nobody), row(1)), 2)[0]!.found,
    /^none of the 2 members is assigned it; 5 records wait$/,
  );
  assert.deepEqual(unread(group('Empty', row(0, { ...nobody, lag: 0n })), 0), [], 'nothing waits');
});

const finding = (step: Finding['step'], verdict: Finding['verdict'], other: Partial<Finding> = {}): Finding => {
  return { step, target: 'x', verdict, found: 'so', ms: 1, ...other };
};

test('the first failure is to be fixed first, and its kind decides the exit code', () => {
  const way = [finding('settings', 'ok'), finding('tcp', 'ok')];
  const inside = [...way, finding('metadata', 'ok'), finding('listener', 'ok')];
  assert.equal(verdictOn(inside), undefined);
  assert.equal(comfort(inside), 'all is well: there is nothing to fix');
  assert.equal(
    comfort([...inside, finding('tls', 'warn', { why: 'it ends', cure: 'renew it' })]),
    'nothing failed, but look at tls (x: it ends): renew it',
  );
  const broken = [...inside, finding('read', 'fail', { why: 'damaged', cure: 'mend it' }), finding('write', 'skipped')];
  const error = verdictOn(broken)!;
  assert.deepEqual(
    [error.kind, error.message, error.hint],
    ['check', '1 of 5 steps failed; first fix read (x: damaged)', 'mend it'],
  );
  assert.equal(verdictOn([...way, finding('api-versions', 'fail'), finding('metadata', 'skipped')])!.kind, 'connection');
  const unreached = [...way, finding('metadata', 'ok'), finding('listener', 'fail')];
  assert.equal(verdictOn(unreached)!.kind, 'connection', 'no broker can be used');
  assert.equal(verdictOn([...unreached, finding('listener', 'ok')])!.kind, 'check', 'one can');
  assert.equal(verdictOn([finding('settings', 'fail')])!.kind, 'usage');
});

test('settings are told by their source', () => {
  const file = (line: number) => `client.properties, line ${line}`;
  assert.equal(
    bySource([
      { name: 'bootstrap.servers', value: 'kafka:9092', origin: 'KT_BOOTSTRAP_SERVER' },
      { name: 'security.protocol', value: 'SASL_SSL', origin: file(2) },
      { name: 'sasl.username', value: 'alice', origin: file(4) },
      { name: 'sasl.password', value: '********', origin: file(4) },
      { name: 'proxy', value: 'socks5://bastion:1080', origin: '--proxy' },
    ]),
    'bootstrap.servers=kafka:9092 (KT_BOOTSTRAP_SERVER); security.protocol=SASL_SSL, sasl.username=alice, sasl.password=******** (client.properties, lines 2, 4); proxy=socks5://bastion:1080 (--proxy)',
  );
});
