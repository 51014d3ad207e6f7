/** The topics of a cluster: listed in one request, found by name or pattern. */
import { KtError } from '../../base/errors.ts';
import { type NamePattern, namePattern, unmatchedHint } from '../../base/name-pattern.ts';
import { nearest } from '../../base/nearest.ts';
import type { Cluster, TopicMetadata } from '../../kafka/cluster.ts';
import { refusedFor } from '../../kafka/permissions.ts';
import { ErrorCode } from '../../kafka/wire/errors.ts';
import { amongVisible, mayBePartial } from '../cluster/visibility.ts';

export interface ListedTopic {
  readonly topic: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly internal: boolean;
}

/**
 * The topics whose name matches, all without a pattern, by name.
 * @param internal list Kafka's own topics too; otherwise only their exact name finds them
 * @throws KtError `usage` for an invalid regular expression
 */
export async function listTopics(
  cluster: Cluster,
  text: string | undefined,
  internal: boolean,
): Promise<readonly ListedTopic[]> {
  const pattern = text === undefined ? undefined : namePattern(text);
  const { topics } = await cluster.metadata('all');
  return [...topics.values()]
    .filter((topic) => (internal || !topic.internal || pattern?.exact) && (pattern?.matches(topic.topic) ?? true))
    .map((topic) => ({
      topic: topic.topic,
      partitions: topic.partitions.length,
      replicationFactor: replicationFactorOf(topic),
      internal: topic.internal,
    }))
    .sort((a, b) => (a.topic < b.topic ? -1 : 1));
}

/** The most replicas that a partition has; they differ during a reassignment. */
export function replicationFactorOf({ partitions }: TopicMetadata): number {
  let most = 0;
  for (const { replicas } of partitions) if (replicas.length > most) most = replicas.length;
  return most;
}

export interface FoundTopics {
  /** By name, each once. */
  readonly topics: readonly TopicMetadata[];
  /** An error for each name or pattern without a topic, with what was probably meant. */
  readonly missing: readonly { readonly text: string; readonly error: KtError }[];
}

/**
 * Finds topics by names and patterns in one request, with a second one only where one is missing: for a second look, and for suggestions.
 * @param texts none: all topics
 * @param internal whether patterns match Kafka's own topics; exact names always do
 */
export async function findTopics(cluster: Cluster, texts: readonly string[], internal: boolean): Promise<FoundTopics> {
  const patterns = texts.map(namePattern);
  const exact = patterns.length > 0 && patterns.every((pattern) => pattern.exact);
  const { topics } = await cluster.metadata(exact ? [...new Set(texts)] : 'all');
  const found = new Map<string, TopicMetadata>();
  const unmatched: NamePattern[] = [];
  if (patterns.length === 0) for (const [name, topic] of topics) found.set(name, topic);
  for (const pattern of patterns) {
    const matching = [...topics.values()].filter(
      (topic) =>
        pattern.matches(topic.topic) &&
        topic.errorCode !== ErrorCode.UNKNOWN_TOPIC_OR_PARTITION &&
        (internal || pattern.exact || !topic.internal),
    );
    for (const topic of matching) found.set(topic.topic, topic);
    if (matching.length === 0) unmatched.push(pattern);
  }
  const all = unmatched.length > 0 ? (await cluster.metadata('all')).topics : undefined;
  // A broker that has just started may not have known a topic yet.
  const late = unmatched.flatMap(({ exact, text }) => (exact && all?.get(text)?.errorCode === 0 ? [all.get(text)!] : []));
  for (const topic of late) found.set(topic.topic, topic);
  const missing = await missingAmong(
    cluster,
    unmatched.filter(({ text }) => !found.has(text)),
    [...(all?.keys() ?? [])],
  );
  return { topics: [...found.values()].sort((a, b) => (a.topic < b.topic ? -1 : 1)), missing };
}

/** The error for each name or pattern without a topic, with the existing name that was probably meant. */
export async function missingTopics(cluster: Cluster, patterns: readonly NamePattern[]): Promise<FoundTopics['missing']> {
  if (patterns.length === 0) return [];
  return missingAmong(cluster, patterns, [...(await cluster.metadata('all')).topics.keys()]);
}

async function missingAmong(
  cluster: Cluster,
  patterns: readonly NamePattern[],
  names: readonly string[],
): Promise<FoundTopics['missing']> {
  if (patterns.length === 0) return [];
  const isPartial = await mayBePartial(cluster, 'topics');
  return patterns.map((pattern) => ({ text: pattern.text, error: missingTopic(pattern, names, isPartial) }));
}

function missingTopic(pattern: NamePattern, names: readonly string[], isPartial: boolean): KtError {
  const code = 'UNKNOWN_TOPIC_OR_PARTITION';
  if (!pattern.exact) {
    const hint = unmatchedHint(pattern, names) ?? 'kt topics list shows the topics there are';
    return new KtError('refused', `no topic matches ${pattern.text}${isPartial ? ` (${amongVisible})` : ''}`, { code, hint });
  }
  const near = nearest(pattern.text, names);
  const hint = near ? `did you mean ${near}?` : 'kt topics list shows the topics there are';
  return new KtError('refused', `unknown topic ${pattern.text} (the cluster has no topic of that name)`, { code, hint });
}

/**
 * The partitions of topics by names and patterns (which never match internal topics); all must exist.
 * @throws KtError `refused` for the first name or pattern without a topic, or topic this user may not see
 */
export async function topicsNamed(cluster: Cluster, texts: readonly string[]): Promise<ReadonlyMap<string, readonly number[]>> {
  const { topics, missing } = await findTopics(cluster, texts, false);
  const error = missing[0]?.error ?? topics.map((topic) => topicError(topic)).find((each) => each !== undefined);
  if (error) throw error;
  return new Map(topics.map(({ topic, partitions }) => [topic, partitions.map(({ partition }) => partition)]));
}

/** Whether an error says that a topic, which was there a moment ago, is deleted: where nobody has named it, it is passed over. */
export function saysGone({ code }: KtError): boolean {
  return code === 'UNKNOWN_TOPIC_OR_PARTITION' || code === 'UNKNOWN_TOPIC_ID';
}

/**
 * Why a topic has no metadata (no permission, an illegal name); undefined when it has.
 * @param operation what the user wants to do with it; permission to do it implies permission to see it
 */
export function topicError({ topic, errorCode }: TopicMetadata, operation = 'DESCRIBE'): KtError | undefined {
  return errorCode === 0 ? undefined : refusedFor(errorCode, `topic ${topic}`, { topic: [operation, topic] });
}
