/** Where partitions begin and end, and the offset at a time: ListOffsets, once per leader. */
import { KtError } from '../../base/errors.ts';
import { byTopic } from '../../kafka/by-topic.ts';
import type { Cluster, TopicPartition } from '../../kafka/cluster.ts';
import type { Isolation } from '../../kafka/fetch/fetch.ts';
import { partitionName, perLeader, type Routed, type RoutingOptions, type Send } from '../../kafka/routing.ts';

/**
 * Positions that newer brokers know: the record with the latest timestamp (KIP-734), the first offset on the local disk (KIP-405), the last
 * one in tiered storage (KIP-1005) and the next to be uploaded (KIP-1023). Each with its number in ListOffsets, the first version of that
 * request with it, and the Kafka release. For the latest timestamp Kafka 3.7.0 gives the last offset of the record's batch.
 */
export const newerSpecs = {
  'max-timestamp': { timestamp: -3n, version: 7, since: '3.0' },
  'earliest-local': { timestamp: -4n, version: 8, since: '3.5' },
  'latest-tiered': { timestamp: -5n, version: 9, since: '3.9' },
  'earliest-pending-upload': { timestamp: -6n, version: 11, since: '4.2' },
} as const;

export type NewerSpec = keyof typeof newerSpecs;

/** A position in a partition, as in Kafka's OffsetSpec; `end` under read_committed is the last stable offset (KIP-98), else the high watermark. */
export type OffsetSpec = 'beginning' | 'end' | NewerSpec | { readonly timestampMs: number };

export interface ListedOffset {
  /** -1 when there is no record at that time or later, or none at all. */
  readonly offset: bigint;
  /** Epoch ms of the record found, exact whatever unit the producer wrote; -1 for `beginning` and `end`, and for a record without. */
  readonly timestampMs: bigint;
  /** -1 when unknown. */
  readonly leaderEpoch: number;
}

function timestampOf(at: OffsetSpec): bigint {
  if (typeof at !== 'string') return BigInt(at.timestampMs);
  if (at === 'end') return -1n;
  return at === 'beginning' ? -2n : newerSpecs[at].timestamp;
}

/** @returns each partition's offset by `partitionName`, or why there is none */
export async function listOffsets(
  cluster: Cluster,
  partitions: readonly TopicPartition[],
  at: OffsetSpec,
  isolation: Isolation,
  options: RoutingOptions = {},
): Promise<Routed<ListedOffset>> {
  const timestamp = timestampOf(at);
  const send: Send<TopicPartition, ListedOffset & { readonly errorCode: number }> = async (broker, asked) => {
    const { topics } = await cluster.request(
      'ListOffsets',
      {
        replicaId: -1,
        isolationLevel: isolation === 'read_committed' ? 1 : 0,
        topics: byTopic(asked).map(({ topic, partitions: indexes }) => ({
          name: topic,
          partitions: indexes.map((partitionIndex) => ({ partitionIndex, timestamp })),
        })),
        timeoutMs: options.timeoutMs ?? cluster.timeoutMs,
      },
      { broker },
    );
    const answers = new Map<string, ListedOffset & { readonly errorCode: number }>();
    for (const { name, partitions: listed } of topics) {
      for (const { partitionIndex, errorCode, offset, timestamp: found, leaderEpoch } of listed) {
        answers.set(partitionName({ topic: name, partition: partitionIndex }), {
          errorCode,
          offset,
          timestampMs: found,
          leaderEpoch,
        });
      }
    }
    return answers;
  };
  return perLeader(cluster, partitions, send, options);
}

/** Where partitions begin and end: two requests per leader, at the same time. */
export async function offsetRanges(
  cluster: Cluster,
  partitions: readonly TopicPartition[],
  isolation: Isolation,
  options: RoutingOptions = {},
): Promise<{ readonly starts: Routed<ListedOffset>; readonly ends: Routed<ListedOffset> }> {
  const [starts, ends] = await Promise.all([
    listOffsets(cluster, partitions, 'beginning', isolation, options),
    listOffsets(cluster, partitions, 'end', isolation, options),
  ]);
  return { starts, ends };
}

/** The offset listed for a partition, or null for an error. */
export function offsetOf(listed: Routed<ListedOffset>, partition: TopicPartition): bigint | null {
  const found = listed.get(partitionName(partition));
  return found === undefined || found instanceof KtError ? null : found.offset;
}
