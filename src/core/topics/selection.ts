/** Topics and partitions as `--topic orders:0,3` names them, found in the cluster. */
import { KtError } from '../../base/errors.ts';
import type { Cluster, TopicPartition } from '../../kafka/cluster.ts';
import { refusedFor } from '../../kafka/permissions.ts';
import { findTopics } from './find.ts';

export interface TopicSelection {
  /** A name, or a pattern. */
  readonly topic: string;
  /** Undefined: all. */
  readonly partitions: readonly number[] | undefined;
}

export interface SelectedPartitions {
  /** Each once. */
  readonly partitions: readonly TopicPartition[];
  /** Topics and partitions that are not there, or not for this user. */
  readonly problems: readonly KtError[];
}

/** The partitions that selections stand for. */
export async function selectPartitions(cluster: Cluster, selections: readonly TopicSelection[]): Promise<SelectedPartitions> {
  const chosen = new Map<string, Set<number>>();
  const problems: KtError[] = [];
  for (const { topic: text, partitions } of selections) {
    const { topics, missing } = await findTopics(cluster, [text], false);
    problems.push(...missing.map(({ error }) => error));
    for (const { topic, errorCode, partitions: all } of topics) {
      if (errorCode !== 0) {
        problems.push(refusedFor(errorCode, `topic ${topic}`, { topic: ['DESCRIBE', topic] }));
        continue;
      }
      const there = all.map(({ partition }) => partition);
      const numbers = chosen.get(topic) ?? new Set<number>();
      for (const partition of partitions ?? there) {
        if (there.includes(partition)) numbers.add(partition);
        else problems.push(noPartition(topic, partition, there.length));
      }
      chosen.set(topic, numbers);
    }
  }
  return {
    partitions: [...chosen].flatMap(([topic, numbers]) =>
      [...numbers].sort((a, b) => a - b).map((partition) => ({ topic, partition })),
    ),
    problems,
  };
}

function noPartition(topic: string, partition: number, count: number): KtError {
  return new KtError('refused', `partition ${partition} (topic ${topic} has ${count})`, {
    code: 'UNKNOWN_TOPIC_OR_PARTITION',
    hint: `partitions of ${topic} go from 0 to ${count - 1}`,
  });
}
