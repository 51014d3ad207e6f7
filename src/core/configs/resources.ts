/** Which resources' configs are wanted: a named one, or all of a kind. */
import { KtError, usageError } from '../../base/errors.ts';
import { namePattern } from '../../base/name-pattern.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { refused } from '../../kafka/wire/errors.ts';
import { missingTopics } from '../topics/find.ts';
import { describeConfigs } from './describe.ts';
import { type Configs, configsSet } from './entries.ts';
import { type ConfigResource, type ResourceType, resourceTypes } from './resource.ts';

export interface DescribedResource {
  readonly type: ResourceType;
  /** `default` for what all brokers share. */
  readonly name: string;
  readonly configs: Configs;
}

export interface DescribedConfigs {
  readonly resources: readonly DescribedResource[];
  readonly problems: readonly KtError[];
}

const allBrokers = 'default';

/**
 * The resource of this type and name.
 * @throws KtError `usage`: a broker id that is not a number
 */
export function resourceNamed(type: ResourceType, name: string): ConfigResource {
  if (type === 'broker' && name === allBrokers) return { type, name: '' };
  if ((type === 'broker' || type === 'broker-logger') && !/^\d+$/.test(name)) {
    const example = type === 'broker' ? 'such as 1, or default for what all brokers share' : 'such as 1';
    throw usageError(`${name || "''"} (not the id of a broker)`, `write the id of a broker, ${example}`);
  }
  return { type, name };
}

/** The name to show. */
export function shownName({ type, name }: ConfigResource): string {
  return type === 'broker' && name === '' ? allBrokers : name;
}

/**
 * Describes one resource, or with no name all of a kind on which something is set.
 * @param all include defaults, not only what is set
 */
export async function describeResources(
  cluster: Cluster,
  type: ResourceType,
  named: ConfigResource | undefined,
  all: boolean,
): Promise<DescribedConfigs> {
  const resources = named ? [named] : await resourcesOf(cluster, type);
  const found = await describeConfigs(cluster, resources, { documentation: true });
  const described: DescribedResource[] = [];
  const problems: KtError[] = [];
  for (const [index, resource] of resources.entries()) {
    const configs = found[index]!;
    if (configs instanceof KtError) problems.push(await explained(cluster, resource, configs));
    else {
      const shown = all ? configs : configsSet(resource, configs);
      if (named || Object.keys(shown).length > 0) described.push({ type, name: shownName(resource), configs: shown });
    }
  }
  return { resources: described, problems };
}

/** For an unknown topic: the name that was probably meant. */
export async function explained(cluster: Cluster, { type, name }: ConfigResource, error: KtError): Promise<KtError> {
  if (type !== 'topic' || error.code !== 'UNKNOWN_TOPIC_OR_PARTITION') return error;
  const [missing] = await missingTopics(cluster, [namePattern(name)]);
  return missing!.error;
}

async function resourcesOf(cluster: Cluster, type: ResourceType): Promise<readonly ConfigResource[]> {
  if (type === 'topic') {
    const { topics } = await cluster.metadata('all');
    return [...topics.values()]
      .filter(({ internal }) => !internal)
      .map(({ topic }) => ({ type, name: topic }))
      .sort(byName);
  }
  if (type === 'broker' || type === 'broker-logger') {
    const { brokers } = await cluster.metadata([]);
    const ids = brokers.map(({ id }) => id).sort((a, b) => a - b);
    const own = ids.map((id): ConfigResource => ({ type, name: String(id) }));
    return type === 'broker' ? [{ type, name: '' }, ...own] : own;
  }
  return listedResources(cluster, type);
}

/** Groups and client metrics that have configs; KIP-1142 lists any kind; before, only client metrics could be listed. */
async function listedResources(cluster: Cluster, type: 'group' | 'client-metrics'): Promise<readonly ConfigResource[]> {
  const anyKind = (await cluster.apiVersion('ListConfigResources')) >= 1;
  if (!anyKind && type === 'group') {
    throw new KtError('refused', 'groups that have configs cannot be listed (the broker is too old)', {
      code: 'UNSUPPORTED_VERSION',
      hint: 'they can be listed since Kafka 4.1; name a group: kt configs describe group NAME',
    });
  }
  const { code } = resourceTypes[type];
  const { errorCode, configResources } = await cluster.request('ListConfigResources', anyKind ? { resourceTypes: [code] } : {});
  if (errorCode !== 0) throw refused(errorCode, `the list of ${type} configs`);
  return configResources.map(({ resourceName }) => ({ type, name: resourceName })).sort(byName);
}

function byName(a: ConfigResource, b: ConfigResource): number {
  return a.name < b.name ? -1 : 1;
}
