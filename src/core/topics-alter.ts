/** Alters topics: configs that are named, and more partitions, with an outcome for each topic that shows before and after. */
import { KtError, usageError } from '../errors.ts';
import type { Cluster } from '../kafka/cluster.ts';
import type { ConfigChange } from './config-changes.ts';
import { type AlteredConfigs, type AlterOptions, alterConfigs, type Change } from './configs-alter.ts';
import { addPartitions } from './partitions-add.ts';
import { namePattern, requireNames } from './patterns.ts';
import { permissionHint } from './permissions.ts';
import { missingTopics, topicError } from './topics.ts';

export interface TopicChanges {
  /** How many partitions each topic is to have; undefined: as many as it has. */
  readonly partitions: number | undefined;
  readonly configs: readonly ConfigChange[];
}

export interface AlteredTopic {
  readonly topic: string;
  readonly status: AlteredConfigs['status'];
  /** The configs, and `partitions` where they are more than before. */
  readonly changes: readonly Change[];
  readonly error?: KtError;
}

/** @throws KtError `usage`: patterns, as what a pattern stands for should be looked at before it is changed; no changes */
export function requireAlterable(topics: readonly string[], { partitions, configs }: TopicChanges): void {
  requireNames('topics alter', topics);
  if (partitions === undefined && configs.length === 0)
    throw usageError('topics alter (nothing to alter)', 'add --partitions, --retention, --config or another change');
}

/** @returns in the order of `names`; a topic that is refused is left as it was, and keeps none of the others from being altered */
export async function alterTopics(
  cluster: Cluster,
  names: readonly string[],
  changes: TopicChanges,
  options: AlterOptions,
): Promise<readonly AlteredTopic[]> {
  const topics = [...new Set(names)];
  const outcomes = new Map<string, AlteredTopic>();
  const counts = changes.partitions === undefined ? undefined : await partitionCounts(cluster, topics, changes.partitions);
  for (const [topic, count] of counts ?? []) if (count instanceof KtError) outcomes.set(topic, failed(topic, count));
  const growing = growingTopics(counts, changes.partitions);
  // What the controller would refuse is known before the configs are touched: a topic is altered in whole or not at all.
  const refusals = await addPartitions(cluster, growing, { ...options, validateOnly: true });
  for (const [topic, error] of refusals) outcomes.set(topic, failed(topic, error));
  const accepted = topics.filter((topic) => !outcomes.has(topic));
  for (const altered of await configOutcomes(cluster, accepted, changes.configs, options)) outcomes.set(altered.topic, altered);

  const toGrow = new Map([...growing].filter(([topic]) => outcomes.get(topic)!.status !== 'failed'));
  const late = options.dryRun ? undefined : await addPartitions(cluster, toGrow, { ...options, validateOnly: false });
  for (const [topic, count] of toGrow) {
    const { changes: configs } = outcomes.get(topic)!;
    const error = late?.get(topic);
    const added = partitionChange(Number(counts!.get(topic)), count);
    outcomes.set(
      topic,
      error
        ? { topic, status: 'failed', changes: configs, error }
        : { topic, status: options.dryRun ? 'valid' : 'altered', changes: [added, ...configs] },
    );
  }
  return withSuggestions(
    cluster,
    topics.map((topic) => outcomes.get(topic)!),
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

/** How many partitions topics have, or why theirs cannot be as many as wanted. */
async function partitionCounts(
  cluster: Cluster,
  topics: readonly string[],
  wanted: number,
): Promise<ReadonlyMap<string, number | KtError>> {
  const metadata = await cluster.metadata(topics);
  const counts = topics.map((name): [string, number | KtError] => {
    const topic = metadata.topics.get(name);
    const error = topic && topicError(topic);
    if (!topic || error) return [name, error ? lacking(error, name) : gone(name)];
    return [name, topic.partitions.length > wanted ? tooFew(name, topic.partitions.length, wanted) : topic.partitions.length];
  });
  return new Map(counts);
}

/** Who may alter a topic may see it: what is missing is the larger permission. */
function lacking(error: KtError, topic: string): KtError {
  const hint = permissionHint(error.code ?? '', 'ALTER', `topic ${topic}`) ?? error.hint;
  return new KtError(error.kind, error.message, { code: error.code, hint });
}

function gone(topic: string): KtError {
  return new KtError('refused', `unknown topic ${topic}`, { code: unknownTopic });
}

function tooFew(topic: string, has: number, wanted: number): KtError {
  return new KtError('refused', `topic ${topic} not altered (it has ${has} partitions, and ${wanted} would be fewer)`, {
    code: 'INVALID_PARTITIONS',
    hint: `Kafka only adds partitions: give more than ${has}, or create another topic`,
  });
}

function growingTopics(
  counts: ReadonlyMap<string, number | KtError> | undefined,
  wanted: number | undefined,
): ReadonlyMap<string, number> {
  if (!counts || wanted === undefined) return new Map();
  const growing = [...counts].filter(([, count]) => typeof count === 'number' && count < wanted);
  return new Map(growing.map(([topic]) => [topic, wanted]));
}

async function configOutcomes(
  cluster: Cluster,
  topics: readonly string[],
  configs: readonly ConfigChange[],
  options: AlterOptions,
): Promise<readonly AlteredTopic[]> {
  if (configs.length === 0) {
    return topics.map((topic) => ({ topic, status: options.dryRun ? 'valid' : 'unchanged', changes: [] }));
  }
  const resources = topics.map((name) => ({ type: 'topic' as const, name }));
  const altered = await alterConfigs(cluster, resources, configs, options);
  return altered.map(({ resource, ...outcome }) => ({ topic: resource.name, ...outcome }));
}

const unknownTopic = 'UNKNOWN_TOPIC_OR_PARTITION';

/** For topics that are not there: the names that were probably meant. */
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
