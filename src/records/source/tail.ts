/** `tail`: a start and an end for every partition, then records until there are enough. */

import { topicsNamed } from '../../core/topics/find.ts';
import type { FetchedRecords } from '../../kafka/batch/record.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import type { FetchedPart } from '../../kafka/fetch/fetch.ts';
import { RecordFetcher } from '../../kafka/fetch/fetcher.ts';
import type { RecordFilter } from '../filter.ts';
import { lastRecords } from '../last.ts';
import { Limit } from '../limit.ts';
import { mergedPartitionBytes, mergedRecords } from '../merge.ts';
import { FollowedTopics } from './follow.ts';
import { tailGroup } from './group.ts';
import { chosenPartitions, progressOf, rangesOf } from './ranges.ts';
import type { TailEvents, TailRequest } from './request.ts';
import { Silence } from './silence.ts';

/**
 * The records, a fetched part at a time. In a group, pulling the next part says that the last one was written out: only then is it
 * committed.
 * @throws KtError `refused` (unknown topic, offset out of range, no permission), `connection`
 */
export async function* tailRecords(cluster: Cluster, request: TailRequest, events: TailEvents): AsyncGenerator<FetchedRecords> {
  const topics = await topicsNamed(cluster, request.topics);
  const follows = !request.exitAtEnd && request.to === undefined && request.last === undefined;
  const silence = follows
    ? new Silence(() => events.waiting(`waiting for new records of ${[...topics.keys()].join(', ')} (Ctrl-C ends)`))
    : undefined;
  try {
    for await (const records of recordsOf(cluster, request, topics, follows, events)) {
      silence?.end();
      yield records;
      silence?.begin();
    }
  } finally {
    silence?.end();
    if (request.filter.failures) events.warn(request.filter.failures);
  }
}

async function* recordsOf(
  cluster: Cluster,
  request: TailRequest,
  topics: ReadonlyMap<string, readonly number[]>,
  follows: boolean,
  events: TailEvents,
): AsyncGenerator<FetchedRecords> {
  const { filter, isolation, last, merge } = request;
  const limit = new Limit(request.maxRecords);
  if (limit.reached) return;
  if (request.group) {
    yield* tailGroup(cluster, request, request.group, [...topics.keys()], limit, events);
    return;
  }
  const partitions = chosenPartitions(topics, request.partitions);
  if (last !== undefined) {
    yield* lastRecords(cluster, request, partitions, last, events);
    return;
  }
  const ranges = await rangesOf(cluster, request, partitions, undefined);
  const followed = follows ? new FollowedTopics(cluster, request, topics, events) : undefined;
  const fetcher = new RecordFetcher(cluster, ranges, {
    ...events,
    ...followed?.fetchOptions,
    ...(merge && { partitionMaxBytes: mergedPartitionBytes(ranges.length) }),
    moved: progressOf(ranges, events),
    isolation,
  });
  followed?.watch(fetcher);
  if (!merge) events.runsAhead?.(() => fetcher.isNextReady());
  try {
    const source = merge ? mergedRecords(fetcher, ranges, filter) : filteredRecords(fetcher.parts(), filter);
    for await (const records of source) {
      yield limit.apply(records);
      if (limit.reached) return;
    }
  } finally {
    followed?.stop();
  }
}

async function* filteredRecords(parts: AsyncIterable<FetchedPart>, filter: RecordFilter): AsyncGenerator<FetchedRecords> {
  for await (const { records } of parts) {
    const waiting = filter.prepare(records);
    if (waiting) await waiting;
    yield filter.apply(records);
  }
}
