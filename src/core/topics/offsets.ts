/** The offset at a position in each partition: one or two requests per leader. */
import { KtError } from '../../base/errors.ts';
import type { Position } from '../../base/position.ts';
import type { Cluster, TopicPartition } from '../../kafka/cluster.ts';
import { partitionName, type Routed } from '../../kafka/routing.ts';
import { type ListedOffset, listOffsets, type NewerSpec, newerSpecs, type OffsetSpec, offsetOf } from '../offsets/list.ts';
import { selectPartitions, type TopicSelection } from '../partitions/selection.ts';

/** Any position except an offset, which needs no lookup. */
export type AskedPosition = Exclude<Position, { readonly at: 'offset' }> | { readonly at: NewerSpec };

export interface PartitionOffset extends TopicPartition {
  /** Null where the leader does not answer or names a deleted offset, or there is none: no record, nothing in tiered storage. */
  readonly offset: bigint | null;
  /** Epoch ms of the record at the offset, where Kafka searched by time; otherwise null. */
  readonly timestamp: bigint | null;
}

export interface TopicOffsets {
  readonly offsets: readonly PartitionOffset[];
  readonly problems: readonly KtError[];
}

/**
 * Where the position is in each selected partition.
 * @throws KtError `refused` when the brokers are too old for the position
 */
export async function topicOffsets(
  cluster: Cluster,
  selections: readonly TopicSelection[],
  position: AskedPosition,
): Promise<TopicOffsets> {
  const { partitions, problems } = await selectPartitions(cluster, selections);
  if (position.at in newerSpecs) await requireSpec(cluster, position.at as NewerSpec);
  const list = (at: OffsetSpec) => listOffsets(cluster, partitions, at, 'read_uncommitted');
  const isNewest = position.at === 'max-timestamp';
  const [asked, starts, ends] = await Promise.all([
    list(askedOf(position)),
    isNewest ? list('beginning') : undefined,
    // A time may be after the last record, and -N counts from the end.
    isNewest || position.at === 'time' || position.at === 'last' ? list('end') : undefined,
  ]);
  const errors = [asked, starts, ends].flatMap((listed) =>
    [...(listed?.values() ?? [])].filter((each) => each instanceof KtError),
  );
  const deleted: KtError[] = [];
  const offsets = partitions.map((partition): PartitionOffset => {
    const newest = isNewest ? newestOf(partition, asked, starts!, ends!) : undefined;
    if (newest instanceof KtError) deleted.push(newest);
    const place = newest instanceof KtError ? none : (newest ?? found(position, partition, asked, ends));
    return { ...partition, ...place };
  });
  return { offsets, problems: [...problems, ...new Map(errors.map((error) => [error.message, error])).values(), ...deleted] };
}

type Place = Pick<PartitionOffset, 'offset' | 'timestamp'>;

const none: Place = { offset: null, timestamp: null };

/** Brokers still name the record with the latest timestamp after `delete-records` has deleted it. */
function newestOf(
  partition: TopicPartition,
  asked: Routed<ListedOffset>,
  starts: Routed<ListedOffset>,
  ends: Routed<ListedOffset>,
): Place | KtError {
  const name = partitionName(partition);
  const listed = asked.get(name);
  const first = offsetOf(starts, partition);
  const next = offsetOf(ends, partition);
  if (listed === undefined || listed instanceof KtError || first === null || next === null) return none;
  const { offset, timestampMs } = listed;
  if (offset < 0n || first >= next) return none;
  if (offset >= first) return { offset, timestamp: timestampMs === -1n ? null : timestampMs };
  return new KtError('refused', `max-timestamp of ${name} (the broker names offset ${offset}, which is deleted)`, {
    code: 'OFFSET_OUT_OF_RANGE',
    hint: `the partition holds ${first} to ${next - 1n}; kt tail ${partition.topic} -p ${partition.partition} --last 1 shows its last record`,
  });
}

async function requireSpec(cluster: Cluster, place: NewerSpec): Promise<void> {
  const { version, since } = newerSpecs[place];
  if ((await cluster.apiVersion('ListOffsets')) >= version) return;
  throw new KtError('refused', `the brokers do not support ${place}`, {
    code: 'UNSUPPORTED_VERSION',
    hint: `it came with Kafka ${since}`,
  });
}

function askedOf(position: AskedPosition): OffsetSpec {
  if (position.at === 'time') return { timestampMs: position.timestampMs };
  return position.at === 'last' ? 'beginning' : position.at;
}

function found(
  position: AskedPosition,
  partition: TopicPartition,
  asked: Routed<ListedOffset>,
  ends: Routed<ListedOffset> | undefined,
): Place {
  const name = partitionName(partition);
  const listed = asked.get(name);
  const end = ends?.get(name);
  if (listed === undefined || listed instanceof KtError || end instanceof KtError) return none;
  if (position.at === 'last') {
    const offset = end!.offset - BigInt(position.count);
    return { offset: offset > listed.offset ? offset : listed.offset, timestamp: null };
  }
  if (listed.offset >= 0n) return { offset: listed.offset, timestamp: listed.timestampMs === -1n ? null : listed.timestampMs };
  return end ? { offset: end.offset, timestamp: null } : none;
}
