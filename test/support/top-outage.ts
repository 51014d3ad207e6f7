/** `kt top` on a cluster of three with many topics and groups, of which one broker is killed and comes back: whether it is usable, true and clean. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Collector } from '../../src/core/top/collector.ts';
import type { Cluster } from '../../src/kafka/cluster.ts';
import { connect } from '../../src/kafka/connect.ts';
import type { LocalCluster } from '../../src/local/cluster.ts';
import { counting, mostWithin } from './counting-proxy.ts';
import { commitOffsets } from './group-offsets.ts';
import { opener } from './group-readers.ts';
import { programs, wanted } from './kt.ts';
import { ktOn } from './kt-on.ts';
import type { Pane, Tmux } from './tmux.ts';
import { until } from './until.ts';

export interface Crowd {
  readonly topics: number;
  /** Of each topic. */
  readonly partitions: number;
  /** How many of the topics have three replicas; the others have one. */
  readonly replicated: number;
  readonly groups: number;
}

/** What the run cost. */
interface Cost {
  /** From the key to the screen, as a poller sees it. */
  readonly firstScreenMs: number;
  /** Which does not depend on how busy the machine is. */
  readonly firstScreenCpuSeconds: number;
  readonly slowestKeyMs: number;
  /** Resident, at most. */
  readonly peakBytes: number;
  /** User and system. */
  readonly cpuSeconds: number;
  readonly seconds: number;
  /** Requests to the broker that got most, as the proxies saw them. */
  readonly mostInASecond: number;
  /** What these were: API keys, in their order. */
  readonly busiestSecond: readonly number[];
  readonly mostInTenSeconds: number;
  /** The same for another one who watches, when they were sent: however late a busy machine lets others see them. */
  readonly mostSentInASecond: number;
}

/** Asks what `kt top` asks. @returns stops, and says how many requests the broker that got most was sent in a second */
async function watchHere(bootstrapServers: string) {
  const sent: { readonly at: number; readonly broker: string }[] = [];
  const ending = new AbortController();
  const trace = (text: string): void => {
    const [, api, broker, ms] = /^(\S+) v\d+ → (\S+) ([\d.]+) ms$/.exec(text) ?? [];
    if (api !== undefined && api !== 'ApiVersions') sent.push({ at: performance.now() - Number(ms), broker: broker! });
  };
  const servers = bootstrapServers.split(',').map((server) => ({ host: 'localhost', port: Number(server.split(':').at(-1)) }));
  const settings = { bootstrapServers: servers, clientId: 'kt-test', timeoutMs: 10_000, addressMap: new Map() };
  const collector = new Collector(await connect(settings, { signal: ending.signal, trace }), 2_000);
  await collector.start();
  const running = collector.run(() => {});
  return async (): Promise<number> => {
    collector.stop();
    await running;
    await collector.cluster.close();
    sent.sort((a, b) => a.at - b.at);
    const most = servers.map(
      ({ port }) =>
        mostWithin(
          sent.filter(({ broker }) => broker.endsWith(`:${port}`)),
          1_000,
        ).length,
    );
    assert.ok(Math.min(...most) > 0, `every broker was asked: ${most}`);
    return Math.max(...most);
  };
}

/** Connecting, and records: beside the limit. */
const uncounted = new Set([1, 17, 18, 36]);
const atOnce = 100;
/** What the group that lags most has not read. */
const lag = 5;

/** Topics and groups whose names begin with the same; one group lags. */
async function fill(cluster: Cluster, name: string, { topics, partitions, replicated, groups }: Crowd): Promise<void> {
  const specs = Array.from({ length: topics }, (_, index) => ({
    name: `${name}-${index}`,
    numPartitions: -1,
    replicationFactor: -1,
    assignments: Array.from({ length: partitions }, (_, partitionIndex) => ({
      partitionIndex,
      // Each broker leads a third of all.
      brokerIds: [0, 1, 2].slice(0, index < replicated ? 3 : 1).map((next) => ((index + partitionIndex + next) % 3) + 1),
    })),
    configs: [],
  }));
  for (let from = 0; from < topics; from += atOnce) {
    const body = { topics: specs.slice(from, from + atOnce), timeoutMs: 60_000, validateOnly: false };
    const { topics: created } = await cluster.request('CreateTopics', body, 'controller');
    assert.deepEqual(
      created.filter(({ errorCode }) => errorCode !== 0),
      [],
    );
    // Kafka's own topic of offsets is made before thousands of others keep the brokers busy.
    if (from === 0) await commitOffsets(cluster, `${name}-0`, `${name}-0`, { 0: 0 });
  }
  for (let from = 0; from < groups; from += atOnce / 2) {
    const some = Array.from({ length: Math.min(atOnce / 2, groups - from) }, (_, index) => from + index);
    await Promise.all(some.map((group) => commitOffsets(cluster, `${name}-${group}`, `${name}-${group % topics}`, { 0: 0 })));
  }
}

/** What Kafka says about all partitions, counted here. */
async function health(cluster: Cluster): Promise<string> {
  const { topics } = await cluster.metadata('all');
  const all = [...topics.values()].flatMap(({ partitions }) => partitions);
  const under = all.filter(({ isr, replicas }) => isr.length < replicas.length).length;
  const offline = all.filter(({ leader }) => leader < 0).length;
  return `${under.toLocaleString('en-US')} under-replicated, ${offline.toLocaleString('en-US')} offline`;
}

