import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { KtError } from '../../../../src/base/errors.ts';
import { brokersView } from '../../../../src/commands/top/brokers.ts';
import { Clipboard } from '../../../../src/commands/top/clipboard.ts';
import { groupView, type StuckLook } from '../../../../src/commands/top/group.ts';
import { groupsView } from '../../../../src/commands/top/groups.ts';
import { helpView } from '../../../../src/commands/top/help.ts';
import { clockTime } from '../../../../src/commands/top/numbers.ts';
import { overviewView } from '../../../../src/commands/top/overview.ts';
import { profilesView } from '../../../../src/commands/top/profiles.ts';
import { topicView } from '../../../../src/commands/top/topic.ts';
import { topicsView } from '../../../../src/commands/top/topics.ts';
import { actions, broker, group, groupPartition, now, press, scene, screenText, topic } from '../../../support/top-screen.ts';

const topics = [
  topic('orders', {
    partitions: 48,
    inPerSecond: 12_100,
    outPerSecond: 24_200,
    groups: 2,
    lag: 1_204_112n,
    lagsMost: 'billing',
    records: 812_000_000,
  }),
  topic('payments', { inPerSecond: 3_900, outPerSecond: 3_900, groups: 1, lag: 0n }),
  topic('注文', { inPerSecond: 211, inIsPart: true, underReplicated: 2 }),
  topic('hidden', { inPerSecond: null, denied: true }),
  topic('__consumer_offsets', { internal: true, inPerSecond: 99_999 }),
];
const groups = [
  group('billing', { lag: 1_204_112n, verdict: 'growing', catchUpSeconds: null }),
  group('mailer', { state: 'Empty', lag: 882n, verdict: 'stopped', catchUpSeconds: null }),
  group('audit', {
    lag: null,
    readAt: null,
    members: null,
    problem: new KtError('refused', 'no', { code: 'GROUP_AUTHORIZATION_FAILED' }),
  }),
];
const many = Array.from({ length: 500 }, (_, index) =>
  topic(`topic-${String(index).padStart(3, '0')}`, { inPerSecond: 500 - index }),
);
const down = new KtError('connection', 'down', { code: 'ECONNREFUSED' });

const noLook: StuckLook = { rest: () => {}, known: () => undefined, open: () => {}, close: () => {} };

test('the overview at 80 by 24: most written, most lagging, brokers', () => {
  const lines = screenText(overviewView(), scene({ topics, groups }), 80, 24);
  assert.equal(lines.length, 24);
  assert.match(lines[0]!, /^ prod-eu {2}3 brokers {2}4 topics {2}3 groups +every 2s {2}\d\d:\d\d:31$/);
  assert.match(lines[1]!, /^ \[1 Overview\] 2 Topics 3 Groups 4 Brokers +in ~16.2k\/s {2}out 28.1k\/s$/);
  assert.match(lines[2]!, /^ ! 2 partitions under-replicated, 0 offline$/);
  assert.match(lines[3]!, /^ WRITTEN MOST +PART +RF +UNDER +IN\/S +OUT\/S +TREND +GROUPS +LAG$/);
  assert.match(lines[4]!, /^>orders +48 +3 +0 +12.1k +24.2k +▁▄▆█ +2 +1.20M$/);
  assert.match(lines[6]!, /^ 注文 +3 +3 +2 +~211 +– /);
  assert.match(lines[7]!, /^ hidden +3 +3 +0 +x +– /);
  assert.match(lines[8]!, /^ LAGGING MOST +STATE +LAG +TREND +VERDICT +CATCH-UP$/);
  assert.match(lines[9]!, /^ billing +Stable +1.20M +▁▅█ +growing +never$/);
  assert.match(lines[11]!, /^ audit +Stable +x .* not allowed +–$/);
  assert.match(lines[12]!, /^ BROKER +RACK +LEADERS +REPLICAS +UNDER +ANSWERS$/);
  assert.match(lines[13]!, /^ 1 \* +a +10 +30 +0 +4 ms$/);
  assert.match(lines[23]!, /Enter open .*\? help {2}q quit$/);
});

test('Enter opens what the cursor is on: a topic, a group, the brokers', () => {
  const [view, of, act] = [overviewView(), scene({ topics, groups }), actions()];
  screenText(view, of, 80, 24);
  press(view, of, ['enter', 'down', 'down', 'down', 'down', 'enter', 'G', 'enter'], act);
  assert.deepEqual(act.done, ['topic orders', 'group billing', 'screen 4']);
});

