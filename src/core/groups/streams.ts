/** What is special about groups of Kafka Streams applications: members run tasks (KIP-1071), and internal topics hold their state. */
import { shellWord } from '../../base/shell-word.ts';
import type { TopicPartition } from '../../kafka/cluster.ts';
import type { ResponseBodies } from '../../kafka/wire/generated/types.ts';
import type { ListedGroup } from './list.ts';

type WireGroup = ResponseBodies['StreamsGroupDescribe']['groups'][number];
type WireAssignment = WireGroup['members'][number]['assignment'];

export interface Task {
  readonly subtopology: string;
  readonly partition: number;
  /** An active task reads and writes, a standby keeps a copy of its state, a warm-up task builds one. */
  readonly role: 'active' | 'standby' | 'warmup';
}

/** The topics that an application reads, including repartition topics, by subtopology. */
export function sourcesOf({ topology }: WireGroup): ReadonlyMap<string, readonly string[]> {
  const subtopologies = topology?.subtopologies ?? [];
  return new Map(
    subtopologies.map(({ subtopologyId, sourceTopics, repartitionSourceTopics }) => [
      subtopologyId,
      [...sourceTopics, ...repartitionSourceTopics.map(({ name }) => name)],
    ]),
  );
}

/** The tasks of a member, active ones first. */
export function tasksOf({ activeTasks, standbyTasks, warmupTasks }: WireAssignment): readonly Task[] {
  const withRole = (tasks: WireAssignment['activeTasks'], role: Task['role']) =>
    tasks.flatMap(({ subtopologyId, partitions }) =>
      partitions.map((partition) => ({ subtopology: subtopologyId, partition, role })),
    );
  return [...withRole(activeTasks, 'active'), ...withRole(standbyTasks, 'standby'), ...withRole(warmupTasks, 'warmup')];
}

/** What active tasks read: of each topic of the subtopology, the partition with the task's number. */
export function partitionsOf(
  tasks: readonly Task[],
  sources: ReadonlyMap<string, readonly string[]>,
): readonly TopicPartition[] {
  return tasks.flatMap(({ subtopology, partition, role }) =>
    role === 'active' ? (sources.get(subtopology) ?? []).map((topic) => ({ topic, partition })) : [],
  );
}

/** What follows an application's id in the names of its internal topics; the last ones belong to foreign-key joins. */
const internalName =
  /^.+-(changelog|repartition|subscription-registration-topic|subscription-response-topic|KTABLE-FK-JOIN-SUBSCRIPTION-(REGISTRATION|RESPONSE)-\d+-topic)$/;

/**
 * The internal topics of a Streams application, whose id is its group's name; sorted.
 * Recognized by their names, as Kafka's StreamsResetter does: a group of the classic protocol offers nothing else.
 */
export function internalTopicsOf(group: string, topics: Iterable<string>): readonly string[] {
  const prefix = `${group}-`;
  return [...topics].filter((topic) => topic.startsWith(prefix) && internalName.test(topic.slice(prefix.length))).sort();
}

/** A note for those who reset or delete a group with such topics; nothing where there are none. */
export function internalTopicsNote(
  { group, type }: Pick<ListedGroup, 'group' | 'type'>,
  internal: readonly string[],
): readonly string[] {
  if (internal.length === 0) return [];
  const application = type === 'streams' ? `the Streams application ${group}` : `${group}, if that is a Streams application,`;
  return [
    `the internal topics of ${application} keep their contents; to start afresh delete them too: kt topics delete ${internal.map(shellWord).join(' ')}`,
  ];
}