/**
 * Fills the cluster, watches it in `kt top` through proxies that count, kills a broker and starts it again.
 * @param name what the names of topics and groups begin with
 */
export async function watchOutage(cluster: LocalCluster, name: string, crowd: Crowd, tmux: Tmux): Promise<Cost> {
  const addresses = cluster.bootstrapServers.split(',');
  const proxies = await Promise.all(addresses.map((address) => counting(Number(address.split(':').at(-1)))));
  const direct = await opener(cluster.bootstrapServers)();
  const { done } = ktOn(cluster, 'binary');
  try {
    await fill(direct, name, crowd);
    await done(['produce', `${name}-0`, '--partition', '0'], 'x\n'.repeat(lag));
    const maps = addresses.map((address, index) => `--address-map ${address}=${proxies[index]!.address}`).join(' ');
    const kt = programs[wanted('binary')].map((word) => `'${word}'`).join(' ');
    const pane = await tmux.shell(`clear; kt() { ${kt} "$@"; }`);
    const startedAt = performance.now();
    pane.press(`kt top -b ${proxies.map(({ address }) => address).join(',')} ${maps}`, 'Enter');
    await pane.shows(/\[1 Overview\]/, 'the first screen');
    const firstScreenMs = performance.now() - startedAt;
    const firstScreenCpuSeconds = costOf(pane.child()).cpuSeconds;
    const stopHere = await watchHere(cluster.bootstrapServers);
    let slowestKeyMs: number;
    let mostSentInASecond: number;
    try {
      slowestKeyMs = await useThrough(pane, { cluster, direct, name, crowd });
    } finally {
      mostSentInASecond = await stopHere();
    }
    const { peakBytes, cpuSeconds } = costOf(pane.child());
    const seconds = (performance.now() - startedAt) / 1000;
    pane.press('q');
    await pane.leftClean(0, /Overview|Brokers/);
    const counted = proxies.map(({ requests }) => requests.filter(({ api }) => !uncounted.has(api)));
    const most = (ms: number) => counted.map((each) => mostWithin(each, ms)).reduce((a, b) => (b.length > a.length ? b : a));
    const busiestSecond = most(1_000).map(({ api }) => api);
    const [mostInASecond, mostInTenSeconds] = [busiestSecond.length, most(10_000).length];
    return {
      firstScreenMs,
      firstScreenCpuSeconds,
      slowestKeyMs,
      peakBytes,
      cpuSeconds,
      seconds,
      mostInASecond,
      busiestSecond,
      mostInTenSeconds,
      mostSentInASecond,
    };
  } finally {
    await direct.close();
    await Promise.all(proxies.map((proxy) => proxy.close()));
  }
}

interface Watched {
  readonly cluster: LocalCluster;
  /** Beside the proxies. */
  readonly direct: Cluster;
  readonly name: string;
  readonly crowd: Crowd;
}

/** @returns how long the slowest key took, in ms */
async function useThrough(pane: Pane, { cluster, direct, name, crowd }: Watched): Promise<number> {
  let slowestKeyMs = 0;
  const pressed = async (key: string, what: RegExp, why: string): Promise<void> => {
    const at = performance.now();
    pane.press(key);
    await pane.shows(what, why);
    slowestKeyMs = Math.max(slowestKeyMs, performance.now() - at);
  };
  const count = (number: number) => number.toLocaleString('en-US');
  await pressed('3', /\[3 Groups\]/, 'the groups');
  pane.press('/');
  pane.type(name);
  await pane.shows(new RegExp(`Groups ${count(crowd.groups)} of `), 'all groups');
  await pane.shows(new RegExp(`^>${name}-0 .* ${lag} `, 'm'), 'the one that lags, first');
  pane.press('Enter');
  await pressed('2', /\[2 Topics\]/, 'the topics');
  pane.press('/');
  pane.type(name);
  await pane.shows(new RegExp(`Topics ${count(crowd.topics)} of `), 'all topics');
  pane.press('Enter');
  await pane.shows(/\] 2 Topics|\[2 Topics\].* in 0\/s/, 'nothing is written');

  await cluster.killNode(3);
  await pane.shows(/^ ! broker 3: no answer/m, 'the broker is missed');
  await until(
    async () =>
      pane
        .screen()
        .replace(' partitions', '')
        .includes(await health(direct)),
    () => `what is wrong, as Kafka says it\n${pane.screen()}`,
  );
  await pane.shows(/\[2 Topics\].* in ~0\/s/, 'the sum leaves out what the broker leads');
  await pressed('1', /\[1 Overview\]/, 'keys go on');
  await pressed('4', /\[4 Brokers\]/, 'the brokers');
  await pane.shows(/Brokers 3, 2 answer/, 'who answers');
  assert.match(pane.screen(), /^.3 .* –/m);

  await cluster.startNode(3);
  await pane.shows(/Brokers 3, 3 answer/, 'it answers again');
  await until(
    () => !/^ ! /m.test(pane.screen()),
    () => `all is well\n${pane.screen()}`,
  );
  await pressed('2', /\[2 Topics\]/, 'the topics');
  await pane.shows(/\[2 Topics\].* in 0\/s/, 'all are in the sum again');
  return slowestKeyMs;
}

function costOf(pid: number): Pick<Cost, 'peakBytes' | 'cpuSeconds'> {
  const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  // Clock ticks of 10 ms, after the 11 fields between the name and them.
  return { peakBytes: Number(peak[1]) * 1024, cpuSeconds: (Number(fields[11]) + Number(fields[12])) / 100 };
}
