/** Deletes topics: finds and counts them first, then sends one request for all where that is possible, with an outcome for each. */
import { KtError } from '../../base/errors.ts';
import type { Cluster, TopicPartition } from '../../kafka/cluster.ts';
import { refusedFor } from '../../kafka/permissions.ts';
import { ErrorCode, leftOut } from '../../kafka/wire/errors.ts';
import { offsetOf, offsetRanges } from '../offsets/list.ts';
import { findTopics, topicError } from './find.ts';
import { inPortions } from './portions.ts';

export interface DeletionPlan {
  readonly topics: readonly DoomedTopic[];
  readonly missing: readonly { readonly text: string; readonly error: KtError }[];
}

interface DoomedTopic {
  readonly topic: string;
  readonly partitions: number;
  /** The offsets from start to end over all partitions; null where a leader does not answer. */
  readonly records: bigint | null;
}

export interface DeleteOutcome {
  readonly topic: string;
  /** `valid`: a dry run that would have deleted it; `missing`: it does not exist, which --if-exists allows. */
  readonly status: 'deleted' | 'valid' | 'missing' | 'failed';
  readonly partitions: number | null;
  readonly records: bigint | null;
  readonly error?: KtError;
}

/** The topics that names and patterns match, and how many records they hold. Patterns never match internal topics. */
export async function planDeletion(cluster: Cluster, texts: readonly string[]): Promise<DeletionPlan> {
  const { topics, missing } = await findTopics(cluster, texts, false);
  const denied = topics.flatMap((topic) => {
    const error = topicError(topic, 'DELETE');
    return error ? [{ text: topic.topic, error }] : [];
  });
  const readable = topics.filter((topic) => !topicError(topic));
  const partitions = readable.flatMap(({ topic, partitions: all }) =>
    all.map(({ partition }): TopicPartition => ({ topic, partition })),
  );
  const { starts, ends } = await offsetRanges(cluster, partitions, 'read_uncommitted');
  return {
    topics: readable.map(({ topic, partitions: all }) => {
      let records: bigint | null = 0n;
      for (const { partition } of all) {
        const start = offsetOf(starts, { topic, partition });
        const end = offsetOf(ends, { topic, partition });
        records = records === null || start === null || end === null ? null : records + end - start;
      }
      return { topic, partitions: all.length, records };
    }),
    missing: [...missing, ...denied],
  };
}

/** The outcomes of a plan that is not carried out. */
export function plannedOutcomes(plan: DeletionPlan, ifExists: boolean): readonly DeleteOutcome[] {
  return [...plan.topics.map((topic) => outcomeOf(topic, 'valid')), ...missingOutcomes(plan, ifExists)];
}

/** Carries out a plan; one topic that fails does not stop the others. */
export async function deleteTopics(
  cluster: Cluster,
  plan: DeletionPlan,
  { ifExists }: { readonly ifExists: boolean },
): Promise<readonly DeleteOutcome[]> {
  const missing = missingOutcomes(plan, ifExists);
  if (plan.topics.length === 0) return missing;
  const send = async (portion: readonly DoomedTopic[]) => {
    const names = portion.map(({ topic }) => topic);
    const body = { topics: names.map((name) => ({ name })), topicNames: names, timeoutMs: cluster.timeoutMs };
    const { responses } = await cluster.request('DeleteTopics', body, 'controller');
    return new Map(responses.map((answer) => [answer.name ?? '', answer]));
  };
  const answers = await inPortions([plan.topics], send, ({ topic }) => topic);
  const outcomes = plan.topics.map((topic): DeleteOutcome => {
    const answer = answers.get(topic.topic);
    if (answer instanceof KtError) return outcomeOf(topic, 'failed', answer);
    if (answer?.errorCode === 0) return outcomeOf(topic, 'deleted');
    if (answer?.errorCode === ErrorCode.UNKNOWN_TOPIC_OR_PARTITION && ifExists) return outcomeOf(topic, 'missing');
    const error = refusedFor(
      answer?.errorCode ?? leftOut,
      `topic ${topic.topic} not deleted`,
      { topic: ['DELETE', topic.topic] },
      answer?.errorMessage,
    );
    return outcomeOf(topic, 'failed', error);
  });
  return [...outcomes, ...missing];
}

function missingOutcomes({ missing }: DeletionPlan, ifExists: boolean): readonly DeleteOutcome[] {
  return missing.map(({ text, error }) => {
    const none = { topic: text, partitions: null, records: null };
    return ifExists && error.code === 'UNKNOWN_TOPIC_OR_PARTITION'
      ? outcomeOf(none, 'missing')
      : outcomeOf(none, 'failed', error);
  });
}

/** With its fields in reading order. */
function outcomeOf(
  { topic, partitions, records }: Omit<DeleteOutcome, 'status' | 'error'>,
  status: DeleteOutcome['status'],
  error?: KtError,
): DeleteOutcome {
  return { topic, status, partitions, records, ...(error ? { error } : {}) };
}
