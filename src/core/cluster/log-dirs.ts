/** What each broker keeps in each of its log directories: DescribeLogDirs, all brokers at once. */
import { KtError } from '../../base/errors.ts';
import type { byTopic } from '../../kafka/by-topic.ts';
import type { Cluster, TopicMetadata } from '../../kafka/cluster.ts';
import { refusedFor } from '../../kafka/permissions.ts';
import { ErrorCode, errorOf, refused } from '../../kafka/wire/errors.ts';
import { findTopics, topicError } from '../topics/find.ts';
import { chosenBrokers, type PerBroker, perBroker } from './brokers.ts';

interface LogInDirectory {
  readonly partition: number;
  readonly bytes: bigint;
  /** How many records a follower is behind its leader, or a future log behind the current one. */
  readonly offsetLag: bigint;
  /** A copy on its way to this directory, which does not serve the partition yet. */
  readonly future: boolean;
}

export interface TopicInDirectory {
  readonly topic: string;
  /** Logs of partitions. */
  readonly logs: number;
  readonly bytes: bigint;
  readonly partitions: readonly LogInDirectory[];
}

export interface LogDirectory {
  readonly broker: number;
  /** Null when the broker did not answer. */
  readonly logDir: string | null;
  /** Why the directory or the broker cannot be read; KAFKA_STORAGE_ERROR for an offline directory. */
  readonly error?: KtError;
  /** Size and free space of its file system (KIP-827); null before Kafka 3.3. */
  readonly totalBytes: bigint | null;
  readonly usableBytes: bigint | null;
  /** Whether it gets no new partitions (KIP-1066). */
  readonly cordoned: boolean;
  /** Of the topics shown. */
  readonly bytes: bigint;
  /** Largest first. */
  readonly topics: readonly TopicInDirectory[];
}

export interface LogDirsRequest {
  /** Names and patterns; none: all topics. */
  readonly topics: readonly string[];
  /** Broker ids; none: all brokers. */
  readonly brokers: readonly number[];
}

export interface LogDirs {
  /** By broker, then by directory. */
  readonly directories: readonly LogDirectory[];
  readonly problems: readonly KtError[];
}

/** The log directories of the cluster's brokers, or of some, with the sizes of all topics, or of some. */
export async function describeLogDirs(cluster: Cluster, { topics, brokers }: LogDirsRequest): Promise<LogDirs> {
  const found = topics.length === 0 ? undefined : await findTopics(cluster, topics, true);
  const problems: KtError[] = (found?.missing ?? []).map(({ error }) => error);
  for (const topic of found?.topics ?? []) {
    const error = topicError(topic);
    if (error) problems.push(error);
  }
  const chosen = chosenBrokers((await cluster.metadata([])).brokers, brokers);
  const ids = chosen.map(({ id }) => id);
  const answers = await logDirectories(cluster, ids, found?.topics);
  return { directories: directoriesOf(answers), problems };
}

/** @param topics undefined: all */
export function logDirectories(
  cluster: Cluster,
  brokers: readonly number[],
  topics: readonly TopicMetadata[] | undefined,
): Promise<PerBroker<readonly LogDirectory[]>> {
  const asked =
    topics?.map(({ topic, partitions }) => ({ topic, partitions: partitions.map(({ partition }) => partition) })) ?? null;
  return perBroker(brokers, (broker) => directoriesOn(cluster, broker, asked));
}

/**
 * One broker's directories, by path.
 * @param topics the partitions whose logs are wanted; null: all
 * @throws KtError `refused`, with the permission that is missing
 */
export async function directoriesOn(
  cluster: Cluster,
  broker: number,
  topics: ReturnType<typeof byTopic> | null,
): Promise<readonly LogDirectory[]> {
  const { errorCode, results } = await cluster.request('DescribeLogDirs', { topics }, { broker });
  // Before version 3 the answer to a user without permission is empty; every broker has a directory.
  const denied = results.length === 0 && errorCode === 0 ? ErrorCode.CLUSTER_AUTHORIZATION_FAILED : errorCode;
  if (denied !== 0) throw refusedFor(denied, `log directories of broker ${broker}`, { cluster: ['DESCRIBE'] });
  return results.map((result) => directoryOf(broker, result)).sort((a, b) => ((a.logDir ?? '') < (b.logDir ?? '') ? -1 : 1));
}

interface WireDirectory {
  readonly errorCode: number;
  readonly logDir: string;
  readonly topics: readonly {
    readonly name: string;
    readonly partitions: readonly {
      readonly partitionIndex: number;
      readonly partitionSize: bigint;
      readonly offsetLag: bigint;
      readonly isFutureKey: boolean;
    }[];
  }[];
  readonly totalBytes: bigint;
  readonly usableBytes: bigint;
  readonly isCordoned: boolean;
}

function directoryOf(broker: number, wire: WireDirectory): LogDirectory {
  const topics = wire.topics.map(({ name, partitions }): TopicInDirectory => {
    const logs = partitions
      .map(({ partitionIndex, partitionSize, offsetLag, isFutureKey }) => ({
        partition: partitionIndex,
        bytes: partitionSize,
        offsetLag,
        future: isFutureKey,
      }))
      .sort((a, b) => a.partition - b.partition);
    return { topic: name, logs: logs.length, bytes: sumOf(logs), partitions: logs };
  });
  return {
    broker,
    logDir: wire.logDir,
    ...(wire.errorCode === 0 ? {} : { error: offline(broker, wire) }),
    totalBytes: wire.totalBytes < 0n ? null : wire.totalBytes,
    usableBytes: wire.usableBytes < 0n ? null : wire.usableBytes,
    cordoned: wire.isCordoned,
    bytes: sumOf(topics),
    topics: topics.filter(({ logs }) => logs > 0).sort(largestFirst),
  };
}

function offline(broker: number, { errorCode, logDir }: WireDirectory): KtError {
  return refused(
    errorCode,
    `log directory ${logDir} of broker ${broker}`,
    errorOf(errorCode).name === 'KAFKA_STORAGE_ERROR' ? 'it is offline: its disk failed' : null,
    "the broker's log says why; kt cluster health shows the affected partitions",
  );
}

function sumOf(sized: readonly { readonly bytes: bigint }[]): bigint {
  return sized.reduce((sum, { bytes }) => sum + bytes, 0n);
}

function largestFirst(a: TopicInDirectory, b: TopicInDirectory): number {
  if (a.bytes !== b.bytes) return a.bytes > b.bytes ? -1 : 1;
  return a.topic < b.topic ? -1 : 1;
}

/** All in one list; a broker that did not answer is in it with its error. */
function directoriesOf(answers: PerBroker<readonly LogDirectory[]>): readonly LogDirectory[] {
  return [...answers].flatMap(([broker, answer]) =>
    answer instanceof KtError
      ? [{ broker, logDir: null, error: answer, totalBytes: null, usableBytes: null, cordoned: false, bytes: 0n, topics: [] }]
      : answer,
  );
}
