import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KtError } from '../../../../src/base/errors.ts';
import { Collector } from '../../../../src/core/top/collector.ts';
import type { Snapshot } from '../../../../src/core/top/snapshot.ts';
import { type FakeClock, fakeClock } from '../../../support/fake-clock.ts';
import { type Answerer, fakeCluster } from '../../../support/fake-cluster.ts';

interface Sent {
  readonly at: number;
  readonly api: string;
  readonly broker: number | undefined;
}

/** A cluster of three brokers on which orders grows by ten records a second; `silent` brokers do not answer. */
function cluster(topics: Readonly<Record<string, readonly number[]>>, silent: () => readonly number[] = () => []) {
  const clock = fakeClock();
  const sent: Sent[] = [];
  const answer =
    (api: string, give: Answerer): Answerer =>
    (body, target, tries) => {
      const broker = typeof target === 'object' && 'broker' in target ? target.broker : undefined;
      sent.push({ at: clock.now(), api, broker });
      if (broker !== undefined && silent().includes(broker))
        throw new KtError('connection', 'no answer', { code: 'ECONNREFUSED' });
      return give(body, target, tries);
    };
  const ends = (partition: number, timestamp: bigint) =>
    timestamp === -2n ? 0n : BigInt(Math.floor(clock.now() / 100) + partition);
  const inner = fakeCluster({
    topics: () => topics,
    answers: {
      // biome-ignore-start lint/suspicious/noExplicitAny: the requests' own shapes.
      ListOffsets: answer('ListOffsets', (body) => ({
        topics: body.topics.map(({ name, partitions }: any) => ({
          name,
          partitions: partitions.map(({ partitionIndex, timestamp }: any) => ({
            partitionIndex,
            errorCode: 0,
            offset: ends(partitionIndex, timestamp),
          })),
        })),
      })),
      ListGroups: answer('ListGroups', (_body, target: any) => ({
        errorCode: 0,
        groups:
          target.broker === 1
            ? [{ groupId: 'billing', groupState: 'Stable', groupType: 'Consumer', protocolType: 'consumer' }]
            : [],
      })),
      OffsetFetch: answer('OffsetFetch', (body) => ({
        groups: body.groups.map(({ groupId }: any) => ({
          groupId,
          errorCode: 0,
          topics: [{ name: 'orders', partitions: [{ partitionIndex: 0, committedOffset: 0n, errorCode: 0 }] }],
        })),
      })),
      ConsumerGroupDescribe: answer('ConsumerGroupDescribe', (body) => ({
        groups: body.groupIds.map((groupId: string) => ({
          groupId,
          errorCode: 0,
          errorMessage: null,
          groupState: 'Stable',
          assignorName: 'uniform',
          members: [],
        })),
      })),
      // biome-ignore-end lint/suspicious/noExplicitAny: the requests' own shapes.
    },
  });
  return { clock, sent, inner };
}

/** Runs a collector for a while; the snapshots of its ticks. */
async function ran(collector: Collector, clock: FakeClock, ms: number): Promise<readonly Snapshot[]> {
  const seen: Snapshot[] = [];
  const running = collector.run((snapshot) => seen.push(snapshot));
  await clock.pass(ms);
  collector.stop();
  await clock.pass(60_000);
  await running;
  return seen;
}

/** The most requests that a broker got within a second. */
function busiestSecond(sent: readonly Sent[], broker: number): number {
  const times = sent.filter((each) => each.broker === broker).map(({ at }) => at);
  return Math.max(...times.map((at) => times.filter((each) => each >= at && each < at + 1_000).length));
}

test('no broker gets more than two requests in any second, however many topics there are', async () => {
  const topics = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`topic-${index}`, [1, 2, 3, 1, 2]]));
  const { clock, sent, inner } = cluster({ ...topics, orders: [1, 2, 3] });
  const collector = new Collector(inner, 1_000, clock);
  await collector.start();
  await ran(collector, clock, 60_000);
  for (const broker of [1, 2, 3]) {
    assert.ok(busiestSecond(sent, broker) <= 2, `broker ${broker}: ${busiestSecond(sent, broker)}`);
    assert.ok(sent.filter((each) => each.broker === broker).length > 40);
  }
});

