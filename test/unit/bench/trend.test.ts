import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeTrend, formatTrend, parseTrend, ratiosOf, type TrendRun, withRun } from '../../../bench/trend.ts';

const run = (commit: string, ratios: Readonly<Record<string, string>>, cores = 2): TrendRun => ({
  ...{ date: '2026-11-27', version: '0.1.0', commit, cores },
  ratios: new Map(Object.entries(ratios)),
});
const first = run('aaaaaaa', { 'tail (kcat)': '5.06', 'pipe (kcat -C | kcat -P)': '2.10' });
const second = run('bbbbbbb', { 'tail (kcat)': '6.20', 'lag (kafka-consumer-groups)': '32.7' });

test('a run keeps the ratio to the main rival of each row, but not where that rival was not there', () => {
  const reports = new Map([
    ['tail', { main: { rival: 'kcat', ratio: 6.204 } }],
    ['lag', { main: { rival: 'kafka-consumer-groups', ratio: 32.71 } }],
    ['topics-list', { main: undefined }],
  ]);
  assert.deepEqual(ratiosOf(reports), second.ratios);
});

test('each run is a line, and what was written is read back', () => {
  const text = formatTrend([first, second]);
  assert.equal(text.split('\n').length, 4);
  assert.deepEqual(parseTrend(text), [first, second]);
});

test('a row that is new or gone leaves an empty cell, and no other row moves', () => {
  const [head, before, after] = formatTrend([first, second]).split('\n');
  assert.equal(head, 'date\tversion\tcommit\tcores\ttail (kcat)\tlag (kafka-consumer-groups)\tpipe (kcat -C | kcat -P)');
  assert.equal(before, '2026-11-27\t0.1.0\taaaaaaa\t2\t5.06\t\t2.10');
  assert.equal(after, '2026-11-27\t0.1.0\tbbbbbbb\t2\t6.20\t32.7\t');
});

test('a second run of a commit replaces the first, on a machine with other cores it is one more', () => {
  const again = run('aaaaaaa', { 'tail (kcat)': '5.50' });
  assert.deepEqual(withRun([first, second], again), [second, again]);
  const elsewhere = run('aaaaaaa', { 'tail (kcat)': '4.00' }, 4);
  assert.deepEqual(withRun([first, second], elsewhere), [first, second, elsewhere]);
});

test('the first run of all needs no file', () => {
  assert.deepEqual(withRun([], first), [first]);
});

test('people see the newest run first, with its cores, in a table that a bar in a name does not break', () => {
  const lines = describeTrend([first, second]).split('\n');
  const [head = ''] = lines.filter((line) => line.startsWith('| row'));
  assert.match(head, /0\.1\.0 bbbbbbb, 2026-11-27, 2 cores.*0\.1\.0 aaaaaaa/);
  const cells = (name: string) => lines.find((line) => line.startsWith(`| ${name} `))?.split(/ +\| +| \|$/);
  assert.deepEqual(cells('tail (kcat)')?.slice(1, 3), ['6.20', '5.06']);
  const pipe = lines.find((line) => line.startsWith('| pipe '))!;
  assert.equal(pipe.match(/(?<!\\)\|/g)!.length, 4);
});

test('only the newest runs are shown, but all are kept', () => {
  const many = Array.from({ length: 12 }, (_, index) => run(`commit${index}`, { 'tail (kcat)': '5.00' }));
  const shown = describeTrend(many);
  assert.ok(shown.includes('commit11') && !shown.includes('commit0,'));
  assert.equal(parseTrend(formatTrend(many)).length, 12);
});
