/** Requests about many partitions or groups: one at a time to each broker, repeated for those whose leader or coordinator moved. */
import { KtError } from '../base/errors.ts';
import { pause } from '../base/pause.ts';
import type { Cluster, TopicPartition } from './cluster.ts';
import { ErrorCode, errorOf, leftOut, refused } from './wire/errors.ts';

export interface RoutingOptions {
  /** How long to look for leaders and coordinators that moved, in ms; items without one by then get their last error. Default: the cluster's timeout. */
  readonly timeoutMs?: number | undefined;
}

/** The result of each item, by its name: the broker's answer, or the error. */
export type Routed<R> = ReadonlyMap<string, R | KtError>;

/** What every answer about one item has. */
export interface Answer {
  readonly errorCode: number;
  readonly errorMessage?: string | null;
}

/** One request to one broker; resolves with what it answered for each item, by the item's name. */
export type Send<T, R> = (broker: number, items: readonly T[]) => Promise<ReadonlyMap<string, R>>;

/** A partition's name: `orders:3`. No topic's name holds a colon. */
export function partitionName({ topic, partition }: TopicPartition): string {
  return `${topic}:${partition}`;
}

/** The inverse of `partitionName`. */
export function partitionOf(name: string): TopicPartition {
  const colon = name.lastIndexOf(':');
  return { topic: name.slice(0, colon), partition: Number(name.slice(colon + 1)) };
}

/** Names of the errors that may pass with another try at the new leader or coordinator. */
const passing: ReadonlySet<string> = new Set([
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
  'FENCED_LEADER_EPOCH',
  'KAFKA_STORAGE_ERROR',
  'LEADER_NOT_AVAILABLE',
  'NETWORK_EXCEPTION',
  'NOT_COORDINATOR',
  'NOT_LEADER_OR_FOLLOWER',
  'OFFSET_NOT_AVAILABLE',
  'REPLICA_NOT_AVAILABLE',
  'UNKNOWN_LEADER_EPOCH',
  'UNKNOWN_TOPIC_OR_PARTITION',
]);

const firstPauseMs = 50;
const longestPauseMs = 1_000;
const partitionsPerRequest = 10_000;
const groupsPerRequest = 1_000;

/**
 * Asks each partition's leader, all leaders at once and each one request after the other.
 * A partition that is known to have no leader is not waited for: it gets LEADER_NOT_AVAILABLE at once.
 * @returns an answer or error for every partition; an API that the broker lacks and an interruption are thrown
 */
export function perLeader<R extends Answer>(
  cluster: Cluster,
  partitions: readonly TopicPartition[],
  send: Send<TopicPartition, R>,
  { timeoutMs = cluster.timeoutMs }: RoutingOptions = {},
): Promise<Routed<R>> {
  return routed(cluster, partitions, timeoutMs, {
    nameOf: partitionName,
    whatOf: (name) => `partition ${name}`,
    perRequest: partitionsPerRequest,
    locate: (wanted, fresh) => leadersOf(cluster, wanted, fresh),
    send,
  });
}

interface CoordinatorOptions extends RoutingOptions {
  readonly known?: ReadonlyMap<string, number>;
  /** What the names are of. */
  readonly type?: 'group' | 'transaction';
}

/**
 * Asks the coordinator of each group, or transactional id, all coordinators at once and each one request after the other.
 * @param known coordinators that are known already (from ListGroups), by group
 * @returns an answer or error for every group; an API that the broker lacks and an interruption are thrown
 */
export function perCoordinator<R extends Answer>(
  cluster: Cluster,
  groups: readonly string[],
  send: Send<string, R>,
  { timeoutMs = cluster.timeoutMs, known, type = 'group' }: CoordinatorOptions = {},
): Promise<Routed<R>> {
  return routed(cluster, groups, timeoutMs, {
    nameOf: (group) => group,
    whatOf: (name) => `${type === 'group' ? 'group' : 'transactional id'} ${name}`,
    perRequest: groupsPerRequest,
    locate: (wanted, fresh) => coordinatorsOf(cluster, wanted, fresh ? undefined : known, fresh, type),
    send,
  });
}

interface Route<T, R> {
  readonly nameOf: (item: T) => string;
  readonly whatOf: (name: string) => string;
  readonly perRequest: number;
  /** The broker of each item by its name, or why it has none. */
  readonly locate: (items: readonly T[], fresh: boolean) => Promise<ReadonlyMap<string, number | KtError>>;
  readonly send: Send<T, R>;
}

