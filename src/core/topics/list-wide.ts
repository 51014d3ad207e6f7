/** What a wide list of topics says of each besides its name: how much it holds, and what becomes of old records. */
import type { KtError } from '../../base/errors.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { describeTopics } from './describe.ts';
import type { ListedTopic } from './find.ts';

/** Null where the cluster does not say. */
export interface WideTopic extends ListedTopic {
  /** Offsets from the start to the end of all partitions. */
  readonly records: bigint | null;
  /** Of the leaders' logs. */
  readonly bytes: bigint | null;
  readonly cleanupPolicy: string | null;
  /** As the broker has it, in milliseconds. */
  readonly retentionMs: string | null;
}

/** @returns the topics, and what could not be read of them */
export async function widened(
  cluster: Cluster,
  topics: readonly ListedTopic[],
): Promise<{ readonly topics: readonly WideTopic[]; readonly problems: readonly KtError[] }> {
  if (topics.length === 0) return { topics: [], problems: [] };
  const names = topics.map(({ topic }) => topic);
  const described = await describeTopics(cluster, names, {
    allConfigs: false,
    configNames: ['cleanup.policy', 'retention.ms'],
    sizes: true,
    areListed: true,
    underReplicated: false,
    unavailable: false,
    underMinIsr: false,
    atMinIsr: false,
  });
  const descriptions = new Map(described.topics.map((topic) => [topic.topic, topic]));
  const wide = topics
    .filter(({ topic }) => !described.gone.has(topic))
    .map((listed): WideTopic => {
      const { partitions = [], configs = {} } = descriptions.get(listed.topic) ?? {};
      return {
        ...listed,
        records: sum(partitions.map(({ records }) => records)),
        bytes: sum(partitions.map(({ bytes }) => bytes ?? null)),
        cleanupPolicy: configs['cleanup.policy']?.value ?? null,
        retentionMs: configs['retention.ms']?.value ?? null,
      };
    });
  return { topics: wide, problems: described.problems };
}

/** The sum; null where a part is not known. */
function sum(counts: readonly (bigint | null)[]): bigint | null {
  if (counts.length === 0) return null;
  return counts.reduce<bigint | null>((all, count) => (all === null || count === null ? null : all + count), 0n);
}
