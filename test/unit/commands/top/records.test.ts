import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KtError } from '../../../../src/base/errors.ts';
import { type Feed, recordsView } from '../../../../src/commands/top/records.ts';
import { FieldTexts } from '../../../../src/records/live/field-texts.ts';
import { RecordRing } from '../../../../src/records/live/record-ring.ts';
import { batchOf } from '../../../support/live-records.ts';
import { press, scene, screenText } from '../../../support/top-screen.ts';

/** A feed without a cluster: what comes is said by the test. */
async function feedOf(count: number, more: Partial<Feed> = {}) {
  const ring = new RecordRing();
  const texts = await FieldTexts.of('orders', { keyFormat: undefined, valueFormat: undefined });
  const filters: string[] = [];
  let came = 0;
  const come = (values: readonly string[]): void => {
    ring.add(batchOf(came, values), came * 1_000);
    came += values.length;
  };
  come(Array.from({ length: count }, (_, index) => `{"n":${index}}`));
  const feed: Feed = {
    ring,
    texts,
    get shown() {
      return ring.records;
    },
    isFiltered: false,
    perSecond: 1_234,
    message: undefined,
    filterProblem: undefined,
    filterBy: (text) => filters.push(text),
    stop: () => {},
    ...more,
  };
  const opened: number[] = [];
  const view = recordsView('orders', undefined, feed, ({ offset }) => opened.push(offset));
  return { view, come, filters, opened };
}

const cursor = (lines: readonly string[]) => lines.find((line) => line.startsWith('>'))!;

test('the newest is at the bottom and followed, until somebody moves; f follows again', async () => {
  const { view, come, opened } = await feedOf(100);
  const of = scene();
  const lines = screenText(view, of, 80, 24);
  assert.match(lines[1]!, /^ Topics › orders › records$/);
  assert.match(lines[3]!, /^ live · 1.23k\/s +100 kept · following$/);
  assert.match(lines[22]!, /^>\d\d:\d\d:31.000 +0 +99 +null +\{"n":99\}$/);
  come(['{"n":100}']);
  assert.match(cursor(screenText(view, of, 80, 24)), / 100 /);
  press(view, of, ['up', 'up']);
  come(['a', 'b', 'c']);
  const rested = screenText(view, of, 80, 24);
  assert.match(cursor(rested), / 98 /);
  assert.match(rested[3]!, /104 kept · \+3, f follows$/);
  press(view, of, ['enter']);
  assert.deepEqual(opened, [98]);
  press(view, of, ['f']);
  assert.match(cursor(screenText(view, of, 80, 24)), / 103 /);
  press(view, of, ['space']);
  come(['d']);
  assert.match(cursor(screenText(view, of, 80, 24)), / 103 /);
  press(view, of, ['g']);
  assert.match(screenText(view, of, 80, 24)[5]!, /^>.* 0 +null/);
});

test('empty text is not taken for nothing', async () => {
  const { view, come } = await feedOf(0);
  come(['']);
  assert.match(cursor(screenText(view, scene(), 80, 24)), / 0 +null +""$/);
});

test('the time of a record of another day has its date', async () => {
  const { view } = await feedOf(1);
  const day = 86_400_000;
  const line = (later: number) => cursor(screenText(view, scene({}, later), 80, 24));
  assert.match(line(0), /^>\d\d:\d\d:31\.000 {5}0 /);
  assert.match(line(day), /^>11-2\d \d\d:\d\d {6}0 /);
  assert.match(line(300 * day), /^>2026-11-2\d {7}0 /);
});

test('what is typed is the filter, keys included; what is wrong in it is told', async () => {
  const { view, filters } = await feedOf(3);
  const of = scene();
  press(view, of, ['/', ...'value.n > 1 && f', 'enter']);
  assert.equal(filters.at(-1), 'value.n > 1 && f');
  assert.match(screenText(view, of, 80, 24)[4]!, /^ \/value.n > 1 && f {3}expression +Esc clears$/);
  press(view, of, ['escape']);
  assert.equal(filters.at(-1), '');
  const problem = new KtError('usage', 'the filter: value.n > (an operand is missing)', {
    excerpt: { text: 'value.n >', at: 9 },
  });
  const wrong = await feedOf(3, { filterProblem: problem });
  press(wrong.view, of, ['/', ...'value.n >']);
  assert.match(screenText(wrong.view, of, 80, 24)[4]!, /an operand is missing/);
});

test('an empty screen is explained', async () => {
  const none = await feedOf(3, { isFiltered: true, shown: [] });
  const lines = screenText(none.view, scene(), 80, 24);
  assert.match(lines[3]!, /0 of 3 match/);
  assert.match(lines.join('\n'), /none of the records kept passes the filter/);
  assert.match(screenText((await feedOf(0)).view, scene(), 80, 24).join('\n'), /waiting for records/);
  const failed = await feedOf(0, { message: 'no permission: READ on topic orders' });
  assert.match(screenText(failed.view, scene(), 80, 24)[4]!, /no permission: READ on topic orders/);
});
