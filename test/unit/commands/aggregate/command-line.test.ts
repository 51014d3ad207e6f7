import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandLine } from '../../../../src/commands/aggregate/command-line.ts';

test('options become a line that can be typed again', () => {
  const line = commandLine('orders', {
    by: 'value.category',
    count: true,
    exit: false,
    sum: ['revenue=value.total', "it's"],
    window: 60_000,
    hop: 1_500,
    grace: undefined,
    where: [],
    from: { at: 'time', timestampMs: 1_790_000_040_000 },
    to: { at: 'offset', offset: 12n },
    maxMemory: 1024,
    print: 'flink-sql',
  });
  assert.equal(
    line,
    "kt aggregate orders --from @2026-09-21T14:14:00.000Z --to 12 --by value.category --count --sum revenue=value.total --sum 'it'\\''s' --window 1m --hop 1s500ms --print flink-sql",
  );
});

test('the newest N of each partition, and the two ends', () => {
  assert.equal(
    commandLine('a b', { from: { at: 'last', count: 10 }, to: { at: 'end' } }),
    "kt aggregate 'a b' --from -10 --to end",
  );
  assert.equal(commandLine('orders', { fromBeginning: true, grace: 0 }), 'kt aggregate orders --from-beginning --grace 0ms');
});
