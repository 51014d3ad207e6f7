/** Alters configs and the number of partitions of topics, with an outcome for each that shows before and after. */
import { KtError, usageError } from '../../base/errors.ts';
import { namePattern, requireNames } from '../../base/name-pattern.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { type AlteredConfigs, type AlterOptions, alterConfigs, type Change } from '../configs/alter.ts';
import type { ConfigChange } from '../configs/changes.ts';
import { addPartitions, type Growth } from './add-partitions.ts';
import { missingTopics, topicError } from './find.ts';

export interface TopicChanges {
  /** The new number of partitions; undefined: as now. */
  readonly partitions: number | undefined;
  readonly configs: readonly ConfigChange[];
}

export interface AlteredTopic {
  readonly topic: string;
  readonly status: AlteredConfigs['status'];
  /** The configs, and `partitions` where some are added. */
  readonly changes: readonly Change[];
  readonly error?: KtError;
}

/** @throws KtError `usage`: patterns, because what a pattern matches should be checked before it is changed; nothing to change */
export function requireAlterable(topics: readonly string[], { partitions, configs }: TopicChanges): void {
  requireNames('topics alter', topics);
  if (partitions === undefined && configs.length === 0)
    throw usageError('topics alter (nothing to alter)', 'add --partitions, --retention, --config or another change');
}

/**
 * @param requests the changes to each topic
 * @returns in the order of `requests`; a topic that is refused is left as it was, and does not stop the others
 */
export async function alterTopics(
  cluster: Cluster,
  requests: ReadonlyMap<string, TopicChanges>,
  options: AlterOptions,
): Promise<readonly AlteredTopic[]> {
  const outcomes = new Map<string, AlteredTopic>();
  const counts = await partitionCounts(cluster, requests);
  for (const [topic, count] of counts) if (count instanceof KtError) outcomes.set(topic, failed(topic, count));
  const growing = growingTopics(counts, requests);
  // The controller checks the partitions before any config changes: a topic is altered completely or not at all.
  const refusals = await addPartitions(cluster, growing, { validateOnly: true });
  for (const [topic, error] of refusals) outcomes.set(topic, failed(topic, error));
  const accepted = [...requests].filter(([topic]) => !outcomes.has(topic));
  for (const altered of await configOutcomes(cluster, accepted, options)) outcomes.set(altered.topic, altered);

  const toGrow = new Map([...growing].filter(([topic]) => outcomes.get(topic)!.status !== 'failed'));
  const late = options.dryRun ? undefined : await addPartitions(cluster, toGrow, { validateOnly: false });
  for (const [topic, { from, to }] of toGrow) {
    const { changes: configs } = outcomes.get(topic)!;
    const error = late?.get(topic);
    const added = partitionChange(from, to);
    outcomes.set(
      topic,
      error
        ? { topic, status: 'failed', changes: configs, error }
        : { topic, status: options.dryRun ? 'valid' : 'altered', changes: [added, ...configs] },
    );
  }
  return withSuggestions(
    cluster,
    [...requests.keys()].map((topic) => outcomes.get(topic)!),
  );
}

function failed(topic: string, error: KtError): AlteredTopic {
  return { topic, status: 'failed', changes: [], error };
}

function partitionChange(before: number, after: number): Change {
  return {
    name: 'partitions',
    before: String(before),
    after: String(after),
    beforeSource: null,
    afterSource: null,
    sensitive: false,
  };
}

/** How many partitions the topics to grow have now, or why they cannot grow. */
async function partitionCounts(
  cluster: Cluster,
  requests: ReadonlyMap<string, TopicChanges>,
): Promise<ReadonlyMap<string, number | KtError>> {
  const asked = [...requests].filter(([, { partitions }]) => partitions !== undefined);
  if (asked.length === 0) return new Map();
  const metadata = await cluster.metadata(asked.map(([topic]) => topic));
  const counts = asked.map(([name, { partitions: wanted }]): [string, number | KtError] => {
    const topic = metadata.topics.get(name);
    const error = topic && topicError(topic, 'ALTER');
    if (!topic || error) return [name, error ?? gone(name)];
    const has = topic.partitions.length;
    return [name, has > wanted! ? tooFew(name, has, wanted!) : has];
  });
  return new Map(counts);
}

function gone(topic: string): KtError {
  return new KtError('refused', `unknown topic ${topic}`, { code: unknownTopic });
}

/** Partitions are never removed. */
export function tooFew(topic: string, has: number, wanted: number): KtError {
  return new KtError('refused', `topic ${topic} not altered (it already has ${has} partitions, more than ${wanted})`, {
    code: 'INVALID_PARTITIONS',
    hint: `Kafka only adds partitions: give more than ${has}, or create another topic`,
  });
}

function growingTopics(
  counts: ReadonlyMap<string, number | KtError>,
  requests: ReadonlyMap<string, TopicChanges>,
): ReadonlyMap<string, Growth> {
  const growing = new Map<string, Growth>();
  for (const [topic, from] of counts) {
    const to = requests.get(topic)!.partitions!;
    if (typeof from === 'number' && from < to) growing.set(topic, { from, to });
  }
  return growing;
}

async function configOutcomes(
  cluster: Cluster,
  requests: readonly (readonly [topic: string, changes: TopicChanges])[],
  options: AlterOptions,
): Promise<readonly AlteredTopic[]> {
  const changing = requests.filter(([, { configs }]) => configs.length > 0);
  const altered = await alterConfigs(
    cluster,
    changing.map(([name, { configs }]) => ({ resource: { type: 'topic', name }, changes: configs })),
    options,
  );
  const others = requests.filter(([, { configs }]) => configs.length === 0);
  return [
    ...altered.map(({ resource, ...outcome }) => ({ topic: resource.name, ...outcome })),
    ...others.map(([topic]) => ({ topic, status: options.dryRun ? ('valid' as const) : ('unchanged' as const), changes: [] })),
  ];
}

const unknownTopic = 'UNKNOWN_TOPIC_OR_PARTITION';

/** For unknown topics: the names that were probably meant. */
async function withSuggestions(cluster: Cluster, outcomes: readonly AlteredTopic[]): Promise<readonly AlteredTopic[]> {
  const unknown = outcomes.filter(({ error }) => error?.code === unknownTopic);
  const missing = await missingTopics(
    cluster,
    unknown.map(({ topic }) => namePattern(topic)),
  );
  const errors = new Map(missing.map(({ text, error }) => [text, error]));
  return outcomes.map((outcome) => {
    const error = errors.get(outcome.topic);
    return error ? { ...outcome, error } : outcome;
  });
}
