/**
 * What proves that a partition holds nothing between an offset and its end: compaction may leave the last offsets without a record.
 *
 * An answer without records and without an error proves nothing by itself: a broker that reads tiered storage answers so when the read
 * takes longer than `remote.fetch.max.wait.ms` (KIP-1018), and so may anything between kt and the broker. What a broker has on its own
 * disk it reads before it answers. So a range ends below its end only if
 * - two answers in a row were empty, though the end that the leader told lies at or behind the range's end,
 * - and the offset lies on the leader's disk: not before the first offset there (KIP-405). Topics in tiered storage cannot be
 *   compacted, so before it nothing is missing but what was not sent yet.
 */

import { KtError } from '../../base/errors.ts';
import { byTopic } from '../by-topic.ts';
import type { Cluster, TopicPartition } from '../cluster.ts';
import { partitionName } from '../routing.ts';
import type { PartitionFetchState } from './partition-state.ts';

/** ListOffsets' timestamp for the first offset on the leader's disk, and the first version with it: no older broker has tiered storage. */
const earliestLocal = { timestamp: -4n, version: 8 } as const;
const enoughAnswers = 2;

/**
 * Takes note that an answer had nothing of these partitions.
 * @returns those that are read to their end, as nothing follows
 * @throws KtError `connection`
 */
export async function readToEnd(
  cluster: Cluster,
  broker: number,
  states: readonly PartitionFetchState[],
): Promise<readonly PartitionFetchState[]> {
  const silent = states.filter(({ end, readableEnd }) => end !== undefined && readableEnd >= end);
  for (const state of silent) if (state.emptyAnswers++ === 0) state.emptySince = performance.now();
  const doubted = silent.filter(({ emptyAnswers }) => emptyAnswers >= enoughAnswers);
  return onDisk(cluster, broker, doubted);
}

/** Those offsets that lie on the leader's disk. @throws KtError `connection` */
export async function onDisk<P extends TopicPartition & { readonly offset: bigint }>(
  cluster: Cluster,
  broker: number,
  states: readonly P[],
): Promise<readonly P[]> {
  if (states.length === 0) return states;
  const { timestamp, version } = earliestLocal;
  if ((await cluster.apiVersion('ListOffsets', broker)) < version) return states;
  const topics = byTopic(states).map(({ topic, partitions }) => ({
    name: topic,
    partitions: partitions.map((partitionIndex) => ({ partitionIndex, timestamp })),
  }));
  const answer = await cluster.request('ListOffsets', { replicaId: -1, isolationLevel: 0, topics }, { broker });
  const starts = new Map<string, bigint>();
  for (const { name, partitions } of answer.topics) {
    for (const { partitionIndex, errorCode, offset } of partitions) {
      if (errorCode === 0 && offset >= 0n) starts.set(partitionName({ topic: name, partition: partitionIndex }), offset);
    }
  }
  return states.filter((state) => {
    const start = starts.get(partitionName(state));
    return start !== undefined && start <= state.offset;
  });
}

/** Why a partition is given up whose leader keeps answering without records. */
export function nothingComes({ topic, partition, offset, readableEnd }: PartitionFetchState, broker: number): KtError {
  return new KtError(
    'connection',
    `broker ${broker} answers without records of ${topic}:${partition} at offset ${offset}, though it goes on to ${readableEnd}`,
    { code: 'REQUEST_TIMED_OUT', hint: 'is its tiered storage reachable?' },
  );
}