test('more than fits says how many more, at every size no line is longer than the screen', () => {
  const of = scene({
    topics: many,
    groups: Array.from({ length: 90 }, (_, index) => group(`g${index}`, { lag: BigInt(index) })),
  });
  for (const [columns, height] of [
    [80, 24],
    [120, 36],
    [40, 10],
    [40, 8],
    [300, 100],
  ] as const) {
    for (const view of [overviewView(), topicsView(), groupsView(), brokersView(), helpView(overviewView())]) {
      const lines = screenText(view, of, columns, height);
      assert.equal(lines.length, height);
      for (const line of lines) assert.ok(line.length <= columns, `${columns}: ${line}`);
    }
  }
  const lines = screenText(overviewView(), of, 80, 24);
  assert.match(lines.find((line) => line.includes('2 shows all'))!, /… 49\d more; 2 shows all/);
  assert.match(lines.find((line) => line.includes('3 shows all'))!, /… 8\d more; 3 shows all/);
});

describe('the cursor', () => {
  test('stays on the first row while nobody moved, and on its name once somebody has', () => {
    const view = topicsView();
    const rows = (a: number, b: number) => [topic('a', { inPerSecond: a }), topic('b', { inPerSecond: b })];
    assert.match(screenText(view, scene({ topics: rows(2, 1) }), 80, 24)[5]!, /^>a/);
    assert.match(screenText(view, scene({ topics: rows(1, 2) }), 80, 24)[5]!, /^>b/);
    press(view, scene({ topics: rows(1, 2) }), ['down']);
    assert.match(screenText(view, scene({ topics: rows(1, 2) }), 80, 24)[6]!, /^>a/);
    // For three seconds rows keep their places, then the cursor goes with its row.
    assert.match(screenText(view, scene({ topics: rows(3, 2) }, 1_000), 80, 24)[6]!, /^>a/);
    assert.match(screenText(view, scene({ topics: rows(3, 2) }, 4_000), 80, 24)[5]!, /^>a/);
  });

  test('goes to the row behind one that is gone, scrolls, and opens what it is on', () => {
    const view = topicsView();
    press(view, scene({ topics: many }), ['down', 'down']);
    const without = many.filter(({ topic: name }) => name !== 'topic-002');
    assert.match(screenText(view, scene({ topics: without }), 80, 24)[7]!, /^>topic-003/);
    press(view, scene({ topics: many }), ['G']);
    const end = screenText(view, scene({ topics: many }, 10_000), 80, 24);
    assert.match(end.findLast((line) => line.startsWith('>'))!, /^>topic-499/);
    const act = actions();
    press(view, scene({ topics: many }), ['enter', 'up', 't'], act);
    assert.deepEqual(act.done, ['topic topic-499', 'records topic-498']);
  });
});

test('a filter holds at each letter, outlives Enter, and Esc clears it', () => {
  const view = topicsView();
  const of = scene({ topics: many });
  press(view, of, ['/', '0', '0', 'q', 'backspace', '7']);
  assert.match(screenText(view, of, 80, 24)[3]!, /^ Topics 1 of 500 {3}\/007_ +by IN\/S ↓$/);
  press(view, of, ['enter']);
  assert.equal(view.isTyping(), false);
  assert.match(screenText(view, of, 80, 24)[5]!, /^>topic-007/);
  press(view, of, ['escape']);
  assert.match(screenText(view, of, 80, 24)[3]!, /^ Topics 500 /);
  press(view, of, ['/', ...'topic-00?', 'enter']);
  assert.match(screenText(view, of, 80, 24)[3]!, /^ Topics 10 of 500/);
  press(view, of, ['/', ...'nothing']);
  assert.match(screenText(view, of, 80, 24).join('\n'), /nothing passes the filter; Esc clears it/);
});

test('s sorts by the next column, S turns it', () => {
  const view = groupsView();
  const of = scene({ groups }, 10_000);
  assert.match(screenText(view, of, 120, 24)[3]!, /by LAG ↓$/);
  press(view, of, ['s', 's']);
  assert.match(screenText(view, of, 120, 24)[3]!, /by OUT\/S ↓$/);
  press(view, of, ['s', 'S']);
  const lines = screenText(view, of, 120, 24);
  assert.match(lines[3]!, /by VERDICT ↑$/);
});

test('what groups may not be read says so, and what is old says how old', () => {
  const old = [group('a', { readAt: now - 12_000 }), groups[2]!];
  const lines = screenText(groupsView(), scene({ groups: old, groupsArePart: true }), 80, 24);
  assert.match(lines[3]!, /^ Groups 2 that you may see {3}the oldest lag is of 12 s ago/);
  assert.match(lines.find((line) => line.includes('audit'))!, /– +x .*not allowed/);
});

