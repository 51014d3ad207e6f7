/** New topics with the settings of one that exists. */
import type { Cluster } from '../../kafka/cluster.ts';
import { exportedTopics } from './export.ts';
import type { ExportedTopic } from './file.ts';
import type { TopicSpec } from './spec.ts';

/**
 * The specs, with the model's partitions, replication factor and configs where they name none of their own. A replica assignment says the
 * first two itself; brokers that hold the model's replicas play no part.
 * @param model the name of a topic, which is no pattern
 * @throws KtError `refused` for an unknown topic, or configs that may not be read
 */
export async function specsLike(cluster: Cluster, model: string, specs: readonly TopicSpec[]): Promise<readonly TopicSpec[]> {
  const [like] = (await exportedTopics(cluster, model)) as readonly [ExportedTopic];
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
