/** Values as typed: every form there is, and every kind of nonsense. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KtError } from '../../../src/base/errors.ts';
import {
  choice,
  delimiter,
  duration,
  finiteDuration,
  keyValue,
  position,
  positiveNumber,
  rate,
  readAs,
  regex,
  size,
  text,
  time,
  wholeNumber,
} from '../../../src/cli/options.ts';

const now = Date.UTC(2026, 4, 1, 12);

type Case = readonly [typed: string, value: unknown];

/** A reader's values, and what it says to the texts it refuses. */
function table(name: string, read: (value: string) => unknown, right: readonly Case[], wrong: readonly Case[]): void {
  test(`${name} is read as it is meant`, () => {
    for (const [typed, value] of right) assert.deepEqual(read(typed), value, typed);
  });
  test(`what is no ${name} is refused with the reason and an example`, () => {
    for (const [typed, message] of wrong) {
      assert.throws(
        () => read(typed),
        (error) => {
          assert.ok(error instanceof KtError, typed);
          assert.equal(error.kind, 'usage');
          assert.equal(error.message, message);
          assert.ok(error.hint, 'a hint');
          return true;
        },
      );
    }
  });
}

table(
  'duration',
  duration,
  [
    ['500ms', 500],
    ['30s', 30_000],
    ['5m', 300_000],
    ['2h', 7_200_000],
    ['7d', 604_800_000],
    ['4w', 2_419_200_000],
    ['forever', -1],
  ],
  [
    ['7x', '7x (not a duration)'],
    ['1.5.2d', '1.5.2d (not a duration)'],
    ['', "'' (not a duration)"],
    ['-5s', '-5s (not a duration)'],
    ['7', '7 (not a duration)'],
    ['7 days', "'7 days' (not a duration)"],
    ['99999999999999999999d', '99999999999999999999d (not a duration)'],
  ],
);
table(
  'finite duration',
  finiteDuration,
  [['10s', 10_000]],
  [
    ['forever', 'forever (must be finite and greater than zero)'],
    ['0s', '0s (must be finite and greater than zero)'],
  ],
);
table(
  'size',
  size,
  [
    ['1024', 1024],
    ['10kB', 10_000],
    ['1KiB', 1024],
    ['1GiB', 1_073_741_824],
    ['unlimited', -1],
  ],
  [
    ['10k', '10k (not a size)'],
    ['', "'' (not a size)"],
    ['1XB', '1XB (not a size)'],
    ['9999999999TiB', '9999999999TiB (not a size)'],
  ],
);
table(
  'whole number',
  wholeNumber,
  [
    ['0', 0],
    ['12', 12],
    ['007', 7],
  ],
  [
    ['-1', '-1 (not a whole number)'],
    ['1.5', '1.5 (not a whole number)'],
    ['1e3', '1e3 (not a whole number)'],
    ['0x10', '0x10 (not a whole number)'],
    ['three', 'three (not a whole number)'],
    ['', "'' (not a whole number)"],
    ['9007199254740993', '9007199254740993 (too large)'],
  ],
);
table('positive number', positiveNumber, [['1', 1]], [['0', '0 (must be at least 1)']]);
table('text', text, [['a b', 'a b']], [['', "'' (empty)"]]);
table(
  'time',
  (value) => time(value, now),
  [
    ['now', now],
    ['-1h', now - 3_600_000],
    ['-1h30m', now - 5_400_000],
    ['1769851800000', 1_769_851_800_000],
    ['2026-05-01', new Date(2026, 4, 1).getTime()],
    ['2026-05-01T09:30', new Date(2026, 4, 1, 9, 30).getTime()],
    ['2026-05-01T09:30:15.25Z', Date.UTC(2026, 4, 1, 9, 30, 15, 250)],
    ['2026-05-01T09:30:15+02:00', Date.UTC(2026, 4, 1, 7, 30, 15)],
    ['2026-05-01 09:30:15-0530', Date.UTC(2026, 4, 1, 15, 0, 15)],
    ['2024-02-29', new Date(2024, 1, 29).getTime()],
    ['2026-05-01 09:30:15.25+02:00', Date.UTC(2026, 4, 1, 7, 30, 15, 250)],
  ],
  [
    ['2026-02-30', '2026-02-30 (not a time)'],
    ['2026-13-01', '2026-13-01 (not a time)'],
    ['2026-05-01T25:00', '2026-05-01T25:00 (not a time)'],
    ['yesterday', 'yesterday (not a time)'],
    ['-1x', '-1x (not a time)'],
    ['', "'' (not a time)"],
    ['12', '12 (not a time)'],
    ['1769851800', '1769851800 (that looks like seconds)'],
    ['1769851800000000', '1769851800000000 (that looks like microseconds)'],
    ['1769851800000000000', '1769851800000000000 (that looks like nanoseconds)'],
    ['99999999999999999999999', '99999999999999999999999 (not a time)'],
  ],
);
table(
  'position',
  (value) => position(value, now),
  [
    ['beginning', { at: 'beginning' }],
    ['earliest', { at: 'beginning' }],
    ['latest', { at: 'end' }],
    ['end', { at: 'end' }],
    ['0', { at: 'offset', offset: 0n }],
    ['9223372036854775807', { at: 'offset', offset: 2n ** 63n - 1n }],
    ['-5', { at: 'last', count: 5 }],
    ['@1769851800000', { at: 'time', timestampMs: 1_769_851_800_000 }],
    ['@now', { at: 'time', timestampMs: now }],
    ['@-2h', { at: 'time', timestampMs: now - 7_200_000 }],
    ['-1h', { at: 'time', timestampMs: now - 3_600_000 }],
    ['1h', { at: 'time', timestampMs: now - 3_600_000 }],
    ['2026-05-01', { at: 'time', timestampMs: new Date(2026, 4, 1).getTime() }],
    ['2026-05-01T00:00:00Z', { at: 'time', timestampMs: Date.UTC(2026, 4, 1) }],
    ['@2026-05-01T00:00:00Z', { at: 'time', timestampMs: Date.UTC(2026, 4, 1) }],
  ],
  [
    ['9223372036854775808', '9223372036854775808 (beyond the largest offset)'],
    ['-0', '-0 (not a position)'],
    ['start', 'start (not a position)'],
    ['1.5', '1.5 (not a position)'],
    ['@never', 'never (not a time)'],
    ['-', '- (not a position)'],
    ['', "'' (not a position)"],
  ],
);
table(
  'key=value',
  keyValue,
  [
    ['a=b', ['a', 'b']],
    ['a=', ['a', '']],
    ['a=b=c', ['a', 'b=c']],
  ],
  [
    ['a', 'a (not key=value)'],
    ['=b', '=b (not key=value)'],
    ['', "'' (not key=value)"],
  ],
);
table('word of a few', choice(['all', 'none']), [['all', 'all']], [['some', 'some (not one of all, none)']]);

