/** The configs that topics have, with where each value comes from: DescribeConfigs. */
import type { KtError } from '../errors.ts';
import type { Cluster } from '../kafka/cluster.ts';
import { refused } from '../kafka/wire/errors.ts';

/** Where a value comes from, in Kafka's words, by the protocol's number. */
const sources: Readonly<Record<number, string>> = {
  1: 'DYNAMIC_TOPIC_CONFIG',
  2: 'DYNAMIC_BROKER_CONFIG',
  3: 'DYNAMIC_DEFAULT_BROKER_CONFIG',
  4: 'STATIC_BROKER_CONFIG',
  5: 'DEFAULT_CONFIG',
  6: 'DYNAMIC_BROKER_LOGGER_CONFIG',
  7: 'DYNAMIC_CLIENT_METRICS_CONFIG',
  8: 'DYNAMIC_GROUP_CONFIG',
};

interface ConfigEntry {
  /** Null when sensitive, or not set. */
  readonly value: string | null;
  /** `DYNAMIC_TOPIC_CONFIG` is one set on the topic itself. */
  readonly source: string;
  readonly sensitive: boolean;
  readonly readOnly: boolean;
}

/** Entries by config name, in alphabetical order. */
export type Configs = Readonly<Record<string, ConfigEntry>>;

const setOnTopic = 'DYNAMIC_TOPIC_CONFIG';

const topicResource = 2;
/** Keeps an answer with all configs of its topics at about a megabyte. */
const topicsPerRequest = 250;

/**
 * The configs of topics, visited as they come so that all configs of thousands of topics are never held at once.
 * @param visit called once per topic, with its configs or with why the cluster does not tell them
 * @param names only these configs; null: all of them
 */
export async function eachTopicConfigs(
  cluster: Cluster,
  topics: readonly string[],
  visit: (topic: string, configs: Configs | KtError) => void,
  names: readonly string[] | null = null,
): Promise<void> {
  for (let from = 0; from < topics.length; from += topicsPerRequest) {
    const resources = topics
      .slice(from, from + topicsPerRequest)
      .map((resourceName) => ({ resourceType: topicResource, resourceName, configurationKeys: names }));
    const { results } = await cluster.request('DescribeConfigs', { resources });
    for (const { resourceName, errorCode, errorMessage, configs } of results) {
      visit(
        resourceName,
        errorCode === 0 ? entriesOf(configs) : refused(errorCode, `configs of topic ${resourceName}`, errorMessage),
      );
    }
  }
}

interface WireConfig {
  readonly name: string;
  readonly value: string | null;
  readonly readOnly: boolean;
  readonly configSource: number;
  readonly isSensitive: boolean;
}

function entriesOf(configs: readonly WireConfig[]): Configs {
  const entries: [string, ConfigEntry][] = configs.map(({ name, value, readOnly, configSource, isSensitive }) => [
    name,
    { value, source: sources[configSource] ?? 'UNKNOWN', sensitive: isSensitive, readOnly },
  ]);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Only the configs set on the topic itself. */
export function onlySet(configs: Configs): Configs {
  return Object.fromEntries(Object.entries(configs).filter(([, { source }]) => source === setOnTopic));
}
