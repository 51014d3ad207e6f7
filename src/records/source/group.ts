/** `tail --group`: reads as a member, and commits what was written out. */
import { KtError } from '../../base/errors.ts';
import { whenAborted } from '../../base/pause.ts';
import type { FetchedRecords } from '../../kafka/batch/record.ts';
import type { Cluster, TopicPartition } from '../../kafka/cluster.ts';
import { type FetchRange, fetchRecords } from '../../kafka/fetch/fetch.ts';
import { joinGroup, type Membership } from '../../kafka/group/membership.ts';
import type { Limit } from '../limit.ts';
import { progressOf, rangesOf } from './ranges.ts';
import type { TailEvents, TailRequest } from './request.ts';
import { Subscription } from './subscription.ts';

/** Reads as a member: what was written is committed before more is read, and a rebalance begins again at the commits. */
export async function* tailGroup(
  cluster: Cluster,
  request: TailRequest,
  group: NonNullable<TailRequest['group']>,
  topics: readonly string[],
  limit: Limit,
  events: TailEvents,
): AsyncGenerator<FetchedRecords> {
  const { signal, note } = events;
  const membership = await joinGroup(cluster, { group: group.id, topics, signal, note });
  const bounded = request.exitAtEnd || request.to !== undefined;
  const subscription = new Subscription(cluster, request, topics, events);
  if (!bounded) subscription.keep(membership);
  try {
    for (;;) {
      const ranges = await assignedRanges(cluster, request, membership, subscription);
      const changed = new AbortController();
      const { generation } = membership;
      membership.changed.then(
        () => changed.abort(new KtError('interrupted', `generation ${generation} of group ${group.id} is over`)),
        () => {},
      );
      const reading = AbortSignal.any([signal, changed.signal]);
      try {
        yield* readAssignment(cluster, request, membership, ranges, limit, { ...events, signal: reading }, subscription);
      } catch (error) {
        if (!changed.signal.aborted || signal.aborted) throw error;
      }
      if (limit.reached) return;
      if (!changed.signal.aborted && bounded) return;
      if (!changed.signal.aborted) await untilAborted(reading);
      if (signal.aborted) throw signal.reason;
      await membership.rejoin();
    }
  } finally {
    subscription.stop();
    await membership.leave();
  }
}

async function* readAssignment(
  cluster: Cluster,
  request: TailRequest,
  membership: Membership,
  ranges: readonly FetchRange[],
  limit: Limit,
  events: TailEvents,
  subscription: Subscription,
): AsyncGenerator<FetchedRecords> {
  let written = startPositions(membership, ranges);
  const commit = async (): Promise<void> => {
    if (!request.group?.commit || written.size === 0) return;
    const offsets = written;
    written = new Map();
    await membership.commit(offsets);
  };
  try {
    await commit();
    const moved = progressOf(ranges, events);
    const deleted = (topic: string): boolean => {
      written.delete(topic);
      return subscription.deleted(topic);
    };
    for await (const part of fetchRecords(cluster, ranges, { ...events, deleted, moved, isolation: request.isolation })) {
      const waiting = request.filter.prepare(part.records);
      if (waiting) await waiting;
      yield limit.apply(request.filter.apply(part.records));
      remember(written, part, limit.reached ? limit.nextOffset(part) : part.nextOffset);
      if (limit.reached) return;
      if (part.isLastOfAnswer) await commit();
    }
  } finally {
    // What was pulled past has been written, however the reading ended.
    await commit();
  }
}

/**
 * Where partitions begin that the group never committed: committed at once, as Java's consumers do. Else a consumer that began at the end and
 * stopped before anything came would begin at a later end the next time, and skip what came in between.
 */
function startPositions(membership: Membership, ranges: readonly FetchRange[]): Map<string, Map<number, bigint>> {
  const positions = new Map<string, Map<number, bigint>>();
  for (const [index, { committedOffset }] of membership.assigned.entries()) {
    const range = ranges[index];
    if (range && committedOffset === null) remember(positions, range, range.start);
  }
  return positions;
}

function remember(written: Map<string, Map<number, bigint>>, { topic, partition }: TopicPartition, nextOffset: bigint): void {
  const offsets = written.get(topic) ?? new Map<number, bigint>();
  offsets.set(partition, nextOffset);
  written.set(topic, offsets);
}

/** Committed offsets win over the requested start; what a topic that appeared later holds is all new. */
async function assignedRanges(
  cluster: Cluster,
  request: TailRequest,
  { assigned }: Membership,
  subscription: Subscription,
): Promise<readonly FetchRange[]> {
  const committed = new Map<string, bigint>();
  for (const { topic, partition, committedOffset } of assigned) {
    if (committedOffset !== null) committed.set(`${topic}-${partition}`, committedOffset);
    else if (subscription.isNew(topic)) committed.set(`${topic}-${partition}`, 0n);
  }
  return rangesOf(cluster, request, assigned, committed);
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    whenAborted(signal, resolve);
  });
}