async function routed<T, R extends Answer>(
  cluster: Cluster,
  items: readonly T[],
  timeoutMs: number,
  route: Route<T, R>,
): Promise<Routed<R>> {
  const results = new Map<string, R | KtError>();
  const deadline = performance.now() + timeoutMs;
  let waiting = items;
  for (let tries = 0; waiting.length > 0; tries++) {
    if (tries > 0) {
      const pauseMs = Math.min(firstPauseMs * 2 ** (tries - 1), longestPauseMs);
      if (performance.now() + pauseMs > deadline) break;
      await pause(pauseMs, cluster.signal);
    }
    const brokers = await route.locate(waiting, tries > 0);
    const byBroker = new Map<number, T[]>();
    for (const item of waiting) {
      const name = route.nameOf(item);
      const broker = brokers.get(name) ?? -1;
      if (typeof broker !== 'number') results.set(name, broker);
      else if (broker < 0) results.set(name, refused(ErrorCode.LEADER_NOT_AVAILABLE, route.whatOf(name)));
      else if (!byBroker.get(broker)?.push(item)) byBroker.set(broker, [item]);
    }
    const unsettled = await Promise.all([...byBroker].map(([broker, asked]) => ask(route, broker, asked, results)));
    waiting = unsettled.flat();
  }
  return results;
}

/** Asks one broker, part by part; resolves with the items worth another try; their last error is in `results`. */
async function ask<T, R extends Answer>(
  route: Route<T, R>,
  broker: number,
  items: readonly T[],
  results: Map<string, R | KtError>,
): Promise<readonly T[]> {
  const again: T[] = [];
  for (let from = 0; from < items.length; from += route.perRequest) {
    const part = items.slice(from, from + route.perRequest);
    const answers = await answersOrLoss(route.send(broker, part));
    for (const item of part) {
      const name = route.nameOf(item);
      const answer = answers instanceof KtError ? answers : answers.get(name);
      if (answer instanceof KtError) {
        results.set(name, answer);
        again.push(item);
      } else if (answer?.errorCode === 0) {
        results.set(name, answer);
      } else {
        const errorCode = answer?.errorCode ?? leftOut;
        results.set(name, refused(errorCode, route.whatOf(name), answer?.errorMessage));
        if (passing.has(errorOf(errorCode).name)) again.push(item);
      }
    }
  }
  return again;
}

/** Returns a lost connection as an error: the leader may be another broker by now. */
async function answersOrLoss<R>(answers: Promise<ReadonlyMap<string, R>>): Promise<ReadonlyMap<string, R> | KtError> {
  try {
    return await answers;
  } catch (error) {
    if (error instanceof KtError && error.kind === 'connection') return error;
    throw error;
  }
}

async function leadersOf(
  cluster: Cluster,
  partitions: readonly TopicPartition[],
  fresh: boolean,
): Promise<ReadonlyMap<string, number | KtError>> {
  const names = [...new Set(partitions.map(({ topic }) => topic))];
  const { topics } = await (fresh ? cluster.metadata(names) : cluster.cachedMetadata(names));
  const leaders = new Map<string, number | KtError>();
  for (const topic of names) {
    for (const { partition, leader } of topics.get(topic)?.partitions ?? [])
      leaders.set(partitionName({ topic, partition }), leader);
  }
  for (const item of partitions) {
    const name = partitionName(item);
    const errorCode = topics.get(item.topic)?.errorCode ?? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
    if (errorCode !== 0) leaders.set(name, refused(errorCode, `topic ${item.topic}`));
    else if (!leaders.has(name)) leaders.set(name, refused(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, `partition ${name}`));
  }
  return leaders;
}

async function coordinatorsOf(
  cluster: Cluster,
  groups: readonly string[],
  known: ReadonlyMap<string, number> | undefined,
  fresh: boolean,
  type: 'group' | 'transaction',
): Promise<ReadonlyMap<string, number | KtError>> {
  const unknown = known ? groups.filter((group) => !known.has(group)) : groups;
  if (unknown.length === 0) return known!;
  const found = new Map<string, number | KtError>(known);
  try {
    for (const [group, broker] of await cluster.coordinators(unknown, fresh, type)) found.set(group, broker);
  } catch (error) {
    if (!(error instanceof KtError) || error.kind !== 'refused') throw error;
    // One group the cluster refuses must not hide the others.
    if (unknown.length === 1) found.set(unknown[0]!, error);
    else
      for (const group of unknown)
        for (const entry of await coordinatorsOf(cluster, [group], undefined, fresh, type)) found.set(...entry);
  }
  return found;
}
