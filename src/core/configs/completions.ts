/** What completion offers for configs: keys, and `key=value` where there are few values. */
import type { Cluster } from '../../kafka/cluster.ts';
import { topicConfigs } from './names.ts';
import type { ResourceType } from './resource.ts';
import { describeResources, resourceNamed } from './resources.ts';

const yesNo = ['true', 'false'];
const levels = ['FATAL', 'ERROR', 'WARN', 'INFO', 'DEBUG', 'TRACE'];
const values: Readonly<Record<string, readonly string[]>> = {
  'cleanup.policy': ['delete', 'compact', 'compact,delete'],
  'compression.type': ['producer', 'uncompressed', 'gzip', 'snappy', 'lz4', 'zstd'],
  'message.timestamp.type': ['CreateTime', 'LogAppendTime'],
  preallocate: yesNo,
  'remote.log.copy.disable': yesNo,
  'remote.log.delete.on.disable': yesNo,
  'remote.storage.enable': yesNo,
  'unclean.leader.election.enable': yesNo,
};
const subscriptionKeys = ['interval.ms', 'match', 'metrics'];

/** Keys of topic configs, which need no broker to be known. */
export function topicConfigKeys(): readonly string[] {
  return topicConfigs;
}

/** `key=value` for each value of a key that has few, `key=` for the others. */
export function withValues(keys: readonly string[], valuesOf = values): readonly string[] {
  return keys.flatMap((key) => valuesOf[key]?.map((value) => `${key}=${value}`) ?? [`${key}=`]);
}

/** Keys of the configs that a resource of this type can have, of a broker only those that can be changed; it connects only where kt does not know them. */
export async function configKeys(connect: () => Promise<Cluster>, type: ResourceType): Promise<readonly string[]> {
  if (type === 'topic') return topicConfigs;
  if (type === 'client-metrics') return subscriptionKeys;
  const cluster = await connect();
  const name = type === 'group' ? 'kt' : await firstBroker(cluster);
  const { resources } = await describeResources(cluster, type, resourceNamed(type, name), true);
  return resources.flatMap(({ configs }) => Object.entries(configs).flatMap(([key, { readOnly }]) => (readOnly ? [] : [key])));
}

/** `key=` and values for a resource of this type. */
export async function configWords(connect: () => Promise<Cluster>, type: ResourceType): Promise<readonly string[]> {
  const keys = await configKeys(connect, type);
  return type === 'broker-logger' ? keys.flatMap((key) => levels.map((level) => `${key}=${level}`)) : withValues(keys);
}

async function firstBroker(cluster: Cluster): Promise<string> {
  const { brokers } = await cluster.cachedMetadata([]);
  return String(brokers[0]?.id ?? 0);
}