test('rates are differences of end offsets, lag and members come by themselves', async () => {
  const { clock, inner } = cluster({ orders: [1, 2], quiet: [3] });
  const collector = new Collector(inner, 2_000, clock);
  const first = await collector.start();
  assert.deepEqual(
    first.topics.map(({ topic, inPerSecond }) => [topic, inPerSecond]),
    [
      ['orders', null],
      ['quiet', null],
    ],
  );
  const last = (await ran(collector, clock, 30_000)).at(-1)!;
  const orders = last.topics.find(({ topic }) => topic === 'orders')!;
  assert.ok(Math.abs(orders.inPerSecond! - 20) < 1, String(orders.inPerSecond));
  assert.equal(orders.inIsPart, false);
  assert.equal(orders.groups, 1);
  const [billing] = last.groups;
  assert.equal(billing!.group, 'billing');
  assert.ok(billing!.lag! > 100n);
  assert.equal(billing!.verdict, 'stopped');
  assert.deepEqual(billing!.members, []);
});

test('a partition whose leader does not answer is left out and marked, and asked again ever more seldom', async () => {
  let silent: readonly number[] = [];
  const { clock, sent, inner } = cluster({ orders: [1, 2] }, () => silent);
  const collector = new Collector(inner, 2_000, clock);
  await collector.start();
  const seen: Snapshot[] = [];
  const running = collector.run((snapshot) => seen.push(snapshot));
  await clock.pass(12_000);
  silent = [2];
  const before = sent.length;
  await clock.pass(60_000);
  const last = seen.at(-1)!;
  const [orders] = last.topics;
  assert.equal(orders!.unanswered, 1);
  assert.equal(orders!.inIsPart, true);
  assert.ok(Math.abs(orders!.inPerSecond! - 10) < 1);
  assert.match(last.brokers.find(({ broker }) => broker === 2)!.problem!.message, /no answer/);
  assert.equal(last.isGone, false);
  const tries = sent.slice(before).filter(({ broker }) => broker === 2).length;
  assert.ok(tries >= 4 && tries <= 20, `${tries} tries in a minute`);
  silent = [];
  await clock.pass(30_000);
  assert.equal(seen.at(-1)!.topics[0]!.unanswered, 0);
  collector.stop();
  await clock.pass(60_000);
  await running;
});

test('when nothing answers it goes on, with the values of before and their age', async () => {
  let silent: readonly number[] = [];
  const { clock, inner } = cluster({ orders: [1, 2, 3] }, () => silent);
  const collector = new Collector(inner, 2_000, clock);
  await collector.start();
  const seen: Snapshot[] = [];
  const running = collector.run((snapshot) => seen.push(snapshot));
  await clock.pass(10_000);
  silent = [1, 2, 3];
  await clock.pass(40_000);
  const last = seen.at(-1)!;
  assert.equal(last.isGone, true);
  assert.equal(last.topics.length, 1);
  assert.ok(last.timestamp - last.answeredAt < 45_000);
  assert.ok(last.nextTryMs! <= 15_000);
  collector.stop();
  await clock.pass(60_000);
  await running;
});

test('while it is paused, or not shown, nothing is asked', async () => {
  const { clock, sent, inner } = cluster({ orders: [1] });
  const collector = new Collector(inner, 2_000, clock);
  await collector.start();
  collector.paused = true;
  await ran(collector, clock, 20_000);
  assert.equal(sent.length, 0);
});

test('while records are shown only their topic is asked about', async () => {
  const { clock, sent, inner } = cluster({ orders: [1], other: [2] });
  const collector = new Collector(inner, 2_000, clock);
  await collector.start();
  collector.focus = { ...collector.focus, topic: 'orders', onlyTopic: true };
  await ran(collector, clock, 10_000);
  assert.deepEqual([...new Set(sent.map(({ api, broker }) => `${api} ${broker}`))].sort(), ['ListOffsets 1', 'ListOffsets 2']);
  assert.equal(sent.filter(({ broker }) => broker === 2).length, 1);
});
