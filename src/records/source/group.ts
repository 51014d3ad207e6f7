/** Reads as a member of a group, and commits what the sink has handled. */
import { KtError } from '../../base/errors.ts';
import { whenAborted } from '../../base/pause.ts';
import type { NextOffset, RecordBatch } from '../../kafka/batch/record.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import type { FetchRange } from '../../kafka/fetch/fetch.ts';
import { RecordFetcher } from '../../kafka/fetch/fetcher.ts';
import type { UnreadPartitions } from '../../kafka/fetch/unread.ts';
import { joinGroup, type Membership } from '../../kafka/group/membership.ts';
import { partitionName } from '../../kafka/routing.ts';
import { fetchOptions } from './fetch-options.ts';
import type { HandledOffsets } from './handled.ts';
import { LatePartitions } from './late.ts';
import type { Progress } from './progress.ts';
import { rangesOf } from './ranges.ts';
import type { ReadEvents, ReadRequest } from './request.ts';
import { Subscription } from './subscription.ts';

export interface MemberReading {
  readonly cluster: Cluster;
  readonly request: ReadRequest;
  readonly group: NonNullable<ReadRequest['group']>;
  readonly topics: readonly string[];
  /** What the sink has handled of the batches it pulled. */
  readonly handled: HandledOffsets;
  readonly progress: Progress;
  /** Gets the partitions that are given up. */
  readonly unread: UnreadPartitions;
  readonly events: ReadEvents;
}

/** Reads the partitions that the group assigns; after a rebalance it starts again at the committed offsets. */
export async function* readAsMember(member: MemberReading): AsyncGenerator<RecordBatch> {
  const { cluster, request, group, topics, handled, progress, unread, events } = member;
  const { signal, note } = events;
  const membership = await joinGroup(cluster, { group: group.id, topics, signal, note });
  const bounded = request.exitAtEnd || request.to !== undefined;
  const subscription = new Subscription(cluster, request, topics, events);
  if (!bounded) subscription.keep(membership);
  const commit = async (): Promise<void> => {
    const offsets = handled.take();
    if (group.commit && offsets.size > 0) await membership.commit(offsets);
  };
  const deleted = (topic: string): boolean => {
    handled.forget(topic);
    return subscription.deleted(topic);
  };
  try {
    for (;;) {
      const { assigned } = membership;
      const committed = committedOffsets(membership, subscription);
      const { ranges, leaderless } = await rangesOf(cluster, request, assigned, committed);
      const changed = new AbortController();
      const { generation } = membership;
      membership.changed.then(
        () => changed.abort(new KtError('interrupted', `generation ${generation} of group ${group.id} is over`)),
        () => {},
      );
      const reading = AbortSignal.any([signal, changed.signal]);
      const begin = (found: readonly FetchRange[]) => handled.add(startPositions(found, assigned));
      const late = new LatePartitions({ cluster, request, events, unread, committed, found: begin }, leaderless);
      const fetcher = new RecordFetcher(cluster, ranges, {
        ...fetchOptions(request, { ...events, signal: reading }, unread),
        deleted,
        mayAdd: late.areExpected,
        moved: progress.over(ranges),
      });
      try {
        begin(ranges);
        try {
          await commit();
          late.watch(fetcher);
          for await (const batch of fetcher.batches()) {
            yield batch;
            if (batch.isLastOfAnswer) await commit();
          }
        } finally {
          // However the reading ended, what was handled is committed.
          await commit();
        }
      } catch (error) {
        if (!changed.signal.aborted || signal.aborted) throw error;
      }
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

/**
 * Where partitions begin that the group never committed: committed at once, as Java's consumers do. Otherwise a consumer that began at the end
 * and stopped before anything came would begin at a later end the next time, and skip what came in between.
 */
function startPositions(ranges: readonly FetchRange[], assigned: Membership['assigned']): readonly NextOffset[] {
  const uncommitted = assigned.filter(({ committedOffset }) => committedOffset === null).map(partitionName);
  return ranges
    .filter((range) => uncommitted.includes(partitionName(range)))
    .map(({ topic, partition, start }) => ({ topic, partition, nextOffset: start }));
}

/** Where the group stands: committed offsets win over the requested start; a topic that appeared later is read from its beginning. */
function committedOffsets({ assigned }: Membership, subscription: Subscription): ReadonlyMap<string, bigint> {
  const committed = new Map<string, bigint>();
  for (const { topic, partition, committedOffset } of assigned) {
    if (committedOffset !== null) committed.set(`${topic}-${partition}`, committedOffset);
    else if (subscription.isNew(topic)) committed.set(`${topic}-${partition}`, 0n);
  }
  return committed;
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    whenAborted(signal, resolve);
  });
}
