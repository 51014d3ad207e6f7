/** The screen of `kt lag --watch`: what keys do to it, and what it then shows. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Key } from '../../../../src/cli/full-screen.ts';
import { firstView, pressed, type WatchView } from '../../../../src/commands/lag/watch-keys.ts';
import { watchRows } from '../../../../src/commands/lag/watch-rows.ts';
import { lagLive } from '../../../../src/commands/lag/watch-view.ts';
import type { WatchedPartition, WatchSample } from '../../../../src/core/lag/watch.ts';
import { blockLines } from '../../../../src/render/screen/block-lines.ts';

function partition(topic: string, number: number, lag: bigint | null, more: Partial<WatchedPartition> = {}): WatchedPartition {
  return {
    topic,
    partition: number,
    committedOffset: 0n,
    startOffset: 0n,
    endOffset: lag,
    lag,
    memberId: null,
    groupInstanceId: null,
    clientId: null,
    host: null,
    lags: [null, lag],
    inPerSecond: 1,
    outPerSecond: null,
    catchUpSeconds: lag === 0n ? 0 : 10,
    ...more,
  } as WatchedPartition;
}

const groups = [
  {
    group: 'billing',
    partitions: [
      partition('orders', 2, 5n, { clientId: 'app-1', outPerSecond: 9 }),
      partition('orders', 10, 7n, { clientId: 'app-2' }),
      partition('users', 0, 0n),
    ],
  },
  {
    group: 'audit',
    partitions: [partition('orders', 2, 100n, { catchUpSeconds: null, status: 'uncommitted' }), partition('users', 0, null)],
  },
] as unknown as WatchSample['groups'];
const sample: WatchSample = { timestamp: 1000, groups, problems: [], lastSeen: { timestamp: 1000, groups } };

const shown = (view: WatchView) =>
  watchRows(sample, view).map(({ group, topic, partition: p, lag }) => [group, topic, p, lag].join(' '));
/** By its name; one character types itself. */
const keyOf = (name: string): Key => ({
  name,
  ...([...name].length === 1 && { text: name }),
  ...(name === 'space' && { text: ' ' }),
});
const after = (keys: readonly string[], count = 5, room = 2, view = firstView) =>
  keys.reduce<WatchView>((now, name) => pressed(now, keyOf(name), count, room)!, view);

test('the largest lag comes first; s sorts by something else, r turns it round', () => {
  assert.deepEqual(shown(firstView), [
    'audit orders 2 100',
    'billing orders 10 7',
    'billing orders 2 5',
    'billing users 0 0',
    'audit users 0 ',
  ]);
  assert.equal(shown(after(['r']))[0], 'audit users 0 ');
  assert.deepEqual(
    shown(after(['s', 's', 's', 's', 's'])).slice(0, 3),
    ['audit orders 2 100', 'billing orders 2 5', 'billing orders 10 7'],
    'by topic',
  );
  assert.equal(after(['r', 's']).reversed, false);
  assert.deepEqual(after(Array.from({ length: 6 }, () => 's')), firstView, 'all of them in turn');
});

test('g shows what the partitions of a topic, then of a group amount to', () => {
  assert.deepEqual(shown(after(['g'])), ['audit orders  100', 'billing orders  12', 'billing users  0', 'audit users  ']);
  const [audit, billing] = watchRows(sample, after(['g', 'g']));
  assert.deepEqual(
    [audit!.group, audit!.lag, audit!.partitions, audit!.catchUpSeconds, audit!.status],
    ['audit', 100n, 2, null, 'uncommitted'],
  );
  assert.deepEqual(
    [billing!.lag, billing!.inPerSecond, billing!.outPerSecond, billing!.clientId, billing!.catchUpSeconds],
    [12n, 3, 9, '2 clients', 2],
  );
  assert.deepEqual(billing!.lags, [null, 12n]);
  assert.deepEqual(after(['g', 'g', 'g']), firstView);
});

test('/ filters by group, partition and member as one types; q is a letter there, Enter keeps it, Esc takes it away', () => {
  assert.deepEqual(shown(after(['/', 'A', 'p', 'p', '-', '2'])), ['billing orders 10 7']);
  assert.deepEqual(shown(after(['/', ...'orders:2'])), ['audit orders 2 100', 'billing orders 2 5']);
  const typing = after(['/', 'q', 'x', 'backspace']);
  assert.deepEqual([typing.filter, typing.typing], ['q', true]);
  const kept = after(['enter'], 5, 2, typing);
  assert.deepEqual([kept.filter, kept.typing], ['q', false]);
  assert.equal(pressed(kept, keyOf('q'), 5, 2), undefined, 'q quits');
  assert.equal(after(['escape'], 5, 2, kept).filter, '');
  assert.equal(pressed(typing, keyOf('ctrl-x'), 5, 2), undefined, 'it is no letter');
  assert.equal(pressed(firstView, keyOf('escape'), 5, 2), undefined);
  const pasted: Key = { name: 'paste', text: 'orders:2\n' };
  assert.equal(pressed(typing, pasted, 5, 2)!.filter, 'qorders:2');
  assert.equal(pressed(firstView, pasted, 5, 2), undefined, 'text that is pasted where none is typed is no key');
});

