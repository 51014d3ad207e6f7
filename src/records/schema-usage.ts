/** Which topics' newest records carry a schema: looks at their first bytes and headers only. */
import { KtError } from '../base/errors.ts';
import { resolveEach } from '../core/offsets/resolve.ts';
import { findTopics, saysGone, topicsNamed } from '../core/topics/find.ts';
import type { Cluster, TopicPartition } from '../kafka/cluster.ts';
import type { BoundedRange } from '../kafka/fetch/fetch.ts';
import { lookForRecords } from './look.ts';
import { SchemaTally, type SchemaUse, type WantedSchema } from './schema-tally.ts';

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
  const topics = texts.length > 0 ? await topicsNamed(cluster, texts) : await allTopics(cluster);
  const partitions = [...topics].flatMap(([topic, numbers]) => numbers.map((partition) => ({ topic, partition })));
  const problems: KtError[] = [];
  const gone = new Set<string>();
  /** A topic that is deleted meanwhile is an error only if it was named. @returns whether it is passed over */
  const deleted = (topic: string): boolean => {
    const isNamed = texts.includes(topic);
    if (!isNamed) gone.add(topic);
    return !isNamed;
  };
  const unread = ({ topic }: TopicPartition, cause: KtError) => {
    if (!(saysGone(cause) && deleted(topic))) problems.push(cause);
  };
  const whole: BoundedRange[] = [];
  for (const [index, range] of (await resolveEach(cluster, partitions, { at: 'beginning' }, isolation)).entries()) {
    if (range instanceof KtError) unread(partitions[index]!, range);
    else whole.push({ topic: range.topic, partition: range.partition, start: range.startOffset, end: range.endOffset });
  }
  const tally = new SchemaTally(schemas);
  await lookForRecords(
    cluster,
    whole,
    { direction: 'back', count: perPartition, leastOffsets: perPartition, growth: 4 },
    { isolation, signal, warn, partitionMaxBytes, unread, deleted },
    (record) => tally.add(record),
  );
  return { uses: tally.uses().filter(({ topic }) => !gone.has(topic)), problems };
}

/** The partitions of all topics but internal ones, and those that this user may not see. */
async function allTopics(cluster: Cluster): Promise<ReadonlyMap<string, readonly number[]>> {
  const { topics } = await findTopics(cluster, [], false);
  const seen = topics.filter(({ internal, errorCode }) => !internal && errorCode === 0);
  return new Map(seen.map(({ topic, partitions }) => [topic, partitions.map(({ partition }) => partition)]));
}
