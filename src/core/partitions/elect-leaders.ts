/** Elects leaders of partitions: the preferred replica, or (unclean) any replica that is still there: ElectLeaders (KIP-183, KIP-460). */
import type { KtError } from '../../base/errors.ts';
import { namePattern } from '../../base/name-pattern.ts';
import { pause } from '../../base/pause.ts';
import { byTopic } from '../../kafka/by-topic.ts';
import type { Cluster, PartitionMetadata, TopicPartition } from '../../kafka/cluster.ts';
import { refusedFor } from '../../kafka/permissions.ts';
import { partitionName } from '../../kafka/routing.ts';
import { ErrorCode } from '../../kafka/wire/errors.ts';
import { findTopics, topicError } from '../topics/find.ts';
import { type TopicSelection, unknownPartition } from './selection.ts';

type Election = 'preferred' | 'unclean';

export interface ElectionOutcome {
  readonly topic: string;
  /** Null for an unknown topic. */
  readonly partition: number | null;
  /** `valid`: a dry run that would have requested it. */
  readonly status: 'elected' | 'not-needed' | 'valid' | 'failed';
  /** Broker id of the leader before and afterwards; null without one. */
  readonly from: number | null;
  readonly to: number | null;
  readonly error?: KtError;
}

export interface ElectionRequest {
  /** None: all topics. */
  readonly topics: readonly TopicSelection[];
  readonly election: Election;
}

/** A partition to elect a leader for, as it is now. */
export interface Candidate extends TopicPartition {
  readonly leader: number | null;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly offline: readonly number[];
}

export interface ElectionPlan {
  readonly election: Election;
  readonly candidates: readonly Candidate[];
  /** Named partitions that already have the right leader. */
  readonly settled: readonly Candidate[];
  readonly failed: readonly ElectionOutcome[];
}

const electionTypes: Readonly<Record<Election, number>> = { preferred: 0, unclean: 1 };

/** Finds the partitions that need an election: not led by their preferred replica, or (unclean) without a leader. */
export async function planElection(cluster: Cluster, request: ElectionRequest): Promise<ElectionPlan> {
  const { election } = request;
  const wanted = request.topics.map(({ topic, partitions }) => ({ pattern: namePattern(topic), partitions }));
  const { topics, missing } = await findTopics(cluster, [...new Set(request.topics.map(({ topic }) => topic))], true);
  const failed = missing.map(({ text, error }) => failure({ topic: text, partition: null }, null, error));
  const candidates: Candidate[] = [];
  const settled: Candidate[] = [];
  for (const metadata of topics) {
    const { topic, partitions } = metadata;
    const asking = wanted.filter(({ pattern }) => pattern.matches(topic));
    const isWhole = asking.length === 0 || asking.some((each) => each.partitions === undefined);
    const numbers = isWhole ? undefined : new Set(asking.flatMap((each) => each.partitions!));
    const error = topicError(metadata);
    if (error) failed.push(failure({ topic, partition: null }, null, error));
    for (const number of error ? [] : (numbers ?? [])) {
      if (partitions.some(({ partition }) => partition === number)) continue;
      const item = { topic, partition: number };
      failed.push(failure(item, null, unknownPartition(item, partitions.length)));
    }
    for (const partition of partitions) {
      if (numbers && !numbers.has(partition.partition)) continue;
      (needsElection(partition, election) ? candidates : settled).push(candidateOf(topic, partition));
    }
  }
  return { election, candidates, settled: request.topics.length > 0 ? settled : [], failed };
}

function needsElection({ leader, replicas }: PartitionMetadata, election: Election): boolean {
  return election === 'unclean' ? leader < 0 : leader !== replicas[0];
}

function candidateOf(topic: string, { partition, leader, replicas, isr, offline }: PartitionMetadata): Candidate {
  return { topic, partition, leader: leader < 0 ? null : leader, replicas, isr, offline };
}

function failure({ topic, partition }: Pick<ElectionOutcome, 'topic' | 'partition'>, from: number | null, error: KtError) {
  return { topic, partition, status: 'failed', from, to: from, error } as const;
}

