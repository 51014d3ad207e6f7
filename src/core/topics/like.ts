/** New topics with the settings of one that exists. */
import { usageError } from '../../base/errors.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { exportedTopics } from './export.ts';
import type { TopicSpec } from './spec.ts';

/**
 * The specs, with the model's partitions, replication factor and configs where they name none of their own. A replica assignment says the
 * first two itself; brokers that hold the model's replicas play no part.
 * @param model the name of a topic
 * @throws KtError `refused` for an unknown topic, or configs that may not be read; `usage` for a pattern
 */
export async function specsLike(cluster: Cluster, model: string, specs: readonly TopicSpec[]): Promise<readonly TopicSpec[]> {
  const topics = await exportedTopics(cluster, model);
  const like = topics.find(({ topic }) => topic === model);
  if (!like) throw usageError(`--like ${model} (a pattern)`, 'name one topic');
  return specs.map((spec) => {
    const isAssigned = spec.assignment.length > 0;
    return {
      ...spec,
      partitions: spec.partitions === -1 && !isAssigned ? like.partitions : spec.partitions,
      replicationFactor: spec.replicationFactor === -1 && !isAssigned ? like.replicationFactor : spec.replicationFactor,
      configs: new Map([...like.configs, ...spec.configs]),
    };
  });
}
