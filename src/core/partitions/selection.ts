/** The partitions that names, patterns and partition numbers stand for, and why some of them cannot be. */
import { KtError } from '../../base/errors.ts';
import type { Cluster, TopicPartition } from '../../kafka/cluster.ts';
import { partitionName } from '../../kafka/routing.ts';
import { findTopics, topicError } from '../topics/find.ts';

export interface SelectedPartitions {
  /** By topic, then by partition. */
  readonly partitions: readonly TopicPartition[];
  readonly problems: readonly KtError[];
}

/**
 * @param texts names and patterns of topics; patterns find no internal ones
 * @param numbers only these partitions of each topic; none: all
 * @param operation what is to be done with them, for the error of a user who may not
 */
export async function selectPartitions(
  cluster: Cluster,
  texts: readonly string[],
  numbers: readonly number[],
  operation = 'DESCRIBE',
): Promise<SelectedPartitions> {
  const { topics, missing } = await findTopics(cluster, texts, false);
  const problems = missing.map(({ error }) => error);
  const selected: TopicPartition[] = [];
  for (const metadata of topics) {
    const { topic, partitions } = metadata;
    const error = topicError(metadata, operation);
    if (error) problems.push(error);
    else {
      const wanted = partitions.filter(({ partition }) => numbers.length === 0 || numbers.includes(partition));
      selected.push(...wanted.map(({ partition }) => ({ topic, partition })));
      const absent = [...new Set(numbers)].filter((number) => number >= partitions.length);
      problems.push(...absent.map((partition) => unknownPartition({ topic, partition }, partitions.length)));
    }
  }
  return { partitions: selected, problems };
}

function unknownPartition(partition: TopicPartition, count: number): KtError {
  return new KtError('refused', `unknown partition ${partitionName(partition)} (the topic has ${count})`, {
    code: 'UNKNOWN_TOPIC_OR_PARTITION',
    hint: count === 1 ? 'its only partition is 0' : `its partitions are 0 to ${count - 1}`,
  });
}
