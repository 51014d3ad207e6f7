/** Creates topics: one request for all of them where that is possible, an outcome for each. */
import { KtError } from '../../base/errors.ts';
import type { Cluster, TopicMetadata } from '../../kafka/cluster.ts';
import { refusedFor } from '../../kafka/permissions.ts';
import { ErrorCode, leftOut } from '../../kafka/wire/errors.ts';
import type { Configs } from '../configs/entries.ts';
import { configHint } from '../configs/names.ts';
import { type ConfigType, isSameInAnyOrder } from '../configs/same-value.ts';
import { eachTopicConfigs } from '../configs/topic-configs.ts';
import { replicationFactorOf } from './find.ts';
import { inPortions, tooManyHint } from './portions.ts';
import type { TopicSpec } from './spec.ts';
import { untilSeen } from './until-seen.ts';

export interface CreateOutcome {
  readonly topic: string;
  /** `valid`: a dry run that would have created it. */
  readonly status: 'created' | 'exists' | 'valid' | 'failed';
  /** As created, or as it exists; null when the cluster does not say. */
  readonly partitions: number | null;
  readonly replicationFactor: number | null;
  /** Only for an existing topic: how it differs from what was asked for. */
  readonly differences?: readonly Difference[];
  readonly error?: KtError;
}

interface Difference {
  /** `partitions`, `replicationFactor`, `replicas` or the name of a config. */
  readonly name: string;
  readonly wanted: string;
  /** Null when sensitive, or not set. */
  readonly existing: string | null;
}

export interface CreateOptions {
  readonly ifNotExists: boolean;
  /** The controller only checks the topics. */
  readonly dryRun: boolean;
}

/** @returns in the order of `specs`; one that fails does not stop the others */
export async function createTopics(
  cluster: Cluster,
  specs: readonly TopicSpec[],
  { ifNotExists, dryRun }: CreateOptions,
): Promise<readonly CreateOutcome[]> {
  const send = async (portion: readonly TopicSpec[]) => {
    const body = { topics: portion.map(creatable), timeoutMs: cluster.timeoutMs, validateOnly: dryRun };
    const { topics } = await cluster.request('CreateTopics', body, 'controller');
    return new Map(topics.map((answer) => [answer.name, answer]));
  };
  const answers = await inPortions([specs], send, ({ topic }) => topic);
  const outcomes = specs.map((spec): CreateOutcome => {
    const { topic } = spec;
    const answer = answers.get(topic);
    const none = { partitions: null, replicationFactor: null };
    if (answer instanceof KtError) return { topic, status: 'failed', ...none, error: answer };
    const shape = { partitions: countOrNull(answer?.numPartitions), replicationFactor: countOrNull(answer?.replicationFactor) };
    if (answer?.errorCode === 0) return { topic, status: dryRun ? 'valid' : 'created', ...shape };
    if (answer?.errorCode === ErrorCode.TOPIC_ALREADY_EXISTS && ifNotExists) return { topic, status: 'exists', ...none };
    return { topic, status: 'failed', ...none, error: explained(spec, answer ?? { errorCode: leftOut }) };
  });
  if (outcomes.some(({ status }) => status === 'created')) await untilKnown(cluster, outcomes);
  return withExisting(cluster, outcomes, specs);
}

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

/** The broker's own reason, with a better hint where kt has one. */
function explained(
  { topic, configs }: TopicSpec,
  answer: { readonly errorCode: number; readonly errorMessage?: string | null },
): KtError {
  const { errorCode, errorMessage } = answer;
  const hint = errorCode === ErrorCode.INVALID_CONFIG ? configHint(configs) : tooManyHint(answer);
  return refusedFor(errorCode, `topic ${topic} not created`, { topic: ['CREATE', topic] }, errorMessage, hint);
}

/** Waits until the broker knows the new topics and their leaders, so that the next command finds them. */
async function untilKnown(cluster: Cluster, outcomes: readonly CreateOutcome[]): Promise<void> {
  const created = outcomes.filter(({ status }) => status === 'created');
  const names = created.map(({ topic }) => topic);
  const isThere = async () => {
    const { topics } = await cluster.metadata(names);
    return !names.some((name) => isComing(topics.get(name)));
  };
  await untilSeen(
    cluster,
    isThere,
    created.reduce((sum, { partitions }) => sum + (partitions ?? 1), 0),
  );
}

function isComing(topic: TopicMetadata | undefined): boolean {
  if (!topic || topic.errorCode === ErrorCode.UNKNOWN_TOPIC_OR_PARTITION || topic.errorCode === ErrorCode.LEADER_NOT_AVAILABLE)
    return true;
  return topic.partitions.some(({ leader }) => leader < 0);
}

/** Adds what existing topics look like, and how they differ from what was asked for. */
async function withExisting(
  cluster: Cluster,
  outcomes: readonly CreateOutcome[],
  specs: readonly TopicSpec[],
): Promise<readonly CreateOutcome[]> {
  const names = outcomes.filter(({ status }) => status === 'exists').map(({ topic }) => topic);
  if (names.length === 0) return outcomes;
  const wanted = new Map(specs.map((spec) => [spec.topic, spec]));
  const configured = names.filter((name) => wanted.get(name)!.configs.size > 0);
  const configs = new Map<string, Configs | KtError>();
  const [{ topics }] = await Promise.all([
    cluster.metadata(names),
    configured.length === 0 ||
      eachTopicConfigs(cluster, configured, (topic, found) => void configs.set(topic, found), { typed: true }),
  ]);
  return outcomes.map((outcome) => {
    const existing = outcome.status === 'exists' ? topics.get(outcome.topic) : undefined;
    if (existing?.errorCode !== 0) return outcome;
    const replicationFactor = replicationFactorOf(existing);
    const differences = differencesOf(wanted.get(outcome.topic)!, existing, configs.get(outcome.topic));
    return {
      ...outcome,
      partitions: existing.partitions.length,
      replicationFactor,
      ...(differences.length > 0 ? { differences } : {}),
    };
  });
}

/** How a topic differs from what was asked for; what was left to the broker never differs. */
function differencesOf(
  spec: TopicSpec,
  existing: TopicMetadata,
  configs: Configs | KtError | undefined,
): readonly Difference[] {
  const pairs: [name: string, wanted: string | undefined, existing: string | null, type?: ConfigType][] = [
    ['partitions', given(spec.assignment.length || spec.partitions), String(existing.partitions.length)],
    ['replicationFactor', given(spec.replicationFactor), String(replicationFactorOf(existing))],
    ['replicas', assignmentText(spec.assignment), assignmentText(existing.partitions.map(({ replicas }) => replicas)) ?? null],
  ];
  if (configs && !(configs instanceof KtError))
    for (const [name, value] of spec.configs)
      pairs.push([name, value, configs[name]?.value ?? null, configs[name]?.type ?? 'unknown']);
  const isSame = (wanted: string, value: string | null, type?: ConfigType) =>
    wanted === value || (type !== undefined && value !== null && isSameInAnyOrder(type, wanted, value));
  return pairs.flatMap(([name, wanted, value, type]) =>
    wanted === undefined || isSame(wanted, value, type) ? [] : [{ name, wanted, existing: value }],
  );
}

function given(count: number): string | undefined {
  return count < 0 ? undefined : String(count);
}

/** As `--replica-assignment` takes it. */
function assignmentText(assignment: readonly (readonly number[])[]): string | undefined {
  return assignment.length === 0 ? undefined : assignment.map((replicas) => replicas.join(':')).join(',');
}
