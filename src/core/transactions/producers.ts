/** Who writes to partitions, as their leaders keep it: DescribeProducers (KIP-664). */
import { KtError } from '../../base/errors.ts';
import { byTopic } from '../../kafka/by-topic.ts';
import type { Cluster, TopicPartition } from '../../kafka/cluster.ts';
import { refusedFor } from '../../kafka/permissions.ts';
import { partitionName, perLeader, type RoutingOptions, type Send } from '../../kafka/routing.ts';
import { ErrorCode } from '../../kafka/wire/errors.ts';

/** An idempotent or transactional producer, in one partition. */
export interface ActiveProducer extends TopicPartition {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  /** Sequence number of its last record; -1 when it has none here. */
  readonly lastSequence: number;
  /** When it last wrote here, epoch ms. */
  readonly lastTimestamp: number;
  /** Epoch of the coordinator that last ended a transaction of it here; null when none did. */
  readonly coordinatorEpoch: number | null;
  /** Where its open transaction begins; null without one. */
  readonly currentTransactionStartOffset: bigint | null;
}

export interface ActiveProducers {
  /** By topic, partition and producer id. */
  readonly producers: readonly ActiveProducer[];
  /** Partitions whose leader did not answer, or refused. */
  readonly problems: readonly KtError[];
}

interface Described {
  readonly errorCode: number;
  readonly producers: readonly ActiveProducer[];
}

/** The producers that the leaders of these partitions remember. */
export async function activeProducers(
  cluster: Cluster,
  partitions: readonly TopicPartition[],
  options: RoutingOptions = {},
): Promise<ActiveProducers> {
  const send: Send<TopicPartition, Described> = async (broker, asked) => {
    const topics = byTopic(asked).map(({ topic, partitions: partitionIndexes }) => ({ name: topic, partitionIndexes }));
    const answer = await cluster.request('DescribeProducers', { topics }, { broker });
    return new Map(
      answer.topics.flatMap(({ name: topic, partitions: described }) =>
        described.map(({ partitionIndex: partition, errorCode, activeProducers: found }): [string, Described] => [
          partitionName({ topic, partition }),
          {
            errorCode,
            producers: found.map(({ lastTimestamp, coordinatorEpoch, currentTxnStartOffset, ...producer }) => ({
              ...{ topic, partition, ...producer, lastTimestamp: Number(lastTimestamp) },
              coordinatorEpoch: coordinatorEpoch < 0 ? null : coordinatorEpoch,
              currentTransactionStartOffset: currentTxnStartOffset < 0n ? null : currentTxnStartOffset,
            })),
          },
        ]),
      ),
    );
  };
  const answers = await perLeader(cluster, partitions, send, options);
  const producers: ActiveProducer[] = [];
  const problems: KtError[] = [];
  for (const partition of partitions) {
    const answer = answers.get(partitionName(partition))!;
    if (answer instanceof KtError) problems.push(worded(answer, partition.topic));
    else producers.push(...[...answer.producers].sort((a, b) => (a.producerId < b.producerId ? -1 : 1)));
  }
  return { producers, problems: [...new Map(problems.map((error) => [error.message, error])).values()] };
}

/** DescribeProducers takes READ on the topic. */
function worded(error: KtError, topic: string): KtError {
  if (error.code !== 'TOPIC_AUTHORIZATION_FAILED') return error;
  return refusedFor(ErrorCode.TOPIC_AUTHORIZATION_FAILED, `producers of topic ${topic}`, { topic: ['READ', topic] });
}