test('the worst line keeps its last number on a narrow screen', () => {
  const brokers = [broker(1), broker(3, { problem: down, answeredAt: now - 120_000 })];
  const of = scene({ brokers, topics: [topic('orders', { underReplicated: 4_010, offline: 3_000 })] });
  const third = (columns: number) => screenText(brokersView(), of, columns, 12)[2];
  assert.equal(third(80), ' ! broker 3: no answer for 2 min; 4,010 under-replicated, 3,000 offline');
  assert.equal(third(82), ' ! broker 3: no answer for 2 min; 4,010 partitions under-replicated, 3,000 offline');
});

test('sizes of brokers, which are asked for seldom, carry their time', () => {
  const sized = (id: number, later: number) => broker(id, { bytes: 1_000, sizedAt: now + later });
  const lines = screenText(brokersView(), scene({ brokers: [sized(1, 0), sized(2, -300_000), broker(3)] }), 80, 12);
  assert.match(lines[3]!, new RegExp(`^ Brokers 3, 3 answer · sizes of ${clockTime(now - 300_000)} `));
});

test('a broker that does not answer is worst, and its line says since when', () => {
  const brokers = [broker(1), broker(3, { problem: down, answeredAt: now - 36_000, answerMs: null })];
  const lines = screenText(
    brokersView(),
    scene({ brokers, topics: [topic('orders', { underReplicated: 3, offline: 1 })] }),
    80,
    24,
  );
  assert.equal(lines[2], ' ! broker 3: no answer for 36 s; 3 partitions under-replicated, 1 offline');
  assert.match(lines[3]!, /^ Brokers 2, 1 answer {2}/);
  assert.match(lines[6]!, /^ 3 .* refused/);
});

test('a cluster that is gone keeps its values, with their age and the next try', () => {
  const of = scene({
    topics,
    isGone: true,
    answeredAt: now - 61_000,
    nextTryMs: 3_200,
    brokers: [broker(1, { problem: down })],
  });
  const lines = screenText(overviewView(), of, 80, 24);
  assert.equal(lines[2], ' ! no broker answers; all of this is of 61 s ago; next try in 4 s');
  assert.match(lines[4]!, /^>orders/);
});

test('a topic: its partitions, configs and groups, and what is wrong with a partition', () => {
  const partition = {
    replicas: [1, 2, 3],
    start: 0,
    end: 16_933_210,
    answered: true,
    inPerSecond: 252,
    trend: [1, 1],
    mostLag: null,
    mostLagOf: null,
  };
  const of = scene({
    topics,
    groups: [
      group('billing', { partitions: [groupPartition(0), groupPartition(0, { topic: 'other', lag: 5n })] }),
      group('half', {
        lag: 5n,
        verdict: 'stalled',
        catchUpSeconds: null,
        partitions: [groupPartition(0, { lag: 0n }), groupPartition(0, { topic: 'other', lag: 5n, verdict: 'stalled' })],
      }),
      group('fast', {
        verdict: 'ok',
        partitions: [groupPartition(0, { lag: 9n, inPerSecond: 1, outPerSecond: 4, verdict: 'catching up' })],
      }),
    ],
    topic: {
      topic: 'orders',
      partitions: [
        { ...partition, partition: 0, leader: 1, isr: [1, 2, 3] },
        { ...partition, partition: 1, leader: 2, isr: [2, 3], mostLag: 301_338n, mostLagOf: 'billing' },
        { ...partition, partition: 2, leader: -1, isr: [], inPerSecond: null },
        { ...partition, partition: 3, leader: 3, isr: [1, 2, 3], answered: false, inPerSecond: null },
      ],
    },
  });
  const configs = [
    { name: 'retention.ms', entry: { value: '604800000', source: 'DYNAMIC_TOPIC_CONFIG', sensitive: false, readOnly: false } },
  ];
  const view = topicView('orders', () => configs);
  const lines = screenText(view, of, 80, 24);
  assert.match(lines[1]!, /^ Topics › orders {3}48 partitions · RF 3 · in 12.1k\/s/);
  assert.match(lines[3]!, /^ \[p Partitions\] c Configs t Records u Groups/);
  assert.match(lines[6]!, /^> +0 +1 +1,2,3 +0 +16,933,210 +252 /);
  assert.match(lines[7]!, /ISR 2 of 3$/);
  assert.match(lines[8]!, /none .* no leader$/);
  assert.match(lines[9]!, / – .* no answer$/);
  const act = actions();
  press(view, of, ['down', 'enter'], act);
  assert.deepEqual(act.done, ['records orders:1']);
  press(view, of, ['c']);
  assert.match(screenText(view, of, 80, 24)[6]!, /^>retention.ms +604800000 \(7d\) +this topic/);
  press(view, of, ['u']);
  assert.match(screenText(view, of, 80, 24)[6]!, /^>billing +Stable +0 +10 /);
  const readers = screenText(view, of, 80, 24);
  assert.match(readers.find((each) => each.includes('half'))!, /^ half +Stable +0 +0 +0 +ok$/, 'as it stands to this topic');
  assert.match(readers.find((each) => each.includes('fast'))!, /^ fast +Stable +0 +9 +4 +catching up +3s$/);
  assert.match(
    screenText(
      topicView('gone', () => undefined),
      of,
      80,
      24,
    )[1]!,
    /gone {3}gone/,
  );
});

