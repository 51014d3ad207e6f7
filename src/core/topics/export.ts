/** Topics as they are, as a section of a file for `topics apply`. */
import { KtError } from '../../base/errors.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { eachTopicConfigs, isSetOnTopic } from '../configs/topic-configs.ts';
import { isThrottleList } from '../partitions/throttle-configs.ts';
import { type ExportedTopic, topicsText } from './file.ts';
import { findTopics, replicationFactorOf, topicError } from './find.ts';

/**
 * @param text a name or pattern; undefined: all topics but Kafka's own
 * @throws KtError `refused` for a name or pattern without a topic, or topics this user may not see: an incomplete file would not show it
 */
export async function exportTopics(cluster: Cluster, text: string | undefined): Promise<string> {
  return topicsText(await exportedTopics(cluster, text));
}

/** Topics with the configs that are set on them; as `exportTopics`. */
export async function exportedTopics(cluster: Cluster, text: string | undefined): Promise<readonly ExportedTopic[]> {
  const { topics, missing } = await findTopics(cluster, text === undefined ? [] : [text], false);
  const found = topics.filter(({ internal }) => text !== undefined || !internal);
  const error = missing[0]?.error ?? found.map((topic) => topicError(topic)).find((each) => each !== undefined);
  if (error) throw error;
  const exported = new Map<string, ExportedTopic['configs']>();
  await eachTopicConfigs(
    cluster,
    found.map(({ topic }) => topic),
    (topic, configs) => {
      if (configs instanceof KtError) throw configs;
      const set = Object.entries(configs).flatMap(([name, { value }]): [string, string][] =>
        value === null || isThrottleList(name) ? [] : [[name, value]],
      );
      exported.set(topic, new Map(set));
    },
    { wanted: isSetOnTopic },
  );
  return found.map((topic) => ({
    topic: topic.topic,
    partitions: topic.partitions.length,
    replicationFactor: replicationFactorOf(topic),
    configs: exported.get(topic.topic) ?? new Map(),
  }));
}
