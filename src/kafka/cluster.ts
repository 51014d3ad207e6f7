/** A connected Kafka cluster as the rest of kt sees it: requests in Kafka's own words, routed to the right broker. */
import type { ApiName, RequestBodies, ResponseBodies } from './wire/generated/types.ts';

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

export interface BrokerNode {
  readonly id: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
}

export interface PartitionMetadata {
  readonly partition: number;
  /** Broker id; -1 without a leader. */
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly offline: readonly number[];
  readonly errorCode: number;
}

export interface TopicMetadata {
  readonly topic: string;
  /** Base64url without padding as Kafka prints it; null before Kafka 2.8. */
  readonly topicId: string | null;
  readonly internal: boolean;
  readonly errorCode: number;
  /** Sorted by partition. */
  readonly partitions: readonly PartitionMetadata[];
}

export interface ClusterMetadata {
  readonly clusterId: string | null;
  /** A broker that takes controller requests (with KRaft any broker, which forwards them). */
  readonly controllerId: number;
  readonly brokers: readonly BrokerNode[];
  readonly topics: ReadonlyMap<string, TopicMetadata>;
  /** What this user may do with the cluster, as last told: a bit for each of Kafka's AclOperations (KIP-430), 0 without DESCRIBE; undefined if not told. */
  readonly operations?: number | undefined;
}

/** Which broker a request is for: `any` only for what changes nothing, since it may be sent to a second one; `controller` for changes. */
export type Target =
  | 'any'
  | 'controller'
  | { readonly broker: number }
  | { readonly group: string }
  | { readonly transactionalId: string };

export interface RequestOptions {
  /** How long the answer may take, in ms; default the cluster's `timeoutMs`. */
  readonly timeoutMs?: number;
  /** How long the broker may hold its answer back, in ms: added to the timeout. */
  readonly longPollMs?: number;
  /** The most that the answer may be, in bytes, if that is more than the usual 104 MiB. */
  readonly answerBytes?: number | undefined;
  /** Ends the wait; the answer is then dropped. The cluster's own signal always applies. */
  readonly signal?: AbortSignal;
  /** Called when the request is about to be written: before, its broker cannot have got it. What any broker can answer is then asked of one only. */
  readonly onSend?: () => void;
  /** Sent to the address last known for its broker, even if a broker was lost since: the caller asks for metadata itself. */
  readonly trustsAddresses?: boolean;
  /** Sent even if the cluster's own signal is aborted: what an interrupted command still has to do (commit, leave a group). */
  readonly closing?: boolean;
  /** The highest version to use, for APIs whose newer versions mean something else. */
  readonly maxVersion?: number;
  /**
   * Which of the broker's sockets to use: `fetch` for long polls, so that nothing else waits behind them. Default: `fetch` for Fetch, else `main`.
   */
  readonly socket?: 'main' | 'fetch';
}

/** How metadata is asked for by a caller that counts what is sent: once, and where it says. */
export interface AskedOnce {
  /** Undefined: any broker that can be reached. */
  readonly broker: number | undefined;
  /** As in RequestOptions. */
  readonly onSend: () => void;
}

export interface Cluster {
  /**
   * Sends one request in the newest version that both sides know and resolves with the decoded answer, error codes included.
   * Reconnects once when the connection was lost before the request was written. What any broker can answer is asked of another one when the
   * first goes down before it answers; what is for the controller, when it goes down before it gets the request.
   * @throws KtError `connection` (no answer, with host and cause), `refused` when the broker does not have the API
   */
  request<A extends ApiName>(
    api: A,
    body: RequestBodies[A],
    target?: Target,
    options?: RequestOptions,
  ): Promise<ResponseBodies[A]>;

  /**
   * Fresh metadata of the named topics, or of all; never creates a topic. An unknown topic is in the map with its error code.
   * All brokers are always included.
   * @param withOperations ask too what this user may do with the cluster; always asked with all topics
   * @param once absent: any broker, and another one where the first is lost
   */
  metadata(topics: readonly string[] | 'all', withOperations?: boolean, once?: AskedOnce): Promise<ClusterMetadata>;

  /** Metadata as last seen; asked for again if one of the topics is not in it. */
  cachedMetadata(topics: readonly string[]): Promise<ClusterMetadata>;

  /** The coordinator's broker id of each group (or transactional id), in the fewest requests. With `fresh` they are looked up again. */
  coordinators(keys: readonly string[], fresh?: boolean, type?: 'group' | 'transaction'): Promise<ReadonlyMap<string, number>>;

  /** The newest version of an API that this broker (default: any) and kt share; -1 when there is none. */
  apiVersion(api: ApiName, broker?: number, options?: Pick<RequestOptions, 'trustsAddresses'>): Promise<number>;

  /** Opens the sockets that these brokers' records will come on, while something else is asked. What goes wrong shows when they are used. */
  prepareFetch(brokers: Iterable<number>): void;

  /** How long to wait for an answer, or for a leader or coordinator that moves: the settings' timeout in ms. */
  readonly timeoutMs: number;

  /** Aborted when the command is interrupted. */
  readonly signal: AbortSignal;

  /** Ends every socket at once; later requests fail. */
  close(): Promise<void>;
}
