/** The modes of `kt lag`, and flags that contradict each other: all found before any socket is opened. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type LagLine, modeOf } from '../../../../src/commands/lag/mode.ts';
import { runKt } from '../../../support/fake-io.ts';

const none: LagLine = {
  groups: [],
  all: false,
  maxLag: undefined,
  maxTotalLag: undefined,
  summary: false,
  maxSeconds: undefined,
  maxBatchBytes: undefined,
  uncommitted: undefined,
  failIfGrowing: false,
  wait: false,
  for: undefined,
  interval: undefined,
  watch: undefined,
  serve: undefined,
  output: undefined,
};
const mode = (flags: Partial<LagLine>) => modeOf({ ...none, ...flags });

test('without a flag it looks once; a window is half a minute in twelve steps, a wait five minutes', () => {
  assert.equal(mode({}).kind, 'now');
  assert.deepEqual(mode({ failIfGrowing: true }), { kind: 'growth', forMs: 30_000, intervalMs: 2_500, groups: [] });
  assert.deepEqual(mode({ wait: true, maxLag: 0 }), { kind: 'wait', forMs: 300_000, intervalMs: 2_000, groups: [] });
});

test('the word after --watch is its interval if it is a duration, else a group', () => {
  assert.deepEqual(mode({ watch: 5_000, groups: ['billing'] }), { kind: 'watch', intervalMs: 5_000, groups: ['billing'] });
  assert.deepEqual(mode({ watch: 'billing' }), { kind: 'watch', intervalMs: 2_000, groups: ['billing'] });
});

test('metrics are served to this machine alone unless a host is named', () => {
  const served = (serve: string) => {
    const chosen = mode({ serve });
    return chosen.kind === 'serve' ? [chosen.host, chosen.port] : [];
  };
  assert.deepEqual(served('9308'), ['127.0.0.1', 9308]);
  assert.deepEqual(served(':9308'), ['127.0.0.1', 9308]);
  assert.deepEqual(served('0.0.0.0:9308'), ['0.0.0.0', 9308]);
  assert.deepEqual(served('[::1]:9308'), ['::1', 9308]);
});

for (const [line, why] of [
  ['lag a --wait', /^kt: --wait \(for which check\?\)\nhint: add one/],
  ['lag a --wait --max-lag 0 --fail-if-growing', /--fail-if-growing with --wait/],
  ['lag a --watch --serve 9308', /--watch with --serve/],
  ['lag a --watch --max-lag 5', /--max-lag with --watch/],
  ['lag a --watch -o csv', /--output csv with --watch/],
  ['lag a --for 5s', /--for \(goes with --fail-if-growing or --wait\)/],
  ['lag a --interval 5s', /--interval \(goes with/],
  ['lag a --fail-if-growing --for 5s --interval 4s', /--interval is more than a third of --for/],
  ['lag a --all', /--all and a/],
  ['lag --all --watch a', /--all and a/],
  ['lag --serve nowhere', /--serve nowhere \(not host:port\)/],
  ['lag --serve localhost:99999', /not host:port/],
] as const) {
  test(`kt ${line} is a usage error`, async () => {
    const { code, stdout, stderr } = await runKt(line);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, why);
  });
}
