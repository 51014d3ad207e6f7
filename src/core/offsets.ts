/** Where partitions begin and end, and which offset stands at a time: ListOffsets, once per leader. */
import { KtError } from '../errors.ts';
import type { Cluster, TopicPartition } from '../kafka/cluster.ts';
import type { Isolation } from '../kafka/records/fetch.ts';
import { partitionName, perLeader, type Routed, type RoutingOptions, type Send } from '../kafka/routing.ts';

/** A place in a partition; `end` under read_committed is the last stable offset (KIP-98), else the high watermark. */
export type OffsetAt = 'beginning' | 'end' | 'max-timestamp' | { readonly timestampMs: number };

export interface ListedOffset {
  /** -1 when no record is that young (a timestamp after the last record's) or there is none. */
  readonly offset: bigint;
  /** Epoch ms of the record found; -1 for `beginning` and `end`. */
  readonly timestampMs: number;
  /** -1 when the broker does not say. */
  readonly leaderEpoch: number;
}

/** The timestamps that ListOffsets takes for places; max-timestamp is KIP-734. */
const timestampOf = { end: -1n, beginning: -2n, 'max-timestamp': -3n } as const;

/** @returns each partition's offset by `partitionName`, or why there is none */
export async function listOffsets(
  cluster: Cluster,
  partitions: readonly TopicPartition[],
  at: OffsetAt,
  isolation: Isolation,
  options: RoutingOptions,
): Promise<Routed<ListedOffset>> {
  const timestamp = typeof at === 'string' ? timestampOf[at] : BigInt(at.timestampMs);
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
        timeoutMs: options.timeoutMs,
      },
      { broker },
    );
    const answers = new Map<string, ListedOffset & { readonly errorCode: number }>();
    for (const { name, partitions: listed } of topics) {
      for (const { partitionIndex, errorCode, offset, timestamp: found, leaderEpoch } of listed) {
        answers.set(partitionName({ topic: name, partition: partitionIndex }), {
          errorCode,
          offset,
          timestampMs: Number(found),
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
  options: RoutingOptions,
): Promise<{ readonly starts: Routed<ListedOffset>; readonly ends: Routed<ListedOffset> }> {
  const [starts, ends] = await Promise.all([
    listOffsets(cluster, partitions, 'beginning', isolation, options),
    listOffsets(cluster, partitions, 'end', isolation, options),
  ]);
  return { starts, ends };
}

/** The offset listed for a partition, or null where there is an error instead. */
export function offsetOf(listed: Routed<ListedOffset>, partition: TopicPartition): bigint | null {
  const found = listed.get(partitionName(partition));
  return found === undefined || found instanceof KtError ? null : found.offset;
}

/** Partitions under their topics, in the order seen: how most requests want them. */
export function byTopic(
  partitions: readonly TopicPartition[],
): readonly { readonly topic: string; readonly partitions: number[] }[] {
  const topics = new Map<string, number[]>();
  for (const { topic, partition } of partitions) {
    if (!topics.get(topic)?.push(partition)) topics.set(topic, [partition]);
  }
  return [...topics].map(([topic, indexes]) => ({ topic, partitions: indexes }));
}
