/** Reads as a member of a group, and commits what the sink has handled. */

import { KtError } from '../../base/errors.ts';
import { whenAborted } from '../../base/pause.ts';
import type { NextOffset, RecordBatch } from '../../kafka/batch/record.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import type { FetchRange } from '../../kafka/fetch/fetch.ts';
import { RecordFetcher } from '../../kafka/fetch/fetcher.ts';
import type { UnreadPartitions } from '../../kafka/fetch/unread.ts';
import { joinGroup } from '../../kafka/group/membership.ts';
import type { AssignedPartition } from '../../kafka/group/offsets.ts';
import { partitionName } from '../../kafka/routing.ts';
import { fetchOptions } from './fetch-options.ts';
import type { HandledOffsets } from './handled.ts';
import { LatePartitions } from './late.ts';
import { MemberCommits } from './member-commits.ts';
import { tellOpenTransactions } from './open-transactions.ts';
import { outlasting } from './outlast.ts';
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

/**
 * Reads the partitions that the group assigns. After a rebalance it continues at the committed offsets, or behind what it has handled where
 * nobody else committed. Without an end it outlives any outage.
 */
export async function* readAsMember(member: MemberReading): AsyncGenerator<RecordBatch> {
  const { cluster, request, group, topics, handled, progress, unread, events } = member;
  const { signal, note } = events;
  const { sessionTimeoutMs } = group;
  const joining = { group: group.id, topics, signal, note, ...(sessionTimeoutMs !== undefined && { sessionTimeoutMs }) };
  const membership = await joinGroup(cluster, joining);
  const bounded = request.exitAtEnd || request.to !== undefined;
  const subscription = new Subscription(cluster, request, topics, events);
  if (!bounded) subscription.keep(membership);
  const lasting = <T>(work: () => Promise<T>): Promise<T> => (bounded ? work() : outlasting(group.id, events, work));
  const commits = new MemberCommits({ commits: group.commits, membership, handled, lasting });
  const deleted = (topic: string): boolean => {
    commits.forget(topic);
    return subscription.deleted(topic);
  };
  try {
    for (;;) {
      const assigned = commits.continued(membership.assigned);
      const committed = committedOffsets(assigned, subscription);
      events.arrived?.();
      const { ranges, leaderless } = await lasting(() => rangesOf(cluster, request, assigned, committed));
      tellOpenTransactions(ranges, events);
      const changed = new AbortController();
      const { generation } = membership;
      const over = () => changed.abort(new KtError('interrupted', `generation ${generation} of group ${group.id} is over`));
      membership.changed.then(over, () => {});
      const reading = AbortSignal.any([signal, changed.signal]);
      const uncommitted = membership.assigned.filter((each, index) => isUncommitted(each, assigned[index]!));
      const begin = (found: readonly FetchRange[]) => commits.startAt(startPositions(found, uncommitted));
      const late = new LatePartitions({ cluster, request, events, unread, committed, found: begin }, leaderless);
      const fetcher = new RecordFetcher(cluster, ranges, {
        ...fetchOptions(request, { ...events, signal: reading }, unread),
        deleted,
        mayAdd: late.areExpected,
        moved: progress.over(ranges),
      });
      commits.begin({ goBack: over, fail: (error) => fetcher.fail(error) });
      try {
        begin(ranges);
        try {
          await commits.all();
          late.watch(fetcher);
          for await (const batch of fetcher.batches()) {
            await commits.settled();
            // What is left of the answer belongs to whoever reads from the committed offsets.
            if (reading.aborted) throw reading.reason;
            yield batch;
            await commits.passed(batch.isLastOfAnswer);
          }
        } finally {
          // However the reading ended, what was handled is committed.
          await commits.settled();
          await commits.all();
        }
      } catch (error) {
        if (!changed.signal.aborted || signal.aborted) throw error;
      }
      if (!changed.signal.aborted && bounded) return;
      if (!changed.signal.aborted) await untilAborted(reading);
      if (signal.aborted) throw signal.reason;
      await lasting(() => membership.rejoin());
    }
  } finally {
    subscription.stop();
    await membership.leave();
  }
}

/** Whether the group has no offset for a partition, or one behind which the member has handled more. */
function isUncommitted({ committedOffset }: AssignedPartition, continued: AssignedPartition): boolean {
  return committedOffset === null || committedOffset !== continued.committedOffset;
}

/**
 * Where partitions begin whose start is not committed: committed at once, as Java's consumers do. Otherwise a consumer that began at the end
 * and stopped before anything came would begin at a later end the next time, and skip what came in between.
 */
function startPositions(ranges: readonly FetchRange[], uncommitted: readonly AssignedPartition[]): readonly NextOffset[] {
  const names = new Set(uncommitted.map(partitionName));
  return ranges
    .filter((range) => names.has(partitionName(range)))
    .map(({ topic, partition, start }) => ({ topic, partition, nextOffset: start }));
}

/** Where the group stands: committed offsets win over the requested start; a topic that appeared later is read from its beginning. */
function committedOffsets(assigned: readonly AssignedPartition[], subscription: Subscription): ReadonlyMap<string, bigint> {
  const committed = new Map<string, bigint>();
  for (const { topic, partition, committedOffset } of assigned) {
    if (committedOffset !== null) committed.set(partitionName({ topic, partition }), committedOffset);
    else if (subscription.isNew(topic)) committed.set(partitionName({ topic, partition }), 0n);
  }
  return committed;
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    whenAborted(signal, resolve);
  });
}
