import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KtError } from '../../../../src/base/errors.ts';
import { lagMarkdown } from '../../../../src/commands/lag/markdown.ts';
import { lagMetrics } from '../../../../src/commands/lag/metrics.ts';
import type { PartitionLag } from '../../../../src/core/lag/compute.ts';
import type { LagReport } from '../../../../src/core/lag/report.ts';

const row = (partition: number, lag: bigint, more: Partial<PartitionLag> = {}): PartitionLag => ({
  topic: 'orders',
  partition,
  committedOffset: 10n,
  startOffset: 0n,
  endOffset: 10n + lag,
  lag,
  memberId: null,
  groupInstanceId: null,
  clientId: null,
  host: null,
  ...more,
});

function report(group: string, partitions: readonly PartitionLag[], problems: readonly KtError[] = []): LagReport {
  const listed = { group, state: 'Stable', type: 'classic', protocolType: 'consumer', coordinator: 1 };
  const lag = partitions.reduce((sum, each) => sum + (each.lag ?? 0n), 0n);
  return {
    clusterId: 'c-1',
    groups: [{ ...listed, lag, partitions }],
    positions: new Map([[group, { group: listed, protocol: 'range', members: [], commits: [] }]]),
    problems,
  };
}

test('a summary says what failed, shows what is behind, and counts the rest', () => {
  const failed = new KtError('check', 'group billing lags more than 5 (orders:1: 7)');
  const text = lagMarkdown(report('billing', [row(0, 0n), row(1, 7n, { verdict: 'growing' })], [failed]));
  assert.equal(
    text,
    [
      '### Lag: 1 problem',
      '',
      '- :x: group billing lags more than 5 (orders:1: 7)',
      '',
      '**billing** (classic, Stable): lag 7',
      '',
      '| Topic | Partition | Committed | End | Lag | Verdict | Client | Status |',
      '| --- | ---: | ---: | ---: | ---: | --- | --- | --- |',
      '| orders | 1 | 10 | 17 | 7 | growing | - | - |',
      '',
      '1 partition caught up.',
      '',
    ].join('\n'),
  );
});

test('when nothing is wrong the heading says so', () => {
  assert.match(lagMarkdown(report('billing', [row(0, 0n)])), /^### Lag: ok\n/);
});

test('a name that is Markdown or HTML is only read', () => {
  const text = lagMarkdown(report('a|b<img src=x>\n# c [x](y) @all', [row(0, 1n, { clientId: 'x|y' })]));
  assert.ok(text.includes('a\\|b&lt;img src=x>?\\# c \\[x\\](y) \\@all'), text);
  assert.ok(text.includes('| x\\|y |'), text);
});

test('metrics hold what is known, and a label of any text', async () => {
  const text = await lagMetrics(
    report('a"b\\\n', [row(0, 3n, { lagSeconds: 1.5 }), row(1, 0n, { lag: null, endOffset: null })]),
  );
  const labels =
    'cluster_name="c-1",group="a\\"b\\\\\\n",topic="orders",partition="0",member_host="",consumer_id="",client_id=""';
  assert.ok(text.includes(`kafka_consumergroup_group_lag{${labels}} 3\n`), text);
  assert.ok(text.includes(`kafka_consumergroup_group_lag_seconds{${labels}} 1.5\n`), text);
  assert.doesNotMatch(text, /group_lag\{[^}]*partition="1"/);
  assert.match(text, /kafka_partition_latest_offset\{cluster_name="c-1",topic="orders",partition="0"\} 13\n/);
  assert.match(text, /kt_consumergroup_state\{[^}]*state="Stable",type="classic"\} 1\n/);
});
