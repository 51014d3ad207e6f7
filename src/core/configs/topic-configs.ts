/** The configs of many topics, visited as they come. */
import { KtError } from '../../base/errors.ts';
import type { Cluster, Target } from '../../kafka/cluster.ts';
import { askConfigs, topicsPerRequest } from './describe.ts';
import { type ConfigEntry, type Configs, entriesOf, entryOf, typedEntryOf, type WireConfig } from './entries.ts';
import type { ConfigResource } from './resource.ts';

interface TopicConfigsAsked {
  /** Only these configs are asked for; all when absent. */
  readonly names?: readonly string[];
  /** Which entries of the answer are wanted: the request cannot ask only for those set on topics. All when absent. */
  readonly wanted?: (name: string, source: string) => boolean;
  readonly documentation?: boolean;
  /** Whether each entry says its type, to compare values. */
  readonly typed?: boolean;
}

/**
 * The configs of topics, visited as they arrive, so that those of thousands of topics are never in memory at once.
 * @param visit called once per topic, with its configs or why they cannot be read
 */
export async function eachTopicConfigs(
  cluster: Cluster,
  topics: readonly string[],
  visit: (topic: string, configs: Configs | KtError) => void,
  { names, wanted, documentation = false, typed = false }: TopicConfigsAsked = {},
): Promise<void> {
  const parts: ConfigResource[][] = [];
  for (let from = 0; from < topics.length; from += topicsPerRequest)
    parts.push(topics.slice(from, from + topicsPerRequest).map((name) => ({ type: 'topic', name })));
  const asked = { ...(names && { names }), documentation, synonyms: false };
  const entry = (config: WireConfig): ConfigEntry => (typed ? typedEntryOf(config) : entryOf(config, documentation));
  await overBrokers(cluster, parts, (part, target) =>
    askConfigs(cluster, part, target, asked, ({ name }, configs) =>
      visit(name, configs instanceof KtError ? configs : entriesOf(configs, entry, wanted)),
    ),
  );
}

/** For `eachTopicConfigs`: only the configs set on the topic itself. */
export function isSetOnTopic(_name: string, source: string): boolean {
  return source === 'DYNAMIC_TOPIC_CONFIG';
}

/** Any broker can answer: all work at the same time, each on one part after the other; another broker takes over for one that is lost. */
async function overBrokers<T>(
  cluster: Cluster,
  parts: readonly T[],
  send: (part: T, target: Target) => Promise<void>,
): Promise<void> {
  if (parts.length < 2) {
    for (const part of parts) await send(part, 'any');
    return;
  }
  const { brokers } = await cluster.cachedMetadata([]);
  const waiting = [...parts];
  const work = async (target: Target): Promise<void> => {
    for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
      try {
        await send(part, target);
      } catch (error) {
        if (target === 'any' || !(error instanceof KtError) || error.kind !== 'connection') throw error;
        await send(part, 'any');
      }
    }
  };
  await Promise.all(brokers.length > 0 ? brokers.map(({ id }) => work({ broker: id })) : [work('any')]);
}
