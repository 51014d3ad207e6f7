/** A group coordinator made of scripted answers, behind the Cluster that a member asks. */
import type { Cluster, ClusterMetadata, RequestOptions } from '../../../../src/kafka/cluster.ts';
import type { ApiName, RequestBodies, ResponseBodies } from '../../../../src/kafka/wire/generated/types.ts';

type Answer<A extends ApiName> =
  | Partial<ResponseBodies[A]>
  | Error
  | ((body: RequestBodies[A]) => Promise<Partial<ResponseBodies[A]>>);

export interface Sent {
  readonly api: ApiName;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of any API.
  readonly body: any;
  readonly options: RequestOptions;
}

export class FakeGroup {
  /** Every request, in order. */
  readonly sent: Sent[] = [];
  /** How often the coordinator was looked up afresh. */
  lookedUp = 0;
  readonly versions: Partial<Record<ApiName, number>> = {};
  readonly partitionCounts = new Map<string, number>();
  readonly topicIds = new Map<string, string>();
  readonly #interrupt = new AbortController();
  readonly signal = this.#interrupt.signal;
  readonly #answers = new Map<ApiName, Answer<ApiName>[]>();

  /** What the next requests of an API are answered; the last answer stays. */
  answer<A extends ApiName>(api: A, ...answers: Answer<A>[]): void {
    this.#answers.set(api, answers as Answer<ApiName>[]);
  }

  interrupt(): void {
    this.#interrupt.abort(new Error('interrupted'));
  }

  bodies(api: ApiName) {
    return this.sent.filter((one) => one.api === api).map(({ body }) => body);
  }

  readonly cluster: Cluster = {
    timeoutMs: 1_000,
    signal: this.signal,
    request: async (api, body, _target, options = {}) => {
      if (this.signal.aborted && !options.closing) throw this.signal.reason;
      options.signal?.throwIfAborted();
      this.sent.push({ api, body, options });
      const answers = this.#answers.get(api) ?? [];
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer === undefined) throw new Error(`no answer to ${api}`);
      if (answer instanceof Error) throw answer;
      return (typeof answer === 'function' ? await answer(body) : answer) as never;
    },
    metadata: async (topics) => this.#metadata(topics === 'all' ? [...this.partitionCounts.keys()] : topics),
    cachedMetadata: async (topics) => this.#metadata(topics),
    coordinators: async (groups, fresh) => {
      if (fresh) this.lookedUp++;
      return new Map(groups.map((group) => [group, 1]));
    },
    apiVersion: async (api) => this.versions[api] ?? 99,
    prepareFetch: () => {},
    close: async () => {},
  };

  #metadata(topics: readonly string[]): ClusterMetadata {
    const described = topics.map((topic) => ({
      topic,
      topicId: this.topicIds.get(topic) ?? null,
      internal: false,
      errorCode: this.partitionCounts.has(topic) ? 0 : 3,
      partitions: Array.from({ length: this.partitionCounts.get(topic) ?? 0 }, (_, partition) => ({
        partition,
        leader: 1,
        leaderEpoch: 0,
        replicas: [1],
        isr: [1],
        offline: [],
        errorCode: 0,
      })),
    }));
    return { clusterId: null, controllerId: 1, brokers: [], topics: new Map(described.map((one) => [one.topic, one])) };
  }
}