test('a regular expression is compiled, and refused with the reason', () => {
  assert.deepEqual(regex('^a+$'), /^a+$/);
  assert.throws(() => regex('['), /^KtError: \[ \(not a regular expression: .+\)$/);
});

test('an error names the flag or variable whose value was read', () => {
  assert.throws(() => readAs('--timeout', duration, '7x'), { message: '--timeout 7x (not a duration)' });
  assert.throws(() => readAs('--timeout', duration, ''), { message: "--timeout '' (not a duration)" });
  const broken = (): never => {
    throw new TypeError('defect');
  };
  assert.throws(() => readAs('--timeout', broken, ''), TypeError, 'a defect stays one');
});

test('delimiters take escapes, and refuse unknown ones', () => {
  assert.deepEqual(delimiter('\\t'), Buffer.from('\t'));
  assert.deepEqual(delimiter('\\0'), Buffer.from([0]));
  assert.deepEqual(delimiter('a\\xff\\\\ž'), Buffer.concat([Buffer.from('a'), Buffer.from([0xff]), Buffer.from('\\ž')]));
  for (const wrong of ['', '\\q', '\\x1', '\\']) assert.throws(() => delimiter(wrong), { kind: 'usage' }, wrong);
});

table(
  'rate',
  rate,
  [
    ['100/s', 100],
    ['0.5/s', 0.5],
    ['30/m', 0.5],
  ],
  [
    ['100', '100 (not a rate)'],
    ['0/s', '0/s (not a rate)'],
    ['-1/s', '-1/s (not a rate)'],
    ['10/h', '10/h (not a rate)'],
  ],
);
