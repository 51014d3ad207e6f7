/** Lag in seconds: how old the first record is that a group has not read, as the record itself says. */
import { KtError } from '../../base/errors.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import type { Isolation } from '../../kafka/fetch/fetch.ts';
import { firstRecords, type Lookup } from '../../kafka/fetch/first-record.ts';
import { partitionName, type RoutingOptions } from '../../kafka/routing.ts';
import type { GroupLag, PartitionLag } from './compute.ts';

/** Where the group goes on reading, when there is something between that and the end. */
function unreadOf({ topic, partition, committedOffset, startOffset, endOffset, lag }: PartitionLag): Lookup | undefined {
  if (lag === null || lag === 0n || startOffset === null || endOffset === null) return undefined;
  const offset = committedOffset === null || committedOffset < startOffset ? startOffset : committedOffset;
  return offset < endOffset ? { topic, partition, offset, end: endOffset } : undefined;
}

/**
 * The groups with the age of their first unread record in each partition. It needs no history; a record without a time, or one that cannot
 * be read, has no age (null), and one with a time to come is 0 seconds old.
 */
export async function withSeconds(
  cluster: Cluster,
  groups: readonly GroupLag[],
  isolation: Isolation,
  options: RoutingOptions,
): Promise<readonly GroupLag[]> {
  const lookups = groups.flatMap(({ partitions }) => partitions.map(unreadOf).filter((lookup) => lookup !== undefined));
  const found = await firstRecords(cluster, lookups, isolation, options);
  const now = Date.now();
  const ageOf = (row: PartitionLag): number | null => {
    if (row.lag === null) return null;
    const lookup = unreadOf(row);
    if (lookup === undefined) return 0;
    const records = found.get(partitionName(row));
    if (records === undefined || records instanceof KtError) return null;
    const timestamp = records.timestamps.get(lookup.offset);
    // Only transaction markers, or offsets that compaction left empty.
    if (timestamp === null) return 0;
    return timestamp === undefined || timestamp < 0 ? null : Math.max(0, now - timestamp) / 1000;
  };
  return groups.map((group) => ({
    ...group,
    partitions: group.partitions.map((row) => ({ ...row, lagSeconds: ageOf(row) })),
  }));
}
