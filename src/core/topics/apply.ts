/** Applies a plan for topics: creates, changes, then deletes, with an outcome for each topic. */
import { KtError } from '../../base/errors.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import type { AlterOptions } from '../configs/alter.ts';
import { alterTopics, type TopicChanges } from './alter.ts';
import { createTopics } from './create.ts';
import { deleteTopics } from './delete.ts';
import type { DesiredTopic } from './file.ts';
import { type PlannedTopic, plannedConfigs, type TopicsPlan } from './plan.ts';
import type { TopicSpec } from './spec.ts';

export interface AppliedTopic extends PlannedTopic {
  /** `planned`: only compared; `valid`: a dry run that the cluster would have accepted. */
  readonly status: 'applied' | 'unchanged' | 'unmanaged' | 'planned' | 'valid' | 'failed';
}

/** A plan that is only shown: whatever differs from the files fails the check. */
export function checkedTopics({ topics }: TopicsPlan): readonly AppliedTopic[] {
  return topics.map((topic) => {
    const { error } = topic;
    // What the cluster refuses to show is not drift.
    if (error && error.code !== 'INVALID_PARTITIONS' && error.code !== 'INVALID_REPLICATION_FACTOR')
      return { ...topic, status: 'failed' };
    const drift = error && { error: new KtError('check', error.message, { code: error.code, hint: error.hint }) };
    return { ...topic, ...drift, status: settledStatus(topic) ?? 'planned' };
  });
}

function settledStatus({ action }: PlannedTopic): 'unchanged' | 'unmanaged' | undefined {
  return action === 'none' ? 'unchanged' : action === 'unmanaged' ? 'unmanaged' : undefined;
}

/** @returns in the order of the plan; a topic that fails does not stop the others */
export async function applyTopics(cluster: Cluster, plan: TopicsPlan, options: AlterOptions): Promise<readonly AppliedTopic[]> {
  const doable = plan.topics.filter(({ error }) => !error);
  const of = (action: PlannedTopic['action']) => doable.filter((topic) => topic.action === action);
  const errors = new Map<string, KtError>();
  const keep = (outcomes: readonly { readonly topic: string; readonly error?: KtError }[]) => {
    for (const { topic, error } of outcomes) if (error) errors.set(topic, error);
  };
  const specs = of('create').map(({ topic }) => specOf(plan.desired.get(topic)!));
  if (specs.length > 0) keep(await createTopics(cluster, specs, { ifNotExists: false, ...options }));
  const changes = of('change').map((topic): [string, TopicChanges] => [topic.topic, changesOf(topic)]);
  if (changes.length > 0) keep(await alterTopics(cluster, new Map(changes), options));
  if (!options.dryRun && plan.deletion.topics.length > 0) {
    if (errors.size === 0 && doomedTopics(plan).length > 0)
      keep(await deleteTopics(cluster, plan.deletion, { ifExists: true }));
    else keep(of('delete').map(({ topic }) => ({ topic, error: kept(topic) })));
  }
  return plan.topics.map((topic): AppliedTopic => {
    const error = topic.error ?? errors.get(topic.topic);
    if (error) return { ...topic, status: 'failed', error };
    return { ...topic, status: settledStatus(topic) ?? (options.dryRun ? 'valid' : 'applied') };
  });
}

/** What will be deleted: nothing if any topic cannot be changed, because the files may be meant for another cluster. */
export function doomedTopics({ topics, deletion }: TopicsPlan): TopicsPlan['deletion']['topics'] {
  return topics.some(({ error }) => error) ? [] : deletion.topics;
}

function specOf({ topic, partitions, replicationFactor, configs }: DesiredTopic): TopicSpec {
  return { topic, partitions: partitions ?? -1, replicationFactor: replicationFactor ?? -1, assignment: [], configs };
}

function changesOf(topic: PlannedTopic): TopicChanges {
  const partitions = topic.changes.find(({ name }) => name === 'partitions')?.after;
  return { partitions: partitions ? Number(partitions) : undefined, configs: plannedConfigs(topic) };
}

function kept(topic: string): KtError {
  return new KtError('refused', `topic ${topic} not deleted (other topics could not be changed to match the files)`, {
    hint: 'fix them first, then apply again',
  });
}