/** The outcomes of a plan that is not carried out. */
export function plannedElections({ candidates, settled, failed, election }: ElectionPlan): readonly ElectionOutcome[] {
  const valid = candidates.map(({ topic, partition, leader, replicas }): ElectionOutcome => {
    return { topic, partition, status: 'valid', from: leader, to: election === 'preferred' ? replicas[0]! : null };
  });
  return inOrder([...valid, ...settled.map(notNeeded), ...failed]);
}

function notNeeded({ topic, partition, leader }: Candidate): ElectionOutcome {
  return { topic, partition, status: 'not-needed', from: leader, to: leader };
}

function inOrder(outcomes: readonly ElectionOutcome[]): readonly ElectionOutcome[] {
  return [...outcomes].sort((a, b) =>
    a.topic === b.topic ? (a.partition ?? -1) - (b.partition ?? -1) : a.topic < b.topic ? -1 : 1,
  );
}

/** Requests the elections of a plan at once; a partition that fails does not stop the others. */
export async function electLeaders(cluster: Cluster, plan: ElectionPlan): Promise<readonly ElectionOutcome[]> {
  const { candidates, settled, failed, election } = plan;
  if (candidates.length === 0) return plannedElections(plan);
  const { errorCode, replicaElectionResults } = await cluster.request(
    'ElectLeaders',
    { electionType: electionTypes[election], topicPartitions: byTopic(candidates), timeoutMs: cluster.timeoutMs },
    'controller',
  );
  if (errorCode !== 0) throw notElected(errorCode, 'leaders');
  const answers = new Map(
    replicaElectionResults.flatMap(({ topic, partitionResult }) =>
      partitionResult.map((result) => [partitionName({ topic, partition: result.partitionId }), result] as const),
    ),
  );
  const elected = candidates.filter((candidate) => answers.get(partitionName(candidate))?.errorCode === 0);
  const leaders = await leadersAfter(cluster, elected);
  const outcomes = candidates.map((candidate): ElectionOutcome => {
    const { topic, partition, leader } = candidate;
    const name = partitionName(candidate);
    const answer = answers.get(name);
    if (answer?.errorCode === 0) return { topic, partition, status: 'elected', from: leader, to: leaders.get(name) ?? null };
    // Older brokers leave out elections that were not needed.
    if (!answer || answer.errorCode === ErrorCode.ELECTION_NOT_NEEDED) return notNeeded(candidate);
    return failure(candidate, leader, notElected(answer.errorCode, `the leader of ${name}`, answer.errorMessage));
  });
  return inOrder([...outcomes, ...settled.map(notNeeded), ...failed]);
}

function notElected(errorCode: number, what: string, brokerMessage?: string | null): KtError {
  const hint = hints[errorCode];
  return refusedFor(errorCode, `${what} not elected`, { cluster: ['ALTER'] }, brokerMessage, hint);
}

const hints: Readonly<Record<number, string>> = {
  [ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE]:
    'its preferred replica is down or out of sync; kt topics describe TOPIC shows its replicas',
  [ErrorCode.ELIGIBLE_LEADERS_NOT_AVAILABLE]: 'none of its replicas is running; kt cluster describe shows the brokers',
};

/** The leaders after an election. Brokers learn about them a moment after the controller. */
async function leadersAfter(cluster: Cluster, elected: readonly Candidate[]): Promise<ReadonlyMap<string, number>> {
  const deadline = performance.now() + cluster.timeoutMs;
  for (;;) {
    const topics = [...new Set(elected.map(({ topic }) => topic))];
    const metadata = topics.length === 0 ? undefined : await cluster.metadata(topics);
    const leaders = new Map(
      elected.flatMap(({ topic, partition, leader: before }): [string, number][] => {
        const now = metadata?.topics.get(topic)?.partitions.find((each) => each.partition === partition)?.leader ?? -1;
        return now < 0 || now === before ? [] : [[partitionName({ topic, partition }), now]];
      }),
    );
    if (leaders.size === elected.length || performance.now() > deadline) return leaders;
    await pause(100, cluster.signal);
  }
}
