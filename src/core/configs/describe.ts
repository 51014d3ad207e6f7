/** The configs that topics, brokers, groups and other resources have, with where each value comes from: DescribeConfigs. */
import { KtError } from '../../base/errors.ts';
import type { Cluster, Target } from '../../kafka/cluster.ts';
import { leftOut, refused } from '../../kafka/wire/errors.ts';
import {
  type Configs,
  entriesOf,
  type Layered,
  type LayeredEntry,
  layeredEntryOf,
  type WireConfig,
  withoutSynonyms,
} from './entries.ts';
import { configError } from './refusal.ts';
import { byTarget, type ConfigResource, resourceText, resourceTypes } from './resource.ts';

/** Keeps an answer with all configs of these topics to about a megabyte. */
export const topicsPerRequest = 250;

/**
 * The configs of resources of any kind, each from the broker that knows it: a broker's own configs from that broker.
 * @returns in the order of `resources`; one that is refused or whose broker is gone does not hide the others
 */
export async function describeConfigs(
  cluster: Cluster,
  resources: readonly ConfigResource[],
  asked: { readonly documentation: boolean },
): Promise<readonly (Configs | KtError)[]> {
  const layered = await layeredConfigs(cluster, resources, { ...asked, synonyms: false });
  return layered.map((configs) => (configs instanceof KtError ? configs : withoutSynonyms(configs)));
}

/** As `describeConfigs`, with the values below each one; for `retention.ms` brokers leave out its synonym. */
export async function layeredConfigs(
  cluster: Cluster,
  resources: readonly ConfigResource[],
  asked: Asked = { documentation: false, synonyms: true },
): Promise<readonly (Layered | KtError)[]> {
  const found = new Map<string, Layered | KtError>();
  const entry = (config: WireConfig): LayeredEntry => layeredEntryOf(config, asked.documentation);
  await Promise.all(
    byTarget(resources, 'any').map(async ([target, part]) => {
      try {
        for (let from = 0; from < part.length; from += topicsPerRequest)
          await askConfigs(cluster, part.slice(from, from + topicsPerRequest), target, asked, (resource, configs) =>
            found.set(resourceText(resource), configs instanceof KtError ? configs : entriesOf(configs, entry)),
          );
      } catch (error) {
        if (!(error instanceof KtError) || error.kind !== 'connection') throw error;
        for (const resource of part) found.set(resourceText(resource), error);
      }
    }),
  );
  return resources.map(
    (resource) => found.get(resourceText(resource)) ?? refused(leftOut, `configs of ${resourceText(resource)}`),
  );
}

interface Asked {
  /** Only these configs; all when absent. */
  readonly names?: readonly string[] | null;
  readonly documentation: boolean;
  readonly synonyms: boolean;
}

/** One DescribeConfigs. @param visit called once per resource that is answered, with its configs or why there are none */
export async function askConfigs(
  cluster: Cluster,
  resources: readonly ConfigResource[],
  target: Target,
  { names = null, documentation, synonyms }: Asked,
  visit: (resource: ConfigResource, configs: readonly WireConfig[] | KtError) => void,
): Promise<void> {
  const { results } = await cluster.request(
    'DescribeConfigs',
    {
      resources: resources.map(({ type, name }) => ({
        resourceType: resourceTypes[type].code,
        resourceName: name,
        configurationKeys: names,
      })),
      includeSynonyms: synonyms,
      includeDocumentation: documentation,
    },
    target,
  );
  const named = new Map(resources.map((resource) => [`${resourceTypes[resource.type].code} ${resource.name}`, resource]));
  for (const { resourceType, resourceName, errorCode, errorMessage, configs } of results) {
    const resource = named.get(`${resourceType} ${resourceName}`);
    if (!resource) continue;
    visit(
      resource,
      errorCode === 0
        ? configs
        : configError(errorCode, `configs of ${resourceText(resource)}`, errorMessage, resource, 'DESCRIBE_CONFIGS'),
    );
  }
}
