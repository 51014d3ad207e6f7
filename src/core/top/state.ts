/** What the collector holds → one snapshot of plain values. */
import { KtError } from '../../base/errors.ts';
import { partitionName } from '../../kafka/routing.ts';
import type { Logs } from '../lag/compute.ts';
import type { GroupWatch } from './group-watch.ts';
import { sum, type TopicLogs, type Totals } from './logs.ts';
import type { PacedCluster } from './paced-cluster.ts';
import type { Sizes } from './sizes.ts';
import type { BrokerState, Focus, GroupState, PartitionState, Snapshot, TopicState } from './snapshot.ts';
import type { ReplicaCounts, Topology } from './topology.ts';

interface Held {
  /** Epoch ms. */
  readonly wall: number;
  readonly topology: Topology;
  readonly groups: GroupWatch;
  readonly sizes: Sizes;
  readonly answers: ReadonlyMap<number, readonly (number | null)[]>;
  readonly cluster: PacedCluster;
  readonly focus: Focus;
  /** Whether everything was asked for once. */
  readonly isWhole: boolean;
  readonly isGone: boolean;
  readonly nextTryMs: number | null;
  readonly intervalMs: number;
}

export function snapshotOf(held: Held): Snapshot {
  const { topology, groups, cluster, focus } = held;
  const { metadata, topics, isPart, problem } = topology;
  const groupStates = groups.states();
  const readers = readersOf(groupStates);
  const topicStates = [...topics.values()].map((topic) => topicState(topic, readers.get(topic.metadata.topic)));
  const open = focus.topic === undefined ? undefined : topics.get(focus.topic);
  return {
    timestamp: held.wall,
    clusterId: metadata.clusterId,
    brokers: brokersOf(held),
    topics: topicStates,
    sums: sumsOf(topicStates),
    groups: groupStates,
    topic: open && { topic: open.metadata.topic, partitions: partitionsOf(open, groupStates) },
    topicsArePart: isPart.topics,
    groupsArePart: isPart.groups,
    groupsListed: held.isWhole && groups.listed,
    problems: [...(problem ? [problem] : []), ...groups.problems],
    answeredAt: Math.max(topology.answeredAt, ...topology.brokers.map((id) => cluster.contact(id).answeredAt ?? 0)),
    isGone: held.isGone,
    nextTryMs: held.nextTryMs,
    intervalMs: held.intervalMs,
    asks: cluster.rates(),
  };
}

/** Logs as lag is computed from them: what a leader did not answer is unknown. @param isPart whether topics may be hidden from this user */
export function logsOf(topics: ReadonlyMap<string, TopicLogs>, isPart: boolean): Logs {
  const logOf = ({ topic, partition }: { topic: string; partition: number }) => topics.get(topic)?.partitions[partition];
  const end = (partition: { topic: string; partition: number }): bigint | null => {
    const log = logOf(partition);
    return log?.answered && log.end !== null ? BigInt(log.end) : null;
  };
  return {
    partitionsOf: (topic) => topics.get(topic)?.partitions.length ?? (isPart ? null : 0),
    startOf(partition) {
      const start = logOf(partition)?.start ?? null;
      return start === null ? null : BigInt(start);
    },
    endOf: end,
    highWatermarkOf: end,
  };
}

/** What goes through the topics of users, and what of the cluster is not well. */
export function sumsOf(topics: readonly TopicState[]): Snapshot['sums'] {
  const own = topics.filter(({ internal }) => !internal);
  return {
    topics: own.length,
    inPerSecond: sum(own, ({ inPerSecond }) => inPerSecond).perSecond,
    inIsPart: own.some(({ inIsPart, unanswered }) => inIsPart || unanswered > 0),
    outPerSecond: sum(own, ({ outPerSecond }) => outPerSecond).perSecond,
    underReplicated: topics.reduce((all, { underReplicated }) => all + underReplicated, 0),
    offline: topics.reduce((all, { offline }) => all + offline, 0),
  };
}

interface Readers {
  groups: number;
  lag: bigint | null;
  lagsMost: string | null;
  mostLag: bigint;
  out: number | null;
}

/** Who reads each topic. */
function readersOf(groups: readonly GroupState[]): ReadonlyMap<string, Readers> {
  const readers = new Map<string, Readers>();
  for (const { group, partitions } of groups) {
    const lags = new Map<string, bigint | null>();
    for (const { topic, lag, outPerSecond } of partitions) {
      const known = readers.get(topic) ?? { groups: 0, lag: null, lagsMost: null, mostLag: -1n, out: null };
      readers.set(topic, known);
      if (!lags.has(topic)) {
        lags.set(topic, null);
        known.groups++;
      }
      if (lag !== null) lags.set(topic, (lags.get(topic) ?? 0n) + lag);
      if (outPerSecond !== null) known.out = (known.out ?? 0) + outPerSecond;
    }
    for (const [topic, lag] of lags) {
      const known = readers.get(topic)!;
      if (lag === null) continue;
      known.lag = (known.lag ?? 0n) + lag;
      if (lag > known.mostLag) Object.assign(known, { mostLag: lag, lagsMost: lag > 0n ? group : null });
    }
  }
  return readers;
}

