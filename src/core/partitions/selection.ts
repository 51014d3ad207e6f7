/** The partitions that names, patterns and partition numbers stand for, and why some of them cannot be had. */

import { KtError } from '../../base/errors.ts';
import { namePattern } from '../../base/name-pattern.ts';
import { shellWord } from '../../base/shell-word.ts';
import type { Cluster, TopicPartition } from '../../kafka/cluster.ts';
import { findTopics, topicError } from '../topics/find.ts';

/** What one `orders`, `orders:0,3` or `orders-*` asks for. */
export interface TopicSelection {
  /** A name, or a pattern. */
  readonly topic: string;
  /** Undefined: all. */
  readonly partitions: readonly number[] | undefined;
}

/** Whether a partition is one of those that are asked for; where nothing is asked for, each is. */
export function isAmong(selections: readonly TopicSelection[]): (partition: TopicPartition) => boolean {
  const wanted = selections.map(({ topic, partitions }) => ({ pattern: namePattern(topic), partitions }));
  return ({ topic, partition }) =>
    wanted.length === 0 ||
    wanted.some(({ pattern, partitions }) => pattern.matches(topic) && (partitions?.includes(partition) ?? true));
}

export interface SelectedPartitions {
  /** Each once, by topic and then by partition. */
  readonly partitions: readonly TopicPartition[];
  /** Topics and partitions that do not exist, or that this user may not see. */
  readonly problems: readonly KtError[];
}

/**
 * The partitions of topics; patterns find no internal ones.
 * @param operation what is to be done with them, for the error of a user who may not
 */
export async function selectPartitions(
  cluster: Cluster,
  selections: readonly TopicSelection[],
  operation = 'DESCRIBE',
): Promise<SelectedPartitions> {
  const wanted = selections.map(({ topic, partitions }) => ({ pattern: namePattern(topic), partitions }));
  const { topics, missing } = await findTopics(cluster, [...new Set(selections.map(({ topic }) => topic))], false);
  const problems = missing.map(({ error }) => error);
  const selected: TopicPartition[] = [];
  for (const metadata of topics) {
    const { topic, internal } = metadata;
    const error = topicError(metadata, operation);
    if (error) {
      problems.push(error);
      continue;
    }
    const existing = metadata.partitions.map(({ partition }) => partition);
    const asking = wanted.filter(({ pattern }) => pattern.matches(topic) && (pattern.exact || !internal));
    const numbers = new Set(asking.flatMap(({ partitions = existing }) => partitions));
    for (const partition of [...numbers].sort((a, b) => a - b)) {
      if (existing.includes(partition)) selected.push({ topic, partition });
      else problems.push(unknownPartition({ topic, partition }, existing.length));
    }
  }
  return { partitions: selected, problems };
}

/**
 * The error for a partition that a topic does not have, the same for every command.
 * @param count how many partitions the topic has
 */
export function unknownPartition({ topic, partition }: TopicPartition, count: number): KtError {
  const range = count > 1 ? `${count}: 0 to ${count - 1}` : `${count}: 0`;
  return new KtError('refused', `topic ${topic} has no partition ${partition} (it has ${range})`, {
    code: 'UNKNOWN_TOPIC_OR_PARTITION',
    hint: `kt topics describe ${shellWord(topic)} shows its partitions`,
  });
}
