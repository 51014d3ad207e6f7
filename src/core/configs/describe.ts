/** The configs that topics, brokers, groups and other resources have, with where each value comes from: DescribeConfigs. */
import { KtError } from '../../base/errors.ts';
import type { Cluster, Target } from '../../kafka/cluster.ts';
import { permissionHint } from '../../kafka/permissions.ts';
import { errorOf, leftOut, refused } from '../../kafka/wire/errors.ts';

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

/** What has configs: the protocol's number of each kind, the source of values set on itself, and the Kafka that brought it. */
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
  /** Empty for what all brokers of the cluster share. */
  readonly name: string;
}

interface ConfigEntry {
  /** Null when sensitive, or not set. */
  readonly value: string | null;
  /** `DYNAMIC_TOPIC_CONFIG` is one set on the topic itself. */
  readonly source: string;
  readonly sensitive: boolean;
  readonly readOnly: boolean;
  /** What the config is for, when asked for and when the broker (Kafka 2.6 and newer) says it. */
  readonly documentation?: string | null;
}

/** An entry with the values that would be in effect without the ones before: what a deletion falls back to. */
export interface LayeredEntry extends ConfigEntry {
  readonly synonyms: readonly { readonly value: string | null; readonly source: string }[];
}

/** Entries by config name, in alphabetical order. */
export type Configs = Readonly<Record<string, ConfigEntry>>;

/** The source of what is set on a resource itself. */
export function ownSource({ type, name }: ConfigResource): string {
  return sources[type === 'broker' && name === '' ? 3 : resourceTypes[type].own]!;
}

/**
 * Whether a config's value is a secret. A broker does not say it of one that is not there yet, such as
 * `listener.name.client.ssl.keystore.password`.
 */
export function isSensitive(name: string, entry: ConfigEntry | undefined): boolean {
  return entry?.sensitive ?? /password|secret|sasl\.jaas\.config|ssl\.keystore\.key$/.test(name);
}

/** Keeps an answer with all configs of its topics at about a megabyte. */
const topicsPerRequest = 250;

interface TopicConfigsAsked {
  /** Only these configs are asked for; all when absent. */
  readonly names?: readonly string[];
  /** Which of the entries that come are wanted: those set on topics cannot be asked for alone. All when absent. */
  readonly wanted?: (name: string, source: string) => boolean;
  readonly documentation?: boolean;
}

/**
 * The configs of topics, visited as they come so that all configs of thousands of topics are never held at once.
 * @param visit called once per topic, with its configs or with why the cluster does not tell them
 */
export async function eachTopicConfigs(
  cluster: Cluster,
  topics: readonly string[],
  visit: (topic: string, configs: Configs | KtError) => void,
  { names, wanted, documentation = false }: TopicConfigsAsked = {},
): Promise<void> {
  const parts: ConfigResource[][] = [];
  for (let from = 0; from < topics.length; from += topicsPerRequest)
    parts.push(topics.slice(from, from + topicsPerRequest).map((name) => ({ type: 'topic', name })));
  const asked = { ...(names && { names }), documentation, synonyms: false };
  const entry = (config: WireConfig): ConfigEntry => entryOf(config, documentation);
  await overBrokers(cluster, parts, (part, target) =>
    ask(cluster, part, target, asked, ({ name }, configs) =>
      visit(name, configs instanceof KtError ? configs : entriesOf(configs, entry, wanted)),
    ),
  );
}

/** For `eachTopicConfigs`: only the configs set on the topic itself. */
export function isSetOnTopic(_name: string, source: string): boolean {
  return source === sources[1];
}

/** Any broker can answer: each takes one part after the other, all at the same time; another one stands in for a broker that is lost. */
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

/**
 * The configs of resources of any kind, each asked of the broker that knows: a broker's own of that broker.
 * @returns in the order of `resources`; one that is refused or whose broker is gone hides none of the others
 */
export async function describeConfigs(
  cluster: Cluster,
  resources: readonly ConfigResource[],
  asked: { readonly documentation: boolean },
): Promise<readonly (Configs | KtError)[]> {
  const layered = await layeredConfigs(cluster, resources, { ...asked, synonyms: false });
  return layered.map((configs) => (configs instanceof KtError ? configs : withoutSynonyms(configs)));
}

export type Layered = Readonly<Record<string, LayeredEntry>>;