/** The states of topics that nobody reads, as they were last made: in most of them nothing changes between two ticks. */
const unread = new WeakMap<Totals, TopicState>();

function topicState(logs: TopicLogs, readers: Readers | undefined): TopicState {
  const { totals, denied } = logs;
  const known = readers ? undefined : unread.get(totals);
  if (known && known.denied === denied) return known;
  const state = newState(logs, totals, readers);
  if (!readers) unread.set(totals, state);
  return state;
}

function newState(logs: TopicLogs, totals: Totals, readers: Readers | undefined): TopicState {
  const { metadata, denied, trend } = logs;
  const { rate, records, unanswered } = totals;
  return {
    topic: metadata.topic,
    internal: metadata.internal,
    partitions: metadata.partitions.length,
    replicationFactor: logs.replicationFactor,
    underReplicated: logs.underReplicated,
    offline: logs.offline,
    unanswered,
    denied,
    inPerSecond: rate.perSecond,
    inIsPart: rate.isPart,
    outPerSecond: readers?.out ?? null,
    trend,
    records,
    groups: readers?.groups ?? 0,
    lag: readers?.lag ?? null,
    lagsMost: readers?.lagsMost ?? null,
  };
}

function partitionsOf({ metadata, partitions }: TopicLogs, groups: readonly GroupState[]): readonly PartitionState[] {
  const most = new Map<string, { lag: bigint; group: string }>();
  for (const { group, partitions: rows } of groups) {
    for (const row of rows) {
      if (row.topic !== metadata.topic || row.lag === null) continue;
      const known = most.get(partitionName(row));
      if (!known || row.lag > known.lag) most.set(partitionName(row), { lag: row.lag, group });
    }
  }
  return metadata.partitions.map(({ partition, leader, replicas, isr }) => {
    const log = partitions[partition]!;
    const lagging = most.get(partitionName({ topic: metadata.topic, partition }));
    return {
      partition,
      leader,
      replicas,
      isr,
      start: log.start,
      end: log.end,
      answered: log.answered,
      inPerSecond: log.rate,
      trend: [...log.trend],
      mostLag: lagging?.lag ?? null,
      mostLagOf: lagging && lagging.lag > 0n ? lagging.group : null,
    };
  });
}

/** The brokers of the cluster, and those that should have replicas and are not in it at the moment. */
function brokersOf(held: Held): readonly BrokerState[] {
  const { topics, replicas } = held.topology;
  const written = new Map<number, number>();
  for (const { metadata, partitions } of topics.values()) {
    for (let index = 0; index < partitions.length; index++) {
      const { rate } = partitions[index]!;
      const { leader } = metadata.partitions[index]!;
      if (rate !== null && (rate !== 0 || !written.has(leader))) written.set(leader, (written.get(leader) ?? 0) + rate);
    }
  }
  return [...replicas].sort(([a], [b]) => a - b).map(([id, counts]) => brokerState(held, id, counts, written.get(id) ?? null));
}

function brokerState(held: Held, id: number, counts: ReplicaCounts, inPerSecond: number | null): BrokerState {
  const { cluster, sizes, answers } = held;
  const { metadata, nodes } = held.topology;
  const node = nodes.get(id);
  const { answerMs, problem, answeredAt } = cluster.contact(id);
  const size = sizes.of(id);
  const known = size instanceof KtError ? undefined : size;
  const isIn = metadata.brokers.some((broker) => broker.id === id);
  return {
    broker: id,
    host: node?.host ?? null,
    port: node?.port ?? null,
    rack: node?.rack ?? null,
    isController: id === metadata.controllerId,
    ...counts,
    inPerSecond,
    answerMs,
    answerTrend: [...(answers.get(id) ?? [])],
    problem: isIn ? problem : absent(id),
    answeredAt,
    bytes: known?.bytes ?? null,
    totalBytes: known?.totalBytes ?? null,
    usableBytes: known?.usableBytes ?? null,
    sizedAt: known?.readAt ?? null,
    sizeProblem: size instanceof KtError ? size : undefined,
  };
}

function absent(broker: number): KtError {
  return new KtError('connection', `broker ${broker} is not in the cluster at the moment`, { code: 'BROKER_NOT_AVAILABLE' });
}
