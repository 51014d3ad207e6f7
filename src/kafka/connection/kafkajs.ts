/**
 * The handle on kafkajs: its sockets, TLS, SASL and ApiVersions, with what it does badly while connecting put right here.
 *
 * What is put right, and why (measured on 2.2.4):
 * - It has no public connection without a group: the assigner factory of a consumer that is never connected gives its internals.
 * - It logs to stdout: every log line is dropped; errors carry what kt needs.
 * - Its pending-request timer runs every millisecond for ever (4.5 % of a core, and TimeoutNegativeWarning on newer runtimes): it is
 *   replaced by one that is set only while a request is pending. Its own request timeouts poll as well, so kt keeps the time itself.
 * - A server that closes the socket during the handshake leaves `connect()` pending: the socket's close settles it.
 * - Concurrent `connect()` calls open several sockets: there is one attempt at a time per connection.
 * - It splits addresses at ":": kt gives host and port apart, so IPv6 works; its socket factory applies the address map.
 * - Answers that are no Kafka frame (HTTP, a TLS alert) make it wait for gigabytes: the first bytes are looked at.
 */
import net from 'node:net';
import tls from 'node:tls';
import kafkajs from 'kafkajs';
import { KtError } from '../../errors.ts';
import type { ClusterSettings, HostPort, TlsSettings } from '../settings.ts';
import { type ApiRanges, apiKeyOf } from '../wire/versions.ts';
import { mappedAddress } from './address.ts';
import { connectionError, notKafka } from './errors.ts';

/** What a kafkajs connection is made of, as far as kt uses it; not in its public types. */
interface KafkaJsConnection {
  readonly socket?: net.Socket;
  isConnected(): boolean;
  isAuthenticated(): boolean;
  connect(): Promise<unknown>;
  authenticate(): Promise<void>;
  nextCorrelationId(): number;
  disconnect(): Promise<unknown>;
  readonly requestQueue: KafkaJsRequestQueue;
}

interface KafkaJsRequestQueue {
  throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests(): void;
  checkPendingRequests(): void;
  rejectAll(error: unknown): void;
  push(request: {
    entry: {
      apiKey: number;
      apiName: string;
      apiVersion: number;
      correlationId: number;
      resolve: (answer: { payload: Buffer }) => void;
      reject: (error: unknown) => void;
    };
    expectResponse: boolean;
    requestTimeout: null;
    sendRequest: () => void;
  }): void;
}

interface KafkaJsBroker {
  apiVersions(): Promise<ApiRanges>;
}

interface KafkaJsConnectionPool {
  readonly pool: readonly KafkaJsConnection[];
  setVersions(versions: ApiRanges): void;
  setSupportAuthenticationProtocol(isSupported: boolean): void;
}

interface KafkaJsCluster {
  readonly connectionPoolBuilder: { build(at: HostPort): Promise<KafkaJsConnectionPool> };
  readonly brokerPool: { createBroker(options: { connectionPool: unknown; logger: unknown }): KafkaJsBroker };
  readonly rootLogger: unknown;
}

/** Makes sockets to one cluster: the TLS, SASL and address settings are bound in. */
export type OpenBroker = (at: HostPort, signal: AbortSignal) => Promise<BrokerSockets>;

/** One broker's authenticated connections: `main`, and one for long polls that is opened at its first use. */
export interface BrokerSockets {
  readonly address: HostPort;
  readonly versions: ApiRanges;
  /** False once the main connection is lost. */
  isOpen(): boolean;
  /**
   * Writes one frame and resolves with the answer's bytes after the correlation id; `null` at once when no answer is expected.
   * @throws what `connectionError` makes of a lost connection
   */
  exchange(socket: 'main' | 'fetch', request: Exchange): Promise<Buffer | null>;
  /** Destroys both sockets; what waits for an answer is rejected with `reason`. */
  destroy(reason: unknown): void;
}

export interface Exchange {
  readonly apiKey: number;
  readonly apiName: string;
  readonly apiVersion: number;
  readonly expectResponse: boolean;
  readonly frame: (correlationId: number) => Buffer;
}

/** Binds the settings; opens nothing. */
export function kafkaJsBrokers(settings: ClusterSettings): OpenBroker {
  const cluster = clusterHandle(settings);
  return (at, signal) => openBroker(cluster, settings, at, signal);
}