/** As `describeConfigs`, with what each value stands before. */
export async function layeredConfigs(
  cluster: Cluster,
  resources: readonly ConfigResource[],
  asked: Asked = { documentation: false, synonyms: true },
): Promise<readonly (Layered | KtError)[]> {
  const found = new Map<string, Layered | KtError>();
  const entry = (config: WireConfig): LayeredEntry => layeredEntryOf(config, asked.documentation);
  await Promise.all(
    byTarget(resources).map(async ([target, part]) => {
      try {
        for (let from = 0; from < part.length; from += topicsPerRequest)
          await ask(cluster, part.slice(from, from + topicsPerRequest), target, asked, (resource, configs) =>
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

/** Resources under the broker they have to be asked of: a broker knows its own configs and loggers only. */
export function byTarget(resources: readonly ConfigResource[]): readonly (readonly [Target, readonly ConfigResource[]])[] {
  const targets = new Map<number | 'any', ConfigResource[]>();
  for (const resource of resources) {
    const own = (resource.type === 'broker' || resource.type === 'broker-logger') && resource.name !== '';
    const broker = own ? Number(resource.name) : 'any';
    if (!targets.get(broker)?.push(resource)) targets.set(broker, [resource]);
  }
  return [...targets].map(([broker, part]) => [broker === 'any' ? 'any' : { broker }, part]);
}

/** As people say it: `topic orders`, `broker 1`, `all brokers`. */
export function resourceText({ type, name }: ConfigResource): string {
  return type === 'broker' && name === '' ? 'all brokers' : `${type.replace('-', ' ')} ${name}`;
}

interface Asked {
  /** Only these configs; all when absent. */
  readonly names?: readonly string[] | null;
  readonly documentation: boolean;
  readonly synonyms: boolean;
}

async function ask(
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

/**
 * Why the cluster refused a resource's configs: names the permission that is missing and the Kafka that brings the kind of resource.
 * @param operation what the user must be allowed to do
 */
export function configError(
  errorCode: number,
  what: string,
  errorMessage: string | null,
  resource: ConfigResource,
  operation: 'ALTER_CONFIGS' | 'DESCRIBE_CONFIGS',
): KtError {
  const { name, message } = errorOf(errorCode);
  const { since } = resourceTypes[resource.type];
  // A broker that does not know the kind of resource says no more than that.
  if (name === 'INVALID_REQUEST' && (!errorMessage || errorMessage.startsWith(message) || unknownKind.test(errorMessage))) {
    return new KtError('refused', `${what} (this Kafka has no configs of that kind)`, {
      code: 'UNSUPPORTED_VERSION',
      hint: `configs of ${resource.type.replace('-', ' ').replace(/s?$/, 's')} come with Kafka ${since}`,
    });
  }
  const ofItsOwn = resource.type === 'topic' || resource.type === 'group';
  const names = `kt configs describe ${resource.type} ${resource.name || 'default'} --all shows names and values`;
  const hint =
    permissionHint(name, operation, ofItsOwn ? resourceText(resource) : 'the cluster') ??
    (name === 'INVALID_CONFIG' ? names : undefined);
  return refused(errorCode, what, errorMessage, hint);
}

const unknownKind = /unsupported resource type|unknown resource type|unexpected (resource )?type/i;

interface WireConfig {
  readonly name: string;
  readonly value: string | null;
  readonly readOnly: boolean;
  readonly configSource: number;
  readonly isSensitive: boolean;
  readonly synonyms: readonly { readonly value: string | null; readonly source: number }[];
  readonly documentation: string | null;
}

function entryOf({ value, configSource, isSensitive, readOnly, documentation }: WireConfig, documented: boolean): ConfigEntry {
  // A broker sends no secret; should one ever do, it is not shown.
  const entry = { value: isSensitive ? null : value, source: sourceOf(configSource), sensitive: isSensitive, readOnly };
  return documented ? { ...entry, documentation } : entry;
}

function layeredEntryOf(config: WireConfig, documented: boolean): LayeredEntry {
  const synonyms = config.synonyms.map(({ value, source }) => ({
    value: config.isSensitive ? null : value,
    source: sourceOf(source),
  }));
  return { ...entryOf(config, documented), synonyms };
}

function entriesOf<T>(
  configs: readonly WireConfig[],
  entry: (config: WireConfig) => T,
  wanted: (name: string, source: string) => boolean = () => true,
): Readonly<Record<string, T>> {
  const sorted = configs
    .filter(({ name, configSource }) => wanted(name, sourceOf(configSource)))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return Object.fromEntries(sorted.map((config) => [config.name, entry(config)]));
}

function sourceOf(number: number): string {
  return sources[number] ?? 'UNKNOWN';
}

function withoutSynonyms(layered: Layered): Configs {
  return Object.fromEntries(Object.entries(layered).map(([name, { synonyms: _, ...entry }]) => [name, entry]));
}

/** What is set on a resource; of a broker also what is set for all brokers and in its file. */
export function configsSet(resource: ConfigResource, configs: Configs): Configs {
  const own = ownSource(resource);
  const broker = resource.type === 'broker' && resource.name !== '';
  const isSet = ({ source }: ConfigEntry) => (broker ? source !== sources[5] : source === own);
  return Object.fromEntries(Object.entries(configs).filter(([, entry]) => isSet(entry)));
}
