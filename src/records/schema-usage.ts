/** Which topics' newest records carry a schema: looks at their first bytes and headers only. */
import type { KtError } from '../base/errors.ts';
import { listTopics, topicsNamed } from '../core/topics/find.ts';
import type { Cluster } from '../kafka/cluster.ts';
import { lookForRecords } from './look.ts';
import { SchemaTally, type SchemaUse, type WantedSchema } from './schema-tally.ts';
import { chosenPartitions, rangesOf } from './source/ranges.ts';

export interface UsageReport {
  readonly uses: readonly SchemaUse[];
  /** Partitions that could not be read. */
  readonly problems: readonly KtError[];
}

const isolation = 'read_uncommitted';
/** A few records are wanted, not all that an answer holds. */
const partitionMaxBytes = 256 << 10;

/**
 * @param texts names and patterns of topics; none: all but internal ones
 * @param perPartition so many of the newest records at least; where compaction left gaps, it looks further back
 * @throws KtError `refused` for an unknown topic
 */
export async function findSchemaUsage(
  cluster: Cluster,
  schemas: readonly WantedSchema[],
  texts: readonly string[],
  perPartition: number,
  { signal, warn }: { readonly signal: AbortSignal; readonly warn: (text: string) => void },
): Promise<UsageReport> {
  const names = texts.length > 0 ? texts : (await listTopics(cluster, undefined, false)).map(({ topic }) => topic);
  const topics = names.length > 0 ? await topicsNamed(cluster, names) : new Map<string, readonly number[]>();
  const request = { from: { at: 'beginning' }, to: undefined, exitAtEnd: true, isolation } as const;
  const { ranges, leaderless } = await rangesOf(cluster, request, chosenPartitions(topics, { partitions: [] }), undefined);
  const whole = ranges.map(({ topic, partition, start, endOffset }) => ({ topic, partition, start, end: endOffset }));
  const problems = leaderless.map(({ cause }) => cause);
  const tally = new SchemaTally(schemas);
  await lookForRecords(
    cluster,
    whole,
    { direction: 'back', count: perPartition, leastOffsets: perPartition, growth: 4 },
    { isolation, signal, warn, partitionMaxBytes, unread: (_, cause) => void problems.push(cause) },
    (record) => tally.add(record),
  );
  return { uses: tally.uses(), problems };
}
