/**
 * The handle on kafkajs, which connects, asks for API versions and authenticates (SASL handshake, PLAIN, SCRAM, KIP-368).
 *
 * What is corrected here and in link.ts, and why (measured on 2.2.4):
 * - It offers no connection without a group: the assigner factory of a consumer that never connects gives access to its internals.
 * - It logs to stdout: every log line is dropped; its errors carry what kt needs.
 * - Its pending-request timer fires every millisecond, always (4.5 % of a core, and TimeoutNegativeWarning on newer runtimes): it is
 *   replaced by one that is set only while a request is pending. Its request timeouts poll as well, so kt measures the time itself.
 * - A server that closes the socket during the handshake leaves `connect()` pending: the socket's close event settles it.
 * - A reopened connection continues in the middle of a frame, and is closed by its old socket's end: each socket gets its own.
 * - It waits for as many bytes as a size field says, 2 GB for an HTTP server's answer: frames.ts cuts frames, and has a limit.
 * - It authenticates again 10 s before a session ends, which for sessions of 10 s is before each request: link.ts sets another threshold.
 * - It splits addresses at ":": kt passes host and port separately, so IPv6 works; kt's own sockets apply the address map.
 */

import type net from 'node:net';
import kafkajs from 'kafkajs';
import { type ApiRanges, apiKeyOf } from '../wire/versions.ts';
import { type Credentials, credentialsOf } from './credentials.ts';
import type { ClusterSettings, HostPort } from './settings.ts';

/** The parts of a kafkajs connection that kt uses; not in its public types. */
export interface KafkaJsConnection {
  socketFactory: (options: { onConnect: () => void }) => net.Socket;
  readonly socket?: net.Socket;
  processData: () => void;
  readonly requestQueue: KafkaJsRequestQueue;
  /** How long before its end a session is renewed, in ms. */
  reauthenticationThreshold: number;
  /** In ms; 0 for a session without an end. */
  readonly sessionLifetime: { toString(): string };
  isConnected(): boolean;
  isAuthenticated(): boolean;
  connect(): Promise<unknown>;
  authenticate(): Promise<void>;
  nextCorrelationId(): number;
  disconnect(): Promise<unknown>;
}

interface KafkaJsRequestQueue {
  throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  readonly pending: readonly unknown[];
  readonly inflight: ReadonlyMap<number, unknown>;
  scheduleCheckPendingRequests: () => void;
  checkPendingRequests(): void;
  rejectAll(error: unknown): void;
  fulfillRequest(answer: { correlationId: number; payload: Buffer; size: number }): void;
  push: (request: KafkaJsRequest) => void;
}

export interface KafkaJsRequest {
  readonly entry: {
    readonly apiKey: number;
    readonly apiName: string;
    readonly apiVersion: number;
    readonly correlationId: number;
    resolve: (answer: { payload: Buffer | null }) => void;
    readonly reject: (error: unknown) => void;
  };
  readonly expectResponse: boolean;
  readonly requestTimeout: null;
  readonly sendRequest: () => void;
}

interface KafkaJsConnectionPool {
  readonly pool: readonly KafkaJsConnection[];
  setVersions(versions: ApiRanges): void;
  setSupportAuthenticationProtocol(isSupported: boolean): void;
}

interface KafkaJsCluster {
  readonly connectionPoolBuilder: { build(at: HostPort): Promise<KafkaJsConnectionPool> };
  readonly brokerPool: {
    createBroker(options: { connectionPool: unknown; logger: unknown }): { apiVersions(): Promise<ApiRanges> };
  };
  readonly rootLogger: unknown;
}

/** A connection that is not open yet, with the steps that kafkajs takes outside of it. */
export interface Dialled {
  readonly connection: KafkaJsConnection;
  /** Asks the connected broker for its API versions. */
  askVersions(): Promise<ApiRanges>;
  /** Must be called before authenticating. */
  setVersions(versions: ApiRanges): void;
}

/** @param deadline of opening the connection, on the clock of `performance.now()` */
export type Dial = (at: HostPort, deadline: number) => Promise<Dialled>;

/** Makes connections with the settings' credentials, once these are there; opens nothing. */
export function kafkaJsDial(settings: ClusterSettings): Dial {
  const credentials = settings.sasl && credentialsOf(settings.sasl, settings);
  const cluster = clusterHandle(settings, credentials);
  return async (at, deadline) => {
    await credentials?.ready?.(deadline);
    const pool = await cluster.connectionPoolBuilder.build(at);
    const [connection] = pool.pool;
    if (!connection) throw new Error('kafkajs gave no connection');
    calmTimers(connection.requestQueue);
    return {
      connection,
      askVersions: () => cluster.brokerPool.createBroker({ connectionPool: pool, logger: cluster.rootLogger }).apiVersions(),
      setVersions(versions) {
        pool.setVersions(versions);
        pool.setSupportAuthenticationProtocol(versions[apiKeyOf('SaslAuthenticate')] !== undefined);
      },
    };
  };
}

function clusterHandle(settings: ClusterSettings, credentials: Credentials | undefined): KafkaJsCluster {
  let handle: KafkaJsCluster | undefined;
  const kafka = new kafkajs.Kafka({
    brokers: ['unused:1'],
    clientId: settings.clientId,
    // kt measures the time; these must only not be shorter.
    connectionTimeout: settings.timeoutMs + 1_000,
    authenticationTimeout: settings.timeoutMs + 1_000,
    requestTimeout: settings.timeoutMs + 1_000,
    enforceRequestTimeout: false,
    retry: { retries: 0 },
    logLevel: kafkajs.logLevel.NOTHING,
    logCreator: () => () => {},
    ...(credentials && { sasl: credentials.sasl }),
  });
  kafka.consumer({
    groupId: 'never-joined',
    partitionAssigners: [
      ({ cluster }) => {
        handle = cluster as unknown as KafkaJsCluster;
        return {
          name: 'none',
          version: 0,
          assign: async () => [],
          protocol: () => ({ name: 'none', metadata: Buffer.alloc(0) }),
        };
      },
    ],
  });
  if (!handle) throw new Error('kafkajs did not hand out its cluster');
  return handle;
}

function calmTimers(queue: KafkaJsRequestQueue): void {
  queue.scheduleCheckPendingRequests = () => {
    if (queue.pending.length === 0 || queue.throttleCheckTimeoutId) return;
    queue.throttleCheckTimeoutId = setTimeout(
      () => {
        queue.throttleCheckTimeoutId = null;
        queue.checkPendingRequests();
      },
      Math.max(1, queue.throttledUntil - Date.now()),
    );
  };
}
