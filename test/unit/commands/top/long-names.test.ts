/** Long names on the screens of kt top: what is different looks different, however narrow the screen is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brokersView } from '../../../../src/commands/top/brokers.ts';
import { groupView } from '../../../../src/commands/top/group.ts';
import { groupsView } from '../../../../src/commands/top/groups.ts';
import { overviewView } from '../../../../src/commands/top/overview.ts';
import { profilesView } from '../../../../src/commands/top/profiles.ts';
import { topicView } from '../../../../src/commands/top/topic.ts';
import { topicsView } from '../../../../src/commands/top/topics.ts';
import type { Scene, View } from '../../../../src/commands/top/view.ts';
import { broker, group, groupPartition, scene, screenText, topic } from '../../../support/top-screen.ts';

/** Three names that differ in their middle. */
const names = [1, 2, 3].map((region) => `payments.service.events.of.region.${region}.for.everybody.who.wants.them.v1`);

/** What is cut on a screen: each text once. */
function cut(view: View, of: Scene, columns: number): readonly string[] {
  const lines = screenText(view, of, columns, 24)
    .slice(3)
    .filter((row) => !row.startsWith(' NEXT '));
  return [...new Set(lines.flatMap((line) => line.slice(1).split(/ +/)).filter((word) => /[a-z]…|…[a-z\d]/.test(word)))];
}

test('topics, groups, hosts and profiles that differ in their middle stay different', () => {
  const look = { rest: () => {}, known: () => undefined, open: () => {}, close: () => {} };
  const of = scene({
    topics: names.map((name) => topic(name)),
    groups: [
      ...names.map((name) => group(name)),
      group('reader', { partitions: names.map((name) => groupPartition(0, { topic: name })) }),
    ],
    brokers: names.map((host, index) => broker(index + 1, { host })),
  });
  const profiles = { profiles: () => names.map((name) => ({ name, address: '' })), choose: () => {}, close: () => {} };
  for (const columns of [40, 80]) {
    assert.equal(cut(topicsView(), of, columns).length, 3, `topics at ${columns}`);
    assert.equal(cut(groupsView(), of, columns).length, 3, `groups at ${columns}`);
    assert.equal(cut(groupView('reader', look), of, columns).length, 3, `topics of a group at ${columns}`);
    assert.equal(cut(profilesView(profiles, 'prod'), of, columns).length, 3, `profiles at ${columns}`);
    // Three topics and three groups, which may be given different room.
    assert.ok(cut(overviewView(), of, columns).length >= 3, `overview at ${columns}`);
  }
  assert.equal(cut(brokersView(), of, 80).length, 3, 'hosts');
});

test('racks, members and the groups of partitions too', () => {
  const racks = ['us-east-1a', 'us-east-1b', 'us-east-1c'];
  const of = scene({
    brokers: racks.map((rack, index) => broker(index + 1, { rack })),
    groups: [group('reader', { partitions: names.map((clientId, partition) => groupPartition(partition, { clientId })) })],
    topics: [topic('orders')],
    topic: {
      topic: 'orders',
      partitions: names.map((mostLagOf, partition) => ({
        partition,
        leader: 1,
        replicas: [1],
        isr: [1],
        start: 0,
        end: 10,
        answered: true,
        inPerSecond: 0,
        trend: [],
        mostLag: 5n,
        mostLagOf,
      })),
    },
  });
  const look = { rest: () => {}, known: () => undefined, open: () => {}, close: () => {} };
  const members = groupView('reader', look);
  assert.equal(cut(brokersView(), of, 120).length, 3, 'racks');
  assert.equal(cut(members, of, 80).length, 3, 'members');
  const partitions = topicView('orders', () => undefined);
  assert.equal(cut(partitions, of, 120).length, 3, 'who lags most');
});

test('a title says all about a topic whose name is long, and both ends of its name', () => {
  const view = topicView(names[0]!, () => undefined);
  const of = scene({ topics: [topic(names[0]!, { partitions: 48, inPerSecond: 12_100 })] });
  const title = screenText(view, of, 80, 24)[1]!;
  assert.match(title, /^ Topics › payments\S*…\S*v1 {3}48 partitions · RF 3 · in 12\.1k\/s$/);
  assert.ok(title.length <= 80);
});

test('the line on the record that a group is stuck on keeps offset, age and size', () => {
  const partition = groupPartition(7, { topic: names[0]!, lag: 10n, verdict: 'stalled' });
  const of = scene({ groups: [group('reader', { lag: 10n, partitions: [partition] })] });
  const place = { topic: names[0]!, partition: 7, offset: 90n, end: 100n };
  const found = { offset: 90, timestamp: of.now - 43 * 60_000, size: 1_900_000, key: 'k', value: 'v' };
  const view = groupView('reader', { rest: () => {}, known: () => ({ place, found }), open: () => {}, close: () => {} });
  const stuck = screenText(view, of, 80, 24).find((line) => line.includes('STUCK'))!;
  assert.match(stuck, /^ STUCK ON pay\S*…\S*:7 @ 90, written 43 min ago, 1,900,000 B; Enter opens it$/);
});

test('the address of the cluster gives way to what there is in it', () => {
  const of = { ...scene(), where: 'b-1.orders-of-all-regions.a1b2c3.c2.kafka.eu-central-1.amazonaws.com:9092 +2' };
  const first = screenText(topicsView(), of, 80, 24)[0]!;
  assert.match(first, /^ b-1\S*…\S*:9092 \+2 {2}3 brokers {2}0 topics {2}0 groups +every 2s {2}\d\d:\d\d:31$/);
});
