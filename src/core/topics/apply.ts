/** Carries out a plan for topics: creates and changes them; deletes are a step of their own, which may be held back. */
import type { KtError } from '../../base/errors.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import type { ApplyOptions, Failures } from '../desired/planned.ts';
import { alterTopics, type TopicChanges } from './alter.ts';
import { createTopics } from './create.ts';
import { deleteTopics } from './delete.ts';
import type { DesiredTopic } from './file.ts';
import { type PlannedTopic, plannedConfigs, type TopicsPlan } from './plan.ts';
import type { TopicSpec } from './spec.ts';

interface Outcome {
  readonly topic: string;
  readonly error?: KtError;
}

/** Creates topics and changes them; one that fails does not stop the others. */
export async function changeTopics(cluster: Cluster, plan: TopicsPlan, options: ApplyOptions): Promise<Failures<PlannedTopic>> {
  const doable = plan.topics.filter(({ error }) => !error);
  const of = (action: PlannedTopic['action']) => doable.filter((topic) => topic.action === action);
  const outcomes: Outcome[] = [];
  const specs = of('create').map(({ topic }) => specOf(plan.desired.get(topic)!));
  if (specs.length > 0) outcomes.push(...(await createTopics(cluster, specs, { ifNotExists: false, ...options })));
  const changes = of('change').map((topic): [string, TopicChanges] => [topic.topic, changesOf(topic)]);
  if (changes.length > 0) outcomes.push(...(await alterTopics(cluster, new Map(changes), options)));
  return failuresOf(plan, outcomes);
}

/** Deletes the topics that are in no file. Brokers cannot try that out: a dry run does nothing. */
export async function deletePlannedTopics(
  cluster: Cluster,
  plan: TopicsPlan,
  { dryRun }: ApplyOptions,
): Promise<Failures<PlannedTopic>> {
  if (dryRun || !plan.topics.some(({ action }) => action === 'delete')) return new Map();
  return failuresOf(plan, await deleteTopics(cluster, plan.deletion, { ifExists: true }));
}

function failuresOf({ topics }: TopicsPlan, outcomes: readonly Outcome[]): Failures<PlannedTopic> {
  const byName = new Map(topics.map((topic) => [topic.topic, topic]));
  return new Map(outcomes.flatMap(({ topic, error }) => (error ? [[byName.get(topic)!, error]] : [])));
}

function specOf({ topic, partitions, replicationFactor, configs }: DesiredTopic): TopicSpec {
  return { topic, partitions: partitions ?? -1, replicationFactor: replicationFactor ?? -1, assignment: [], configs };
}

function changesOf(topic: PlannedTopic): TopicChanges {
  const partitions = topic.changes.find(({ name }) => name === 'partitions')?.after;
  return { partitions: partitions ? Number(partitions) : undefined, configs: plannedConfigs(topic) };
}