test('arrows and page keys scroll, no further than there are rows', () => {
  const at = (...keys: string[]) => after(keys).first;
  assert.equal(at('down'), 1);
  assert.equal(at('j', 'j', 'j', 'j', 'j', 'k'), 2);
  assert.equal(at('space'), 2);
  assert.equal(at('pagedown', 'pageup'), 0);
  assert.equal(at('end'), 3);
  assert.equal(at('end', 'home'), 0);
  assert.equal(after(['j'], 1, 5).first, 0, 'all is seen');
  assert.equal(at('end', 's'), 0, 'another order begins at its top');
  assert.deepEqual([at('/', 'end'), after(['/', 'end', 'k']).filter], [3, 'k'], 'arrows move in what is found so far');
});

test('the screen fits, and says which rows it shows, how to see others, and what the filter is', () => {
  const live = lagLive(async function* () {}).screen!;
  const screen = (view: WatchView, lines: number) => live.blocks(sample, lines, view)[0]!;
  const small = screen({ ...firstView, first: 4 }, 8);
  assert.equal(small.rows.length, 2);
  assert.match(small.footer!, /^4-5 of 5 partitions by lag\n.*q quit$/);
  assert.match(screen(firstView, 40).footer!, /^5 partitions by lag\n/);
  assert.match(
    screen({ ...firstView, filter: 'app', typing: true }, 40).footer!,
    /^2 partitions with \/app_ by lag\nEnter keeps/,
  );
  assert.match(
    screen({ ...firstView, level: 'group', reversed: true, sorting: 'in' }, 40).footer!,
    /^2 groups by in, reversed\n/,
  );
  const catchUp = small.columns.find(({ header }) => header === 'CATCH-UP')!;
  assert.deepEqual(
    watchRows(sample, firstView).map((row) => catchUp.get(row)),
    ['never', '10s', '10s', null, null],
  );
});

test('a key and the drawing after it make the rows once, and scrolling makes none', () => {
  const live = lagLive(async function* () {}).screen!;
  let made = 0;
  const watched: WatchSample = {
    ...sample,
    lastSeen: {
      timestamp: 1000,
      get groups() {
        made++;
        return groups;
      },
    },
  };
  live.blocks(watched, 8, firstView);
  const scrolled = live.press(firstView, keyOf('j'), watched, 8)!;
  assert.equal(live.blocks(watched, 8, scrolled)[0]!.rows.length, 2);
  assert.equal(made, 1);
  const turned = live.press(scrolled, keyOf('r'), watched, 8)!;
  assert.deepEqual(
    live.blocks(watched, 8, turned)[0]!.rows.map((row) => (row as { lag: bigint | null }).lag),
    [null, 0n],
  );
  assert.equal(made, 2);
  live.blocks({ ...watched }, 8, turned);
  assert.equal(made, 3, 'another sample');
});

test('a narrow screen leaves whole columns out, LAG last of all, and shows the newest end of the trend', () => {
  const live = lagLive(async function* () {}).screen!;
  const lags = Array.from({ length: 20 }, (_, at) => BigInt(at));
  const long = { group: 'billing-of-the-north', partitions: [partition('orders', 2, 19n, { lags, status: 'uncommitted' })] };
  const watched = { ...sample, lastSeen: { timestamp: 1000, groups: [long] as unknown as WatchSample['groups'] } };
  const shownIn = (columns: number) => {
    const lines = blockLines(live.blocks(watched, 24, firstView), columns, true).map(({ spans }) =>
      spans
        .map((span) => (typeof span === 'string' ? span : span.text.padEnd('width' in span ? (span.width ?? 0) : 0)))
        .join('')
        .trimEnd(),
    );
    return {
      header: lines[3]!.split(/ +/),
      row: lines[4]!,
      widest: Math.max(...lines.slice(3, 5).map(({ length }) => length)),
    };
  };
  assert.deepEqual(shownIn(20).header, ['GROUP', 'TOPIC', 'LAG']);
  assert.deepEqual(shownIn(12).header, ['GROUP', 'LAG']);
  for (const columns of [12, 20, 30, 40, 60, 80, 120]) {
    const { header, row, widest } = shownIn(columns);
    assert.ok(widest <= columns, `${columns}: ${row}`);
    if (header.includes('TREND')) assert.match(row, /█/, 'the newest sample, which is the highest');
  }
  assert.ok(shownIn(60).header.includes('STATUS'), 'what is wrong is left out after the trend');
});
