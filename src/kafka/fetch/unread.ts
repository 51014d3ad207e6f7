/** Partitions that could not be read to their end: all the others are read, then the reading ends with one error for them. */
import { KtError } from '../../base/errors.ts';
import { partitionNames } from '../by-topic.ts';
import type { TopicPartition } from '../cluster.ts';

export class UnreadPartitions {
  readonly #causes = new Map<string, { readonly partition: TopicPartition; readonly cause: KtError }>();

  /** This partition is given up. */
  readonly add = (partition: TopicPartition, cause: KtError): void => {
    this.#causes.set(`${partition.topic}:${partition.partition}`, { partition, cause });
  };

  /** @throws KtError `connection` naming the partitions that were given up, with why the first was; not when all were read */
  check(): void {
    const [first] = this.#causes.values();
    if (!first) return;
    const { cause } = first;
    const names = partitionNames([...this.#causes.values()].map(({ partition }) => partition));
    const hint = `kt topics describe ${first.partition.topic} shows the replicas; what other partitions hold was read`;
    throw new KtError('connection', `${names} could not be read to the end (${cause.message})`, {
      code: cause.code ?? 'LEADER_NOT_AVAILABLE',
      hint,
      cause,
    });
  }
}
