/** Lag in seconds: the age of the first unread record, by its own timestamp. */
import { KtError } from '../../base/errors.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import type { Isolation } from '../../kafka/fetch/fetch.ts';
import { type FirstRecordOptions, firstRecords, type Lookup } from '../../kafka/fetch/first-record.ts';
import { partitionName } from '../../kafka/routing.ts';
import type { GroupLag, PartitionLag } from './compute.ts';

type Age = Pick<PartitionLag, 'lagSeconds' | 'lagSecondsProblem'>;

function unknown(lagSecondsProblem: string): Age {
  return { lagSeconds: null, lagSecondsProblem };
}

/** Where the group continues reading; undefined at the end. */
function unreadOf({ topic, partition, committedOffset, startOffset, endOffset, lag }: PartitionLag): Lookup | undefined {
  if (lag === null || lag === 0n || startOffset === null || endOffset === null) return undefined;
  const offset = committedOffset === null || committedOffset < startOffset ? startOffset : committedOffset;
  return offset < endOffset ? { topic, partition, offset, end: endOffset } : undefined;
}

/**
 * Adds the age of the first unread record in each partition. It needs no history; a record without a timestamp, or one that cannot be
 * read, has no age (null, with the reason), and one with a timestamp in the future is 0 seconds old.
 */
export async function withSeconds(
  cluster: Cluster,
  groups: readonly GroupLag[],
  isolation: Isolation,
  options: FirstRecordOptions,
): Promise<readonly GroupLag[]> {
  const lookups = groups.flatMap(({ partitions }) => partitions.map(unreadOf).filter((lookup) => lookup !== undefined));
  const found = await firstRecords(cluster, lookups, isolation, options);
  const now = Date.now();
  const ageOf = (row: PartitionLag): Age => {
    if (row.lag === null) return { lagSeconds: null };
    const lookup = unreadOf(row);
    if (lookup === undefined) return { lagSeconds: 0 };
    const records = found.get(partitionName(row));
    if (records === undefined) return unknown('no broker answered for it');
    if (records instanceof KtError) return unknown(records.message);
    const timestamp = records.timestamps.get(lookup.offset);
    // Only transaction markers, or offsets whose records were compacted away.
    if (timestamp === null) return { lagSeconds: 0 };
    return timestamp === undefined || timestamp < 0
      ? unknown('it has no timestamp')
      : { lagSeconds: Math.max(0, now - timestamp) / 1000 };
  };
  return groups.map((group) => ({
    ...group,
    partitions: group.partitions.map((row) => ({ ...row, ...ageOf(row) })),
  }));
}