test('a group: lag and verdict of each partition, and the record it is stuck on', () => {
  const stalled = groupPartition(7, { lag: 301_338n, endOffset: 301_428n, verdict: 'stalled', clientId: 'worker-3' });
  const of = scene({
    groups: [
      group('billing', {
        lag: 301_338n,
        partitions: [
          groupPartition(0, { lag: 0n }),
          stalled,
          groupPartition(2, { lag: null, status: 'unavailable', endOffset: null }),
        ],
      }),
    ],
  });
  const found = { offset: 90, timestamp: now - 43 * 60_000, size: 1_900_000, key: 'eu-31337', value: '{"id":85001}' };
  const opened: unknown[] = [];
  const look: StuckLook = {
    ...noLook,
    known: () => ({ place: { topic: 'orders', partition: 7, offset: 90n, end: 301_428n }, found }),
    open: (place) => opened.push(place),
  };
  const view = groupView('billing', look);
  const lines = screenText(view, of, 80, 24);
  assert.match(lines[1]!, /^ Groups › billing {3}consumer · Stable · coordinator 1 · 0 members {2}lag 301,338$/);
  assert.match(lines[5]!, /^>orders +7 +301,338 .*stalled +worker-3$/);
  assert.match(lines.find((line) => /^ orders +2 /.test(line))!, / – .*no answer/);
  assert.equal(lines[21], ' STUCK ON orders:7 @ 90, written 43 min ago, 1,900,000 B; Enter opens it');
  assert.match(lines[22]!, /^ {3}key eu-31337 +value \{"id":85001\}$/);
  press(view, of, ['enter']);
  assert.equal(opened.length, 1);
  const act = actions();
  press(view, of, ['G', 'enter'], act);
  assert.deepEqual(act.done, ['topic orders']);
});

test("a profile's command can be pasted into a shell, whatever its name", () => {
  const profiles = () => [{ name: 'eu west', address: 'a:9092' }];
  const view = profilesView({ profiles, choose: () => {}, close: () => {} }, 'prod');
  const of = scene();
  screenText(view, of, 80, 24);
  assert.equal(view.command?.(of), "kt top --profile 'eu west'");
});

test('what is too long for the clipboard is not said to be sent', () => {
  const view = topicsView();
  const of = scene({ topics });
  screenText(view, of, 80, 24);
  assert.equal(
    new Clipboard().value(view, of, () => true),
    "sent to the terminal's clipboard",
  );
  assert.match(
    new Clipboard().value(view, of, () => false),
    /^too long .* Y /,
  );
});

test('help tells the keys, those of the screen it was called from, and what kt asks', () => {
  const view = helpView(groupsView());
  const wide = screenText(view, scene(), 120, 36).join('\n');
  assert.match(wide, /Asks now 3.7\/s in all, 1.3\/s of the busiest broker \(limit 2\). Changes nothing./);
  assert.match(wide, /1 2 3 4 Tab .*LAG /);
  const act = actions();
  press(view, scene(), ['x'], act);
  assert.deepEqual(act.done, ['back']);
  const small = helpView(groupsView());
  screenText(small, scene(), 80, 10);
  press(
    small,
    scene(),
    Array.from({ length: 40 }, () => 'down'),
    act,
  );
  assert.match(screenText(small, scene(), 80, 10).join('\n'), /Asks now/);
  press(small, scene(), ['g'], act);
  assert.match(screenText(small, scene(), 80, 10)[3]!, /1 2 3 4 Tab/);
  press(small, scene(), ['G'], act);
  assert.match(screenText(small, scene(), 80, 10).join('\n'), /Asks now/);
  assert.deepEqual(act.done, ['back'], 'closed by none of these');
});
