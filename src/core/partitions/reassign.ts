/** Moves replicas of partitions to other brokers: planned, started or cancelled (KIP-455). */
import { KtError } from '../../base/errors.ts';
import { groupedByTopic } from '../../kafka/by-topic.ts';
import type { Cluster, TopicPartition } from '../../kafka/cluster.ts';
import { permissionHint } from '../../kafka/permissions.ts';
import { partitionName } from '../../kafka/routing.ts';
import { ErrorCode, errorOf, leftOut, refused } from '../../kafka/wire/errors.ts';
import { chosenBrokers } from '../cluster/brokers.ts';
import { findTopics, topicError } from '../topics/find.ts';
import { logSizes } from './log-sizes.ts';
import { changed, difference, type PlannedPartition, planReassignment } from './reassign-plan.ts';
import { type OngoingReassignment, ongoingReassignments } from './reassignments.ts';

export interface ReassignRequest {
  /** Names and patterns. */
  readonly topics: readonly string[];
  /** Broker ids; none: all brokers in service. */
  readonly brokers: readonly number[];
  readonly replicationFactor?: number | undefined;
}

export interface Move extends PlannedPartition {
  /** Bytes to copy: the size of the partition for each added replica; null where unknown. */
  readonly bytes: bigint | null;
}

export interface ReassignOutcome {
  readonly topic: string;
  /** Null for an unknown topic. */
  readonly partition: number | null;
  /**
   * `valid`: a dry run that would have moved it; `started`: not waited for; `unchanged`: already where it should be; `cancelled`: its
   * replicas are as before.
   */
  readonly status: 'reassigned' | 'started' | 'valid' | 'unchanged' | 'cancelled' | 'failed';
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly adding: readonly number[];
  readonly removing: readonly number[];
  readonly bytes: bigint | null;
  readonly error?: KtError;
}

export interface ReassignPlan {
  readonly moves: readonly Move[];
  /** Partitions that are already where they should be, and what cannot be moved. */
  readonly settled: readonly ReassignOutcome[];
}

/** The controller writes a record for each partition, and takes at most 10,000 at once. */
const partitionsPerRequest = 1_000;

/**
 * What has to move, and how much there is to copy.
 * @throws KtError `usage` for more replicas than brokers, `refused` for an unknown broker
 */
export async function planMoves(cluster: Cluster, request: ReassignRequest): Promise<ReassignPlan> {
  const { topics, missing } = await findTopics(cluster, request.topics, false);
  const metadata = await cluster.metadata([]);
  const brokers = chosenBrokers(metadata.brokers, request.brokers);
  const busy = new Set((await ongoingReassignments(cluster)).map(partitionName));
  const settled: ReassignOutcome[] = missing.map(({ text, error }) => failure({ topic: text, partition: null }, error));
  const movable: (TopicPartition & { readonly replicas: readonly number[] })[] = [];
  for (const topic of topics) {
    const error = topicError(topic);
    if (error) settled.push(failure({ topic: topic.topic, partition: null }, error));
    for (const { partition, replicas } of topic.partitions) {
      const item = { topic: topic.topic, partition, replicas };
      if (busy.has(partitionName(item))) settled.push(failure(item, inProgress(item)));
      else movable.push(item);
    }
  }
  const plan = planReassignment(movable, { brokers, replicationFactor: request.replicationFactor });
  const moving = changed(plan);
  const sizes = await logSizes(cluster, moving);
  const moves = moving.map((move): Move => {
    const size = sizes.get(partitionName(move));
    const known = size === undefined || size instanceof KtError ? null : size.bytes;
    return { ...move, bytes: known === null ? null : known * BigInt(difference(move).adding.length) };
  });
  const still = plan.filter((each) => !moving.includes(each));
  return { moves, settled: [...settled, ...still.map((each) => outcomeOf({ ...each, bytes: 0n }, 'unchanged'))] };
}

function inProgress(item: TopicPartition): KtError {
  const hint = 'kt partitions reassignments shows it; --cancel ends it';
  return refused(
    ErrorCode.REASSIGNMENT_IN_PROGRESS,
    `partition ${partitionName(item)} is already being reassigned`,
    null,
    hint,
  );
}

