/** Compares topics with files, and plans the changes; changes nothing. */
import { KtError } from '../../base/errors.ts';
import type { Cluster, TopicMetadata } from '../../kafka/cluster.ts';
import { ErrorCode } from '../../kafka/wire/errors.ts';
import type { Change } from '../configs/alter.ts';
import type { ConfigChange } from '../configs/changes.ts';
import type { Configs } from '../configs/entries.ts';
import { isSameInAnyOrder } from '../configs/same-value.ts';
import { eachTopicConfigs, isSetOnTopic } from '../configs/topic-configs.ts';
import type { Planned, PlanOptions } from '../desired/planned.ts';
import { isThrottleList } from '../partitions/throttle-configs.ts';
import { tooFew } from './alter.ts';
import { type DeletionPlan, planDeletion } from './delete.ts';
import type { DesiredTopic } from './file.ts';
import { replicationFactorOf, topicError } from './find.ts';

export interface PlannedTopic extends Planned {
  readonly topic: string;
  readonly changes: readonly Change[];
  /** Configs that are set on the topic but in no file; they are left alone. */
  readonly unmanaged: Readonly<Record<string, string | null>>;
}

export interface TopicsPlan {
  /** By name. */
  readonly topics: readonly PlannedTopic[];
  readonly desired: ReadonlyMap<string, DesiredTopic>;
  /** What would be deleted, and how many records it holds. */
  readonly deletion: DeletionPlan;
}

/**
 * Compares the topics of a cluster with what the files want.
 * @param prune delete topics and configs in no file, instead of leaving them alone; never Kafka's own topics
 */
export async function planTopics(
  cluster: Cluster,
  desired: readonly DesiredTopic[],
  { prune }: PlanOptions,
): Promise<TopicsPlan> {
  const { topics: listed } = await cluster.metadata('all');
  const existing = new Map([...listed, ...(await unlistedTopics(cluster, desired, listed))]);
  const wanted = new Map(desired.map((each) => [each.topic, each]));
  const configs = await setConfigs(
    cluster,
    [...existing.values()].filter(({ topic, errorCode }) => wanted.has(topic) && errorCode === 0),
  );
  const planned = desired.map((each): PlannedTopic => {
    const metadata = existing.get(each.topic);
    return metadata ? changed(each, metadata, configs.get(each.topic), prune) : created(each);
  });
  const others = [...existing.values()].filter(({ topic, internal }) => !internal && !wanted.has(topic));
  const doomed = prune ? others.map(({ topic }) => topic) : [];
  const deletion = doomed.length > 0 ? await planDeletion(cluster, doomed) : { topics: [], missing: [] };
  const left = others.map(
    ({ topic }): PlannedTopic => ({
      topic,
      action: prune ? 'delete' : 'unmanaged',
      changes: [],
      unmanaged: {},
    }),
  );
  const byName = (a: PlannedTopic, b: PlannedTopic) => (a.topic < b.topic ? -1 : 1);
  return { topics: [...planned, ...left].sort(byName), desired: wanted, deletion };
}

/** Wanted topics that exist or may exist, but are not on the list: without DESCRIBE only an answer about its name tells that a topic is hidden. */
async function unlistedTopics(
  cluster: Cluster,
  desired: readonly DesiredTopic[],
  listed: ReadonlyMap<string, TopicMetadata>,
): Promise<ReadonlyMap<string, TopicMetadata>> {
  const names = desired.map(({ topic }) => topic).filter((topic) => !listed.has(topic));
  if (names.length === 0) return new Map();
  const { topics } = await cluster.metadata(names);
  return new Map([...topics].filter(([, { errorCode }]) => errorCode === ErrorCode.TOPIC_AUTHORIZATION_FAILED));
}

async function setConfigs(cluster: Cluster, topics: readonly TopicMetadata[]): Promise<ReadonlyMap<string, Configs | KtError>> {
  const found = new Map<string, Configs | KtError>();
  await eachTopicConfigs(
    cluster,
    topics.map(({ topic }) => topic),
    (topic, configs) => void found.set(topic, configs),
    { wanted: isSetOnTopic, typed: true },
  );
  return found;
}

function created({ topic, partitions, replicationFactor, configs }: DesiredTopic): PlannedTopic {
  const changes = [
    changeOf('partitions', null, partitions),
    changeOf('replicationFactor', null, replicationFactor),
    ...[...configs].map(([name, value]) => changeOf(name, null, value)),
  ];
  return { topic, action: 'create', changes, unmanaged: {} };
}

/** @param after undefined: the brokers' default */
function changeOf(name: string, before: string | number | null, after: string | number | undefined): Change {
  return {
    name,
    before: before === null ? null : String(before),
    after: after === undefined ? null : String(after),
    beforeSource: null,
    afterSource: after === undefined ? 'DEFAULT_CONFIG' : null,
    sensitive: false,
  };
}

function changed(
  desired: DesiredTopic,
  metadata: TopicMetadata,
  configs: Configs | KtError | undefined,
  prune: boolean,
): PlannedTopic {
  const { topic, partitions, replicationFactor } = desired;
  const hidden = topicError(metadata) ?? (configs instanceof KtError ? configs : undefined);
  if (hidden || configs === undefined || configs instanceof KtError)
    return { topic, action: 'none', changes: [], unmanaged: {}, ...(hidden ? { error: hidden } : {}) };
  const changes: Change[] = [];
  const has = metadata.partitions.length;
  const replicas = replicationFactorOf(metadata);
  if (partitions !== undefined && partitions !== has) changes.push(changeOf('partitions', has, partitions));
  if (replicationFactor !== undefined && replicationFactor !== replicas)
    changes.push(changeOf('replicationFactor', replicas, replicationFactor));
  for (const [name, value] of desired.configs) {
    const { value: before = null, type = 'unknown' } = configs[name] ?? {};
    if (before === null || !isSameInAnyOrder(type, before, value)) changes.push(changeOf(name, before, value));
  }
  const extra = Object.entries(configs).filter(([name]) => !desired.configs.has(name) && !isThrottleList(name));
  if (prune) for (const [name, { value }] of extra) changes.push(changeOf(name, value, undefined));
  const error =
    partitions !== undefined && partitions < has
      ? tooFew(topic, has, partitions)
      : replicationFactor !== undefined && replicationFactor !== replicas
        ? otherReplicas(topic, replicas, replicationFactor)
        : undefined;
  return {
    topic,
    action: changes.length > 0 ? 'change' : 'none',
    changes,
    unmanaged: prune ? {} : Object.fromEntries(extra.map(([name, { value }]) => [name, value])),
    ...(error ? { error } : {}),
  };
}

function otherReplicas(topic: string, has: number, wanted: number): KtError {
  return new KtError('refused', `topic ${topic} not altered (it has ${has} replicas of each partition, not ${wanted})`, {
    code: 'INVALID_REPLICATION_FACTOR',
    hint: 'change the replicas with kt partitions reassign',
  });
}

/** The changes of a planned topic, as requests to the brokers. */
export function plannedConfigs({ changes }: PlannedTopic): readonly ConfigChange[] {
  return changes
    .filter(({ name }) => name !== 'partitions' && name !== 'replicationFactor')
    .map(({ name, after }) =>
      after === null ? { name, operation: 'delete', value: null } : { name, operation: 'set', value: after },
    );
}
