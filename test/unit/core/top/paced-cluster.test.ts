/** Every request of kt top passes the queue: what any broker can answer, what is asked again after a loss, and what the cluster would ask by itself. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KtError } from '../../../../src/base/errors.ts';
import { realClock } from '../../../../src/core/top/clock.ts';
import { PacedCluster } from '../../../../src/core/top/paced-cluster.ts';
import type { AskedOnce, Cluster, RequestOptions, Target } from '../../../../src/kafka/cluster.ts';
import { clusterOnDemand } from '../../../../src/kafka/connect.ts';
import { type FakeClock, fakeClock } from '../../../support/fake-clock.ts';
import { fakeCluster } from '../../../support/fake-cluster.ts';
import { brokerUpTo, serverOf } from '../../../support/scripted-broker.ts';

interface Sent {
  readonly at: number;
  readonly api: string;
  readonly broker: number;
}

interface Situation {
  /** When the connection to a broker is open. */
  readonly opensAt?: Readonly<Record<number, number>>;
  readonly isLost?: (broker: number) => boolean;
}

/** Two brokers, of which the first is the one that the cluster itself would ask. */
function twoBrokers({ opensAt = {}, isLost = () => false }: Situation) {
  const clock: FakeClock = fakeClock();
  const sent: Sent[] = [];
  const { signal } = new AbortController();
  const send = async (api: string, broker: number, onSend: (() => void) | undefined): Promise<void> => {
    if (isLost(broker)) throw new KtError('connection', 'gone', { code: 'ECONNREFUSED' });
    await clock.pause(Math.max(0, (opensAt[broker] ?? 0) - clock.now()), signal);
    onSend?.();
    sent.push({ at: clock.now(), api, broker });
  };
  const fake = fakeCluster({ answers: { ListOffsets: () => ({}), ListGroups: () => ({}) } });
  const inner = {
    ...fake,
    async request(api, body, target: Target = 'any', options: RequestOptions = {}) {
      await send(api, typeof target === 'object' && 'broker' in target ? target.broker : 1, options.onSend);
      return fake.request(api, body, target);
    },
    async metadata(topics, withOperations, once?: AskedOnce) {
      await send('Metadata', once?.broker ?? 1, once?.onSend);
      return fake.metadata(topics, withOperations);
    },
  } satisfies Cluster as Cluster;
  const cluster = new PacedCluster(inner, clock);
  const ask = (api: 'ListOffsets' | 'ListGroups', broker: number) =>
    void cluster.request(api, {} as never, { broker }).catch(() => {});
  return { clock, sent, cluster, ask };
}

test('what any broker can answer goes to one that has nothing to do, not behind a connection that is opening', async () => {
  const { clock, sent, cluster, ask } = twoBrokers({ opensAt: { 1: 1_500 } });
  cluster.know([1, 2]);
  ask('ListOffsets', 1);
  ask('ListGroups', 1);
  await clock.pass(1_100);
  void cluster.metadata('all');
  await clock.pass(5_000);
  assert.deepEqual(
    sent.map(({ at, api, broker }) => `${api} ${broker} ${at}`),
    ['Metadata 2 1100', 'ListOffsets 1 1500', 'ListGroups 1 1500'],
  );
});

test('where no broker is known to answer, what goes to whichever can be reached waits for what is held', async () => {
  let isGone = true;
  const { clock, sent, cluster, ask } = twoBrokers({ opensAt: { 1: 4_000 }, isLost: (broker) => broker === 2 || isGone });
  cluster.know([1, 2]);
  ask('ListOffsets', 1);
  ask('ListOffsets', 2);
  await clock.pass(1_200);
  isGone = false;
  ask('ListOffsets', 1);
  ask('ListGroups', 1);
  await clock.pass(800);
  void cluster.metadata('all');
  await clock.pass(8_000);
  assert.deepEqual(
    sent.map(({ at, api }) => `${api} ${at}`),
    ['ListOffsets 4000', 'ListGroups 4000', 'Metadata 5100'],
  );
});

test('what is asked of another broker, because the first was lost, waits for its turn there', async () => {
  const { clock, sent, cluster, ask } = twoBrokers({ isLost: (broker) => broker === 1 });
  cluster.know([1, 2]);
  ask('ListOffsets', 2);
  ask('ListGroups', 2);
  await clock.pass(10);
  const asked = cluster.metadata('all');
  await clock.pass(3_000);
  await asked;
  assert.deepEqual(
    sent.map(({ at, api, broker }) => `${api} ${broker} ${at}`),
    ['ListOffsets 2 0', 'ListGroups 2 0', 'Metadata 2 1100'],
  );
});

test('the question who the brokers are counts from when it goes out', async () => {
  const { clock, sent, cluster, ask } = twoBrokers({ opensAt: { 1: 700 } });
  void cluster.metadata('all').then(() => {
    cluster.know([1, 2]);
    ask('ListOffsets', 1);
    ask('ListGroups', 1);
  });
  await clock.pass(5_000);
  assert.deepEqual(
    sent.map(({ at, api }) => `${api} ${at}`),
    ['Metadata 700', 'ListOffsets 700', 'ListGroups 1800'],
  );
});

test('after a broker was lost, no question who the brokers are goes out beside the queue', async () => {
  const brokers: { nodeId: number; host: string; port: number; rack: null }[] = [];
  const [first, second] = await Promise.all([1, 2].map(() => serverOf(brokerUpTo(10, ['orders'], brokers))));
  for (const [index, { server }] of [first!, second!].entries())
    brokers.push({ nodeId: index + 1, host: '127.0.0.1', port: server.port, rack: null });
  const bootstrapServers = [{ host: '127.0.0.1', port: first!.server.port }];
  const settings = { bootstrapServers, clientId: 'kt', timeoutMs: 5_000, addressMap: new Map() };
  const cluster = new PacedCluster(clusterOnDemand(settings, { signal: new AbortController().signal }), realClock);
  try {
    await cluster.metadata('all');
    cluster.know([1, 2]);
    await second!.server.close();
    await assert.rejects(cluster.request('Metadata', { topics: [], allowAutoTopicCreation: false }, { broker: 2 }), {
      kind: 'connection',
    });
    const before = first!.asked.length;
    assert.equal(await cluster.apiVersion('Metadata', 1), 10);
    await cluster.cachedMetadata(['orders']);
    assert.deepEqual(first!.asked.slice(before), []);
  } finally {
    await cluster.close();
    await first!.server.close();
  }
});
