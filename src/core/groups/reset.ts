/** `groups reset-offsets`: makes a plan, and on request commits exactly the offsets in it. */

import { KtError } from '../../base/errors.ts';
import { shellWord } from '../../base/shell-word.ts';
import type { Cluster, TopicPartition } from '../../kafka/cluster.ts';
import { partitionName, partitionOf } from '../../kafka/routing.ts';
import { ErrorCode } from '../../kafka/wire/errors.ts';
import { listOffsets, offsetRanges } from '../offsets/list.ts';
import { selectPartitions, type TopicSelection } from '../partitions/selection.ts';
import { alterGroupOffsets, alterShareGroupOffsets, type Failures } from './commit.ts';
import { activeError, type NamedGroup, namedGroup } from './named.ts';
import type { GroupPosition } from './positions.ts';
import { type PartitionReset, planPartition, type ResetPlace, type ResetTarget } from './reset-plan.ts';
import { internalTopicsOf } from './streams.ts';

export interface ResetRequest {
  readonly group: string;
  readonly to: ResetTarget;
  /** Empty: the topics that the group reads, except a Streams application's internal ones; or those in the file. */
  readonly topics: readonly TopicSelection[];
}

export interface ResetReport {
  readonly group: string;
  /** Null for a group that does not exist; the reset creates it. */
  readonly state: string | null;
  readonly type: string | null;
  /** Whether the plan was carried out. */
  readonly executed: boolean;
  readonly partitions: readonly PartitionReset[];
  readonly problems: readonly KtError[];
  /** Why the plan cannot be carried out now: the group has members. */
  readonly active: KtError | undefined;
  /** Topics of a Streams application that keep their contents. */
  readonly internalTopics: readonly string[];
}

/**
 * Plans a reset, also for a group with members.
 * @throws KtError `refused` for a group that does not exist, unless topics or given offsets name partitions
 */
export async function planReset(cluster: Cluster, request: ResetRequest): Promise<ResetReport> {
  const { group, to, topics } = request;
  const named = await namedGroup(cluster, group);
  const { position } = named;
  if (!position && topics.length === 0 && to.at !== 'given') throw newGroupError(named);
  const chosen = await chosenPartitions(cluster, named, request);
  const places = await placesOf(cluster, chosen.partitions, position, to);
  const partitions = places.map((place) => planPartition(place, to));
  return {
    group,
    state: position?.group.state ?? null,
    type: position?.group.type ?? null,
    executed: false,
    partitions,
    problems: [...chosen.problems, ...errorsOf(partitions)],
    active: position && activeError(position),
    internalTopics: internalTopicsOf(group, (await cluster.metadata('all')).topics.keys()),
  };
}

/**
 * Sets the offsets of a plan, and no others; one that is refused does not stop the others.
 * @throws KtError `refused` when the plan found members in the group
 */
export async function carryOut(cluster: Cluster, plan: ResetReport): Promise<ResetReport> {
  if (plan.active) throw plan.active;
  const offsets = plan.partitions.flatMap(({ topic, partition, targetOffset, status }) =>
    status === 'planned' && targetOffset !== null ? [{ topic, partition, offset: targetOffset }] : [],
  );
  if (offsets.length === 0) return { ...plan, executed: true };
  const set = plan.type === 'share' ? alterShareGroupOffsets : alterGroupOffsets;
  const failures: Failures = await set(cluster, plan.group, offsets);
  const partitions = plan.partitions.map((row): PartitionReset => {
    if (row.status !== 'planned') return row;
    const error = failures.get(partitionName(row));
    return error ? { ...row, status: 'failed', error } : { ...row, status: 'reset' };
  });
  return { ...plan, executed: true, partitions, problems: [...plan.problems, ...failures.values()] };
}

/** A new group can be created, but not by mistyping a name. */
function newGroupError({ missing }: NamedGroup): KtError {
  const { message, code, hint } = missing!;
  return new KtError('refused', message, { code, hint: `${hint}; to create a new group, name its topics: --topic TOPIC` });
}

/** The named partitions, the given ones, or those of the group's topics. @throws KtError `refused` for a group that has none, or that has just got members */
async function chosenPartitions(cluster: Cluster, { group, position }: NamedGroup, { to, topics }: ResetRequest) {
  if (topics.length > 0) {
    const selected = await selectPartitions(cluster, topics);
    if (to.at !== 'given') return selected;
    return { ...selected, partitions: selected.partitions.filter((each) => to.offsets.has(partitionName(each))) };
  }
  if (to.at === 'given') return { partitions: [...to.offsets.keys()].map(partitionOf), problems: [] };
  const { commits = [], unread = [] } = position ?? {};
  const read = new Set([...commits.map(({ topic }) => topic), ...unread]);
  // Internal topics are rebuilt from the input.
  for (const internal of internalTopicsOf(group, read)) read.delete(internal);
  if (read.size === 0) {
    throw (
      (position && activeError(position)) ??
      new KtError('refused', `group ${group} has no offsets to reset (it never committed any)`, {
        code: 'GROUP_ID_NOT_FOUND',
        hint: `name the topics: kt groups reset-offsets ${shellWord(group)} --topic TOPIC`,
      })
    );
  }
  // All partitions of its topics; those never committed would otherwise be left to auto.offset.reset.
  const names = [...read].sort();
  const { topics: found } = await cluster.metadata(names);
  const partitions = names.flatMap((topic) => {
    const there = (found.get(topic)?.partitions ?? []).map(({ partition }) => partition);
    const gone = commits.filter((commit) => commit.topic === topic && !there.includes(commit.partition));
    return [...there, ...gone.map(({ partition }) => partition)].map((partition) => ({ topic, partition }));
  });
  return { partitions, problems: [] };
}

async function placesOf(
  cluster: Cluster,
  partitions: readonly TopicPartition[],
  position: GroupPosition | undefined,
  to: ResetTarget,
): Promise<readonly ResetPlace[]> {
  const { topics } = await cluster.cachedMetadata([...new Set(partitions.map(({ topic }) => topic))]);
  const isGone = ({ topic, partition }: TopicPartition): boolean => {
    const found = topics.get(topic);
    if (!found || found.errorCode === ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) return true;
    return found.errorCode === 0 && !found.partitions.some((each) => each.partition === partition);
  };
  const there = partitions.filter((each) => !isGone(each));
  const [{ starts, ends }, times] = await Promise.all([
    offsetRanges(cluster, there, 'read_uncommitted'),
    to.at === 'time' ? listOffsets(cluster, there, { timestampMs: to.timestampMs }, 'read_uncommitted') : undefined,
  ]);
  const commits = new Map(position?.commits.map((commit) => [partitionName(commit), commit.offset]));
  return partitions.map((partition): ResetPlace => {
    const name = partitionName(partition);
    const committedOffset = commits.get(name) ?? null;
    const place = { topic: partition.topic, partition: partition.partition, committedOffset };
    if (isGone(partition)) return { ...place, startOffset: null, endOffset: null };
    const [start, end, time] = [starts.get(name), ends.get(name), times?.get(name)];
    const error = [start, end, time].find((each) => each instanceof KtError);
    if (error || !start || start instanceof KtError || !end || end instanceof KtError) {
      return { ...place, startOffset: null, endOffset: null, ...(error ? { error } : {}) };
    }
    const found = { ...place, startOffset: start.offset, endOffset: end.offset };
    return time instanceof KtError || !time ? found : { ...found, atTime: time.offset };
  });
}

function errorsOf(partitions: readonly PartitionReset[]): readonly KtError[] {
  return partitions.flatMap(({ error }) => error ?? []);
}