function outcomeOf(move: Move, status: ReassignOutcome['status'], error?: KtError): ReassignOutcome {
  const { topic, partition, from, to, bytes } = move;
  return { topic, partition, status, from, to, ...difference(move), bytes, ...(error ? { error } : {}) };
}

function failure({ topic, partition }: Pick<ReassignOutcome, 'topic' | 'partition'>, error: KtError): ReassignOutcome {
  return { topic, partition, status: 'failed', from: [], to: [], adding: [], removing: [], bytes: null, error };
}

/** Outcomes in the order of topics and partitions. */
export function inOrder(outcomes: readonly ReassignOutcome[]): readonly ReassignOutcome[] {
  return [...outcomes].sort((a, b) =>
    a.topic === b.topic ? (a.partition ?? -1) - (b.partition ?? -1) : a.topic < b.topic ? -1 : 1,
  );
}

/** The outcomes of a plan that is not carried out. */
export function plannedMoves({ moves, settled }: ReassignPlan): readonly ReassignOutcome[] {
  return inOrder([...moves.map((move) => outcomeOf(move, 'valid')), ...settled]);
}

/** Starts the moves; one that is refused does not stop the others. */
export async function startMoves(cluster: Cluster, moves: readonly Move[]): Promise<readonly ReassignOutcome[]> {
  const answers = await alter(
    cluster,
    moves.map(({ topic, partition, to }) => ({ topic, partition, replicas: to })),
  );
  return moves.map((move) => {
    const error = answers.get(partitionName(move));
    return error ? outcomeOf(move, 'failed', error) : outcomeOf(move, 'started');
  });
}

/** Ends the ongoing reassignments of topics: their replicas are as they were before. */
export async function cancelMoves(
  cluster: Cluster,
  ongoing: readonly OngoingReassignment[],
): Promise<readonly ReassignOutcome[]> {
  const answers = await alter(
    cluster,
    ongoing.map(({ topic, partition }) => ({ topic, partition, replicas: null })),
  );
  return ongoing.map((item): ReassignOutcome => {
    const { topic, partition, replicas, adding, removing } = item;
    const error = answers.get(partitionName(item));
    // A move that has finished in the meantime cannot be cancelled.
    const done = error?.code === 'NO_REASSIGNMENT_IN_PROGRESS';
    const before = replicas.filter((id) => !adding.includes(id));
    return {
      topic,
      partition,
      status: done ? 'unchanged' : error ? 'failed' : 'cancelled',
      from: replicas,
      to: before,
      adding,
      removing,
      bytes: null,
      ...(error && !done ? { error } : {}),
    };
  });
}

interface Wanted extends TopicPartition {
  /** Null: the reassignment is cancelled. */
  readonly replicas: readonly number[] | null;
}

/** @returns why partitions were refused, by name */
async function alter(cluster: Cluster, wanted: readonly Wanted[]): Promise<ReadonlyMap<string, KtError>> {
  const errors = new Map<string, KtError>();
  for (let from = 0; from < wanted.length; from += partitionsPerRequest) {
    const part = wanted.slice(from, from + partitionsPerRequest);
    const topics = groupedByTopic(part).map(({ topic, partitions }) => ({
      name: topic,
      partitions: partitions.map(({ partition, replicas }) => ({ partitionIndex: partition, replicas })),
    }));
    const { errorCode, errorMessage, responses } = await cluster.request(
      'AlterPartitionReassignments',
      { timeoutMs: cluster.timeoutMs, topics },
      'controller',
    );
    const answers = new Map(
      responses.flatMap(({ name, partitions }) =>
        partitions.map((answer) => [partitionName({ topic: name, partition: answer.partitionIndex }), answer] as const),
      ),
    );
    for (const item of part) {
      const name = partitionName(item);
      const answer = answers.get(name);
      const code = errorCode || (answer?.errorCode ?? leftOut);
      if (code !== 0) errors.set(name, notReassigned(code, name, answer?.errorMessage ?? errorMessage));
    }
  }
  return errors;
}

function notReassigned(errorCode: number, name: string, brokerMessage: string | null): KtError {
  const code = errorOf(errorCode).name;
  const hint = permissionHint(code, 'ALTER', 'the cluster');
  return refused(errorCode, `partition ${name} not reassigned`, hint ? null : brokerMessage, hint);
}
