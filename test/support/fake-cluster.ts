/** A fake cluster whose metadata and answers the test supplies. */
import { KtError } from '../../src/base/errors.ts';
import type { Cluster, ClusterMetadata, Target, TopicMetadata } from '../../src/kafka/cluster.ts';

export interface SentRequest {
  readonly api: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into the bodies of any request.
  readonly body: any;
  readonly target: Target;
}

// biome-ignore lint/suspicious/noExplicitAny: an answer has the shape of its request's response.
export type Answerer = (body: any, target: Target, tries: number) => any;

export interface FakeOptions {
  /** Leaders of each topic's partitions, in order; called again whenever metadata is asked for. */
  readonly topics?: () => Readonly<Record<string, readonly number[]>>;
  readonly internal?: readonly string[];
  readonly answers?: Readonly<Record<string, Answerer>>;
  readonly coordinators?: (groups: readonly string[], fresh: boolean) => ReadonlyMap<string, number>;
  readonly versions?: Readonly<Record<string, number>>;
  /** Requests fail before anything is sent. */
  readonly isUnreachable?: () => boolean;
  readonly signal?: AbortSignal;
  /** Default 1,000. */
  readonly timeoutMs?: number;
}

export interface FakeCluster extends Cluster {
  readonly sent: SentRequest[];
  /** How often fresh metadata was asked for. */
  readonly metadataRequests: (readonly string[] | 'all')[];
}

const brokers = [1, 2, 3].map((id) => ({ id, host: 'localhost', port: 9090 + id, rack: null }));

export function topicMetadata(topic: string, leaders: readonly number[], internal = false): TopicMetadata {
  return {
    topic,
    topicId: null,
    internal,
    errorCode: 0,
    partitions: leaders.map((leader, partition) => {
      const replicas = [1, 2];
      return { partition, leader, leaderEpoch: 0, replicas, isr: leader < 0 ? [] : [leader], offline: [], errorCode: 0 };
    }),
  };
}

export function fakeCluster(options: FakeOptions = {}): FakeCluster {
  const {
    topics = (): Readonly<Record<string, readonly number[]>> => ({}),
    internal = [],
    answers = {},
    coordinators = () => new Map(),
    versions = {},
  } = options;
  const sent: SentRequest[] = [];
  const metadataRequests: (readonly string[] | 'all')[] = [];
  const tries = new Map<string, number>();
  let cached: ClusterMetadata | undefined;
  const cluster: FakeCluster = {
    sent,
    metadataRequests,
    timeoutMs: options.timeoutMs ?? 1_000,
    signal: options.signal ?? new AbortController().signal,
    async metadata(names, _withOperations, once) {
      once?.onSend();
      metadataRequests.push(names);
      const all = topics();
      const found = new Map<string, TopicMetadata>();
      for (const name of names === 'all' ? Object.keys(all) : names) {
        const leaders = all[name];
        found.set(
          name,
          leaders ? topicMetadata(name, leaders, internal.includes(name)) : { ...topicMetadata(name, []), errorCode: 3 },
        );
      }
      cached = { clusterId: 'fake', controllerId: 1, brokers, topics: found };
      return cached;
    },
    async cachedMetadata(names) {
      return cached && names.every((name) => cached!.topics.has(name)) ? cached : cluster.metadata(names);
    },
    async request(api, body, target = 'any', { onSend } = {}) {
      sent.push({ api, body, target });
      if (!options.isUnreachable?.()) onSend?.();
      const count = (tries.get(api) ?? 0) + 1;
      tries.set(api, count);
      if (options.isUnreachable?.()) throw new KtError('connection', 'the broker cannot be reached', { code: 'ENOTFOUND' });
      const answer = answers[api];
      if (!answer) throw new KtError('bug', `the test has no answer to ${api}`);
      return answer(body, target, count);
    },
    coordinators: async (groups, fresh = false) => coordinators(groups, fresh),
    apiVersion: async (api) => versions[api] ?? 9,
    prepareFetch: () => {},
    close: async () => {},
  };
  return cluster;
}

/** An answer to ListOffsets with these ranges: `{'orders-0': [start, end]}`; a partition without one gets error code 3. */
export function offsetsAnswer(ranges: Readonly<Record<string, readonly [start: bigint, end: bigint]>>): Answerer {
  return (body) => ({
    // biome-ignore lint/suspicious/noExplicitAny: the request's own shape.
    topics: body.topics.map(({ name, partitions }: any) => ({
      name,
      // biome-ignore lint/suspicious/noExplicitAny: the request's own shape.
      partitions: partitions.map(({ partitionIndex, timestamp }: any) => {
        const range = ranges[`${name}-${partitionIndex}`];
        const isStart = timestamp === -2n || timestamp === -4n;
        const offset = range ? (isStart ? range[0] : timestamp === -1n ? range[1] : -1n) : -1n;
        return { partitionIndex, errorCode: range ? 0 : 3, timestamp: -1n, offset, leaderEpoch: 0 };
      }),
    })),
  });
}
