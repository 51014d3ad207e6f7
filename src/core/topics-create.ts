/** Creates topics: one request for all of them, an outcome for each. */
import type { KtError } from '../errors.ts';
import type { Cluster, TopicMetadata } from '../kafka/cluster.ts';
import { refused } from '../kafka/wire/errors.ts';
import { nearestTopicConfig } from './config-names.ts';
import type { TopicSpec } from './topic-spec.ts';
import { replicationFactorOf } from './topics.ts';
import { untilSeen } from './visible.ts';

export interface CreateOutcome {
  readonly topic: string;
  /** `valid`: a dry run that would have created it. */
  readonly status: 'created' | 'exists' | 'valid' | 'failed';
  /** As created, or as it exists; null when the cluster does not say. */
  readonly partitions: number | null;
  readonly replicationFactor: number | null;
  readonly error?: KtError;
}

export interface CreateOptions {
  readonly ifNotExists: boolean;
  /** The controller judges the topics and creates none. */
  readonly dryRun: boolean;
  readonly timeoutMs: number;
}

/** @returns in the order of `specs`; one that fails keeps none of the others from being created */
export async function createTopics(
  cluster: Cluster,
  specs: readonly TopicSpec[],
  { ifNotExists, dryRun, timeoutMs }: CreateOptions,
): Promise<readonly CreateOutcome[]> {
  const { topics } = await cluster.request(
    'CreateTopics',
    { topics: specs.map(creatable), timeoutMs, validateOnly: dryRun },
    'controller',
  );
  const answers = new Map(topics.map((answer) => [answer.name, answer]));
  const outcomes = specs.map((spec): CreateOutcome => {
    const { topic } = spec;
    const answer = answers.get(topic);
    const shape = { partitions: countOrNull(answer?.numPartitions), replicationFactor: countOrNull(answer?.replicationFactor) };
    if (answer?.errorCode === 0) return { topic, status: dryRun ? 'valid' : 'created', ...shape };
    const none = { partitions: null, replicationFactor: null };
    if (answer?.errorCode === topicAlreadyExists && ifNotExists) return { topic, status: 'exists', ...none };
    return { topic, status: 'failed', ...none, error: explained(spec, answer?.errorCode ?? unanswered, answer?.errorMessage) };
  });
  if (outcomes.some(({ status }) => status === 'created')) await visible(cluster, outcomes, timeoutMs);
  return withExisting(cluster, outcomes);
}

/** UNKNOWN_SERVER_ERROR, for a topic that the answer leaves out. */
const unanswered = -1;
const unknownTopicOrPartition = 3;
const leaderNotAvailable = 5;
const topicAlreadyExists = 36;
const invalidConfig = 40;

function creatable({ topic, partitions, replicationFactor, assignment, configs }: TopicSpec) {
  const assigned = assignment.length > 0;
  return {
    name: topic,
    numPartitions: assigned ? -1 : partitions,
    replicationFactor: assigned ? -1 : replicationFactor,
    assignments: assignment.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds })),
    configs: [...configs].map(([name, value]) => ({ name, value })),
  };
}

function countOrNull(count: number | undefined): number | null {
  return count === undefined || count < 0 ? null : count;
}

/** The broker's own reason, with what to type instead where kt knows better than the broker. */
function explained({ topic, configs }: TopicSpec, errorCode: number, errorMessage: string | null | undefined): KtError {
  const misspelt = errorCode === invalidConfig ? [...configs.keys()].find(nearestTopicConfig) : undefined;
  const hint = misspelt && `did you mean ${nearestTopicConfig(misspelt)} instead of ${misspelt}?`;
  return refused(errorCode, `topic ${topic} not created`, errorMessage, hint);
}

/** Waits until the broker asked knows the new topics and their leaders, so that the next command finds them. */
async function visible(cluster: Cluster, outcomes: readonly CreateOutcome[], timeoutMs: number): Promise<void> {
  const names = outcomes.filter(({ status }) => status === 'created').map(({ topic }) => topic);
  await untilSeen(cluster, timeoutMs, async () => {
    const { topics } = await cluster.metadata(names);
    return !names.some((name) => isComing(topics.get(name)));
  });
}

function isComing(topic: TopicMetadata | undefined): boolean {
  if (!topic || topic.errorCode === unknownTopicOrPartition || topic.errorCode === leaderNotAvailable) return true;
  return topic.partitions.some(({ leader }) => leader < 0);
}

/** Tells what the topics that were there already look like. */
async function withExisting(cluster: Cluster, outcomes: readonly CreateOutcome[]): Promise<readonly CreateOutcome[]> {
  const names = outcomes.filter(({ status }) => status === 'exists').map(({ topic }) => topic);
  if (names.length === 0) return outcomes;
  const { topics } = await cluster.metadata(names);
  return outcomes.map((outcome) => {
    const existing = outcome.status === 'exists' ? topics.get(outcome.topic) : undefined;
    if (existing?.errorCode !== 0) return outcome;
    return { ...outcome, partitions: existing.partitions.length, replicationFactor: replicationFactorOf(existing) };
  });
}
