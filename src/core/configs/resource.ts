/** What has configs: topics, brokers and their loggers, groups, client metrics; and which broker knows them. */
import type { Target } from '../../kafka/cluster.ts';

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

/** What has configs: the protocol's number of each kind, the source of values set on it, and the Kafka release that added it. */
export const resourceTypes = {
  topic: { code: 2, own: 1, since: '0.11' },
  broker: { code: 4, own: 2, since: '0.11' },
  'broker-logger': { code: 8, own: 6, since: '2.4' },
  group: { code: 32, own: 8, since: '4.0' },
  'client-metrics': { code: 16, own: 7, since: '3.7' },
} as const;

export type ResourceType = keyof typeof resourceTypes;

export interface ConfigResource {
  readonly type: ResourceType;
  /** Empty for the defaults that all brokers share. */
  readonly name: string;
}

/** The source of what is set on a resource itself. */
export function ownSource({ type, name }: ConfigResource): string {
  return sources[type === 'broker' && name === '' ? 3 : resourceTypes[type].own]!;
}

/** The name of a source; one newer than kt is UNKNOWN. */
export function sourceOf(number: number): string {
  return sources[number] ?? 'UNKNOWN';
}

/**
 * Resources by the broker to ask: only a broker itself knows its configs and loggers.
 * @param others who is asked for the others: any broker knows them, the controller changes them
 */
export function byTarget(
  resources: readonly ConfigResource[],
  others: 'any' | 'controller',
): readonly (readonly [Target, readonly ConfigResource[]])[] {
  const targets = new Map<number | undefined, ConfigResource[]>();
  for (const resource of resources) {
    const own = (resource.type === 'broker' || resource.type === 'broker-logger') && resource.name !== '';
    const broker = own ? Number(resource.name) : undefined;
    if (!targets.get(broker)?.push(resource)) targets.set(broker, [resource]);
  }
  return [...targets].map(([broker, part]) => [broker === undefined ? others : { broker }, part]);
}

/** In words: `topic orders`, `broker 1`, `all brokers`. */
export function resourceText({ type, name }: ConfigResource): string {
  return type === 'broker' && name === '' ? 'all brokers' : `${type.replace('-', ' ')} ${name}`;
}