function clusterHandle(settings: ClusterSettings): KafkaJsCluster {
  let handle: KafkaJsCluster | undefined;
  const kafka = new kafkajs.Kafka({
    brokers: ['unused:1'],
    clientId: settings.clientId,
    connectionTimeout: settings.timeoutMs,
    authenticationTimeout: settings.timeoutMs,
    requestTimeout: settings.timeoutMs,
    enforceRequestTimeout: false,
    retry: { retries: 0 },
    logLevel: kafkajs.logLevel.NOTHING,
    logCreator: () => () => {},
    socketFactory: ({ host, port, onConnect }) => openSocket(settings, { host, port }, onConnect),
    ...(settings.sasl && { sasl: saslOptions(settings.sasl) }),
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

function saslOptions(sasl: NonNullable<ClusterSettings['sasl']>) {
  const { username, password } = sasl;
  switch (sasl.mechanism) {
    case 'PLAIN':
      return { mechanism: 'plain' as const, username, password };
    case 'SCRAM-SHA-256':
      return { mechanism: 'scram-sha-256' as const, username, password };
    case 'SCRAM-SHA-512':
      return { mechanism: 'scram-sha-512' as const, username, password };
  }
}

/** A TCP or TLS socket to where the address map leads. The certificate is checked against the advertised name. */
function openSocket(settings: ClusterSettings, advertised: HostPort, onConnect: () => void): net.Socket {
  const { host, port } = mappedAddress(settings.addressMap, advertised);
  const security = settings.tls;
  const socket = security
    ? tls.connect({ host, port, ...tlsOptions(security, advertised.host) }, onConnect)
    : net.connect({ host, port }, onConnect);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 60_000);
  return socket;
}

function tlsOptions({ ca, cert, key, verifyHostname, verifyCertificate }: TlsSettings, name: string): tls.ConnectionOptions {
  return {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(verifyCertificate === false && { rejectUnauthorized: false }),
    ...(net.isIP(name) === 0 && { servername: name }),
    checkServerIdentity: (_connectedTo, certificate) =>
      verifyHostname ? tls.checkServerIdentity(name, certificate) : undefined,
  };
}

/** Connects, learns the API versions and authenticates; the signal ends all of it. */
async function openBroker(
  cluster: KafkaJsCluster,
  settings: ClusterSettings,
  address: HostPort,
  signal: AbortSignal,
): Promise<BrokerSockets> {
  const connectionPool = await cluster.connectionPoolBuilder.build(address);
  const [main, fetch] = connectionPool.pool;
  if (!main || !fetch) throw new Error('kafkajs gave no connection');
  const broker = cluster.brokerPool.createBroker({ connectionPool, logger: cluster.rootLogger });
  calmTimers(main.requestQueue);
  calmTimers(fetch.requestQueue);
  const opening = new Map<KafkaJsConnection, Promise<void>>();

  const guarded = async (connection: KafkaJsConnection, work: () => Promise<unknown>, until?: AbortSignal): Promise<void> => {
    await settled(connection, work, settings, address, until);
  };

  // The steps of kafkajs's own Broker.connect, which takes a connected socket for a finished handshake.
  let versions: ApiRanges = {};
  await guarded(
    main,
    async () => {
      await main.connect();
      versions = await broker.apiVersions();
      connectionPool.setVersions(versions);
      connectionPool.setSupportAuthenticationProtocol(versions[apiKeyOf('SaslAuthenticate')] !== undefined);
      await main.authenticate();
    },
    signal,
  );

  const ready = (connection: KafkaJsConnection): Promise<void> | undefined => {
    if (connection.isConnected() && (connection.isAuthenticated() || !settings.sasl)) return undefined;
    let attempt = opening.get(connection);
    if (!attempt) {
      attempt = guarded(connection, async () => {
        if (!connection.isConnected()) await connection.connect();
        await connection.authenticate();
      }).finally(() => opening.delete(connection));
      opening.set(connection, attempt);
    }
    return attempt;
  };

  let destroyed: unknown;
  return {
    address,
    versions,
    isOpen: () => destroyed === undefined && main.isConnected(),
    async exchange(socket, request) {
      if (destroyed !== undefined) throw destroyed;
      const connection = socket === 'fetch' ? fetch : main;
      const opened = ready(connection);
      if (opened) await opened;
      try {
        return await written(connection, request);
      } catch (error) {
        throw error === destroyed ? error : connectionError(error, address, settings);
      }
    },
    destroy(reason) {
      destroyed = reason;
      for (const connection of [main, fetch]) drop(connection, reason);
    },
  };
}

/** Runs a handshake until it is done, the socket closes, or the signal (default: the timeout) ends it. */
async function settled(
  connection: KafkaJsConnection,
  work: () => Promise<unknown>,
  settings: ClusterSettings,
  address: HostPort,
  until: AbortSignal = AbortSignal.timeout(settings.timeoutMs),
): Promise<void> {
  let stop: (() => void) | undefined;
  try {
    const working = work();
    const ended = new Promise<never>((_resolve, reject) => {
      const socket = connection.socket;
      const onClose = () => reject(new Error('the server closed the connection'));
      const onAbort = () => reject(until.reason);
      const onFirstBytes = (chunk: Buffer) => {
        const problem = notKafka(chunk, address);
        if (problem) reject(problem);
      };
      // Errors reach kafkajs first, which rejects with the cause; the close comes later and must not hide it.
      socket?.once('close', () => setImmediate(onClose));
      socket?.once('data', onFirstBytes);
      until.addEventListener('abort', onAbort, { once: true });
      if (until.aborted) onAbort();
      stop = () => until.removeEventListener('abort', onAbort);
    });
    ended.catch(() => {});
    working.catch(() => {});
    await Promise.race([working, ended]);
  } catch (error) {
    drop(connection, error);
    throw error instanceof KtError ? error : connectionError(error, address, settings);
  } finally {
    stop?.();
  }
}

/** Puts one frame on kafkajs's queue of unanswered requests, which matches the answer by correlation id. */
function written(connection: KafkaJsConnection, request: Exchange): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    const correlationId = connection.nextCorrelationId();
    const frame = request.frame(correlationId);
    connection.requestQueue.push({
      entry: {
        apiKey: request.apiKey,
        apiName: request.apiName,
        apiVersion: request.apiVersion,
        correlationId,
        resolve: ({ payload }) => resolve(payload),
        reject,
      },
      expectResponse: request.expectResponse,
      requestTimeout: null,
      sendRequest: () => {
        connection.socket?.write(frame);
      },
    });
  });
}

function drop(connection: KafkaJsConnection, reason: unknown): void {
  connection.requestQueue.rejectAll(reason);
  connection.socket?.destroy();
  // Waits for nothing: the queue was just emptied.
  connection.disconnect().catch(() => {});
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
