/** Durations and sizes, as typed and as shown. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { exactDuration, formatDuration, formatSize, parseDuration, parseSize } from '../../../src/base/units.ts';

test('a duration is read in every unit that people write', () => {
  const table: [string, number | undefined][] = [
    ['500ms', 500],
    ['30s', 30_000],
    ['5m', 300_000],
    ['2h', 7_200_000],
    ['7d', 604_800_000],
    ['4w', 2_419_200_000],
    ['1.5h', 5_400_000],
    ['1h30m', 5_400_000],
    [' 10s ', 10_000],
    ['0s', 0],
    ['forever', -1],
    ['10', undefined],
    ['', undefined],
    ['s', undefined],
    ['-5s', undefined],
    ['1..5h', undefined],
    ['.5h', undefined],
    ['5 s', undefined],
    ['5y', undefined],
    ['99999999999999w', undefined],
  ];
  for (const [text, ms] of table) assert.equal(parseDuration(text), ms, text);
});

test('a size is read in decimal and binary units', () => {
  const table: [string, number | undefined][] = [
    ['1024', 1024],
    ['0', 0],
    ['512B', 512],
    ['10kB', 10_000],
    ['10KB', 10_000],
    ['1KiB', 1024],
    ['1Ki', 1024],
    ['1GiB', 1_073_741_824],
    ['1.5MiB', 1_572_864],
    ['2TB', 2_000_000_000_000],
    ['unlimited', -1],
    ['10k', undefined],
    ['', undefined],
    ['-1', -1],
    ['1iB', undefined],
    ['GiB', undefined],
    ['1e3', undefined],
    ['99999PB', undefined],
  ];
  for (const [text, bytes] of table) assert.equal(parseSize(text), bytes, text);
});

test('a duration is shown in the two largest units', () => {
  const table: [number, string][] = [
    [0, '0ms'],
    [0.4, '0ms'],
    [999, '999ms'],
    [1250, '1s250ms'],
    [60_000, '1m'],
    [5_400_000, '1h30m'],
    [604_800_000, '7d'],
    [90_061_001, '1d1h'],
    [-1, 'forever'],
  ];
  for (const [ms, text] of table) assert.equal(formatDuration(ms), text);
});

test('a size is shown in the largest unit', () => {
  const table: [number, string][] = [
    [0, '0B'],
    [1023, '1023B'],
    [1024, '1KiB'],
    [1_048_575, '1MiB'],
    [1_572_864, '1.5MiB'],
    [1_073_741_824, '1GiB'],
    [-1, 'unlimited'],
  ];
  for (const [bytes, text] of table) assert.equal(formatSize(bytes), text);
});

test('what is shown can be read back; at most the smaller units are lost', () => {
  fc.assert(
    fc.property(fc.nat({ max: 2 ** 31 }), (ms) => {
      const back = parseDuration(formatDuration(ms));
      assert.ok(back !== undefined && back <= ms && ms - back < Math.max(1, ms * 0.05));
      assert.equal(parseDuration(exactDuration(ms)), ms);
    }),
  );
  fc.assert(
    fc.property(fc.nat({ max: 2 ** 50 }), (bytes) => {
      const back = parseSize(formatSize(bytes));
      assert.ok(back !== undefined && Math.abs(back - bytes) <= bytes * 0.05);
    }),
  );
});
