/** Settings → a connected Cluster: finds a bootstrap server that answers, keeps one handle per broker, routes each request. */
import { KtError } from '../base/errors.ts';
import { pause, whenAborted } from '../base/pause.ts';
import type { AskedOnce, BrokerNode, Cluster, ClusterMetadata, RequestOptions, Target } from './cluster.ts';
import { addressText } from './connection/address.ts';
import { bootstrap } from './connection/bootstrap.ts';
import { type BrokerSockets, brokerOpener, type OpenBroker } from './connection/broker.ts';
import { unanswered, withDoctor } from './connection/errors.ts';
import type { Note } from './connection/expiry.ts';
import { giveFrameMemory } from './connection/frame-memory.ts';
import { isGone, maybeDone } from './connection/gone.ts';
import type { Trace } from './connection/link.ts';
import type { Exchange } from './connection/open-requests.ts';
import type { ClusterSettings, HostPort } from './connection/settings.ts';
import { coordinatorFinder } from './coordinators.ts';
import { metadataOf } from './metadata.ts';
import { decodeFrame, frameParts, prepareDecode } from './wire/frame.ts';
import type { ApiName, RequestBodies, ResponseBodies } from './wire/generated/types.ts';
import { whatBrings } from './wire/releases.ts';
import { negotiate } from './wire/versions.ts';

export interface ConnectOptions {
  /** Ends connecting and every request, which reject with its reason. */
  readonly signal: AbortSignal;
  readonly trace?: Trace;
  /** Is told what the user may want to act on later, such as a certificate that ends soon. */
  readonly note?: Note;
}

/** The last version of Metadata that tells what a user may do with the cluster (KIP-700); newer ones bring nothing that kt reads. */
const lastVersionWithOperations = 10;
/** What Metadata is asked in before a broker's versions are known: brokers since Kafka 2.8 know it. */
const firstMetadataVersion = lastVersionWithOperations;
/** A broker that goes down, or is not up yet, is soon no longer named as one to ask. */
const leavingMs = 3_000;
const leavingPauseMs = 100;
/** The controller id while a cluster has no controller. */
const noBroker = -1;

/** A cluster that connects when it is first needed. */
export interface ClusterOnDemand extends Cluster {
  /** Connects, if no request has done so. @throws as `connect` */
  open(): Promise<void>;
}

/**
 * Connects to the first bootstrap server that answers, within one timeout for all of them.
 * @throws KtError `connection` naming each server and why it could not be used
 */
export async function connect(settings: ClusterSettings, options: ConnectOptions): Promise<Cluster> {
  const cluster = clusterOnDemand(settings, options);
  await cluster.open();
  return cluster;
}

/**
 * Connects at the first request, as `connect` does. If that asks for metadata, it goes out together with the question for the broker's
 * API versions: a round trip less.
 */
export function clusterOnDemand(settings: ClusterSettings, { signal, trace, note }: ConnectOptions): ClusterOnDemand {
  return new ConnectedCluster(settings, brokerOpener(settings, trace, true, note), signal);
}

/** Adds the profile's name to the error: nothing on the command line says why kt connected there. */
function withProfile(error: unknown, { profile }: ClusterSettings): unknown {
  if (profile === undefined || !(error instanceof KtError) || error.kind !== 'connection') return error;
  return new KtError(error.kind, `profile '${profile}': ${error.message}`, {
    code: error.code,
    hint: error.hint,
    cause: error,
  });
}

/** Answers without byte strings: once they are decoded, nothing points into their bytes. Those that are large and asked for again and again. */
const copied: ReadonlySet<ApiName> = new Set<ApiName>(['Metadata', 'ListOffsets']);

interface Asking {
  readonly along?: Exchange | undefined;
  readonly trusts?: boolean | undefined;
}

class ConnectedCluster implements ClusterOnDemand {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly #settings: ClusterSettings;
  readonly #open: OpenBroker;
  /** The bootstrap connection; also a broker's own, once metadata shows whose address it is. Undefined until it is first needed. */
  #seed: BrokerSockets | undefined;
  #seeding: Promise<BrokerSockets> | undefined;
  readonly #opened = new Map<number, BrokerSockets>();
  readonly #opening = new Map<number, Promise<BrokerSockets>>();
  #metadata: ClusterMetadata | undefined;
  /** Set when a broker was lost: it may be gone for good, or return at another address. */
  #brokersDoubted = false;
  #askingBrokers: Promise<ClusterMetadata> | undefined;
  readonly #coordinators = coordinatorFinder(this);
  readonly #closing = new AbortController();

  constructor(settings: ClusterSettings, open: OpenBroker, signal: AbortSignal) {
    this.timeoutMs = settings.timeoutMs;
    this.#settings = settings;
    this.#open = open;
    this.signal = signal;
  }

  async open(): Promise<void> {
    if (!this.#seed) await this.#bounded({}, async () => this.#anyBroker());
  }

  async request<A extends ApiName>(
    api: A,
    body: RequestBodies[A],
    target: Target = 'any',
    options: RequestOptions = {},
  ): Promise<ResponseBodies[A]> {
    if (target === 'controller') return this.#askController(api, body, options);
    if (target === 'any') return this.#askAny(api, body, options);
    try {
      return await this.#request(api, body, target, options);
    } catch (error) {
      if (error instanceof KtError && error.kind === 'connection') this.#brokersDoubted = true;
      throw error;
    }
  }

  /** What any broker can answer changes nothing: if one went down, another is asked. */
  async #askAny<A extends ApiName>(api: A, body: RequestBodies[A], options: RequestOptions): Promise<ResponseBodies[A]> {
    const deadline = performance.now() + this.timeoutMs;
    // Of the broker that went down there may be several connections, which do not show it yet.
    for (let others = this.#opened.size; ; others--) {
      try {
        return await this.#request(api, body, 'any', options);
      } catch (error) {
        if (!(error instanceof KtError) || error.kind !== 'connection') throw error;
        // Where none was ever reached, all were tried; a silent one has used up the time.
        if (!this.#seed || options.onSend || error.code === 'REQUEST_TIMED_OUT') throw error;
        if (others < 0 || performance.now() > deadline) throw error;
      }
    }
  }

  /** Any broker hands on what is for the controller: if one went down before it got a request, another is asked. What it got it may have done. */
  async #askController<A extends ApiName>(api: A, body: RequestBodies[A], options: RequestOptions): Promise<ResponseBodies[A]> {
    const deadline = performance.now() + Math.min(this.timeoutMs, leavingMs);
    const changesNothing = api === 'ListPartitionReassignments' || ('validateOnly' in body && body.validateOnly === true);
    for (;;) {
      let isSent = false;
      const onSend = () => {
        isSent = true;
        options.onSend?.();
      };
      try {
        return await this.#request(api, body, 'controller', { ...options, onSend });
      } catch (error) {
        if (!(error instanceof KtError) || error.kind !== 'connection') throw error;
        this.#brokersDoubted = true;
        if (isSent && !changesNothing) throw maybeDone(api, error);
        if (!this.#seed || !isGone(error) || performance.now() + leavingPauseMs > deadline) throw error;
      }
      await pause(leavingPauseMs, this.signal);
    }
  }

  async #request<A extends ApiName>(
    api: A,
    body: RequestBodies[A],
    target: Target,
    options: RequestOptions,
  ): Promise<ResponseBodies[A]> {
    const isFirst = !this.#seed && target === 'any' && api === 'Metadata';
    const along = isFirst ? this.#exchangeOf(api, firstMetadataVersion, body, options) : undefined;
    // An interruption ends the wait for a broker, not its opening: requests sent while closing may need it.
    const broker = await this.#bounded(options, () => {
      const opening = this.#brokerFor(target, { along, trusts: options.trustsAddresses });
      if (along) prepareDecode(api, along.apiVersion);
      return opening;
    });
    if (this.#closing.signal.aborted) throw this.#closing.signal.reason;
    const version = negotiate(api, broker.versions, along?.apiVersion ?? options.maxVersion);
    if (version === undefined) throw unsupported(api, broker);
    const timeoutMs = (options.timeoutMs ?? this.timeoutMs) + (options.longPollMs ?? 0);
    const exchange = () => {
      const request = along?.apiVersion === version ? along : this.#exchangeOf(api, version, body, options);
      const answering = broker.exchange(options.socket ?? (api === 'Fetch' ? 'fetch' : 'main'), request);
      // Done while the broker works: for the first request of its kind it takes a millisecond or more, a tenth of a short command.
      prepareDecode(api, version);
      return answering;
    };
    const answer = await this.#bounded(options, exchange, timeoutMs, () => {
      // The late answer may still arrive on its sockets.
      const late = unanswered(api, broker.address, this.#settings, timeoutMs);
      broker.drop(late);
      return late;
    });
    if (answer === null) return {} as ResponseBodies[A];
    let decoded: ResponseBodies[A] | undefined;
    try {
      decoded = decodeFrame(api, version, answer);
      return decoded;
    } finally {
      if (!decoded || copied.has(api)) giveFrameMemory(answer.buffer);
    }
  }

  #exchangeOf<A extends ApiName>(api: A, version: number, body: RequestBodies[A], options: RequestOptions): Exchange {
    return {
      apiName: api,
      apiVersion: version,
      expectResponse: api !== 'Produce' || (body as RequestBodies['Produce']).acks !== 0,
      answerBytes: options.answerBytes,
      frame: (correlationId) => {
        options.onSend?.();
        return frameParts({ api, version, correlationId, clientId: this.#settings.clientId, body });
      },
    };
  }

  metadata(topics: readonly string[] | 'all', withOperations = topics === 'all', once?: AskedOnce): Promise<ClusterMetadata> {
    return this.#askMetadata(topics, withOperations ? { maxVersion: lastVersionWithOperations } : {}, once);
  }

  async #askMetadata(topics: readonly string[] | 'all', options: RequestOptions, once?: AskedOnce): Promise<ClusterMetadata> {
    const body = {
      topics: topics === 'all' ? null : topics.map((name) => ({ name })),
      allowAutoTopicCreation: false,
      ...(options.maxVersion !== undefined && { includeClusterAuthorizedOperations: true }),
    };
    const target = once?.broker === undefined ? 'any' : { broker: once.broker };
    const asked = once ? { ...options, onSend: once.onSend, trustsAddresses: true } : options;
    const answer = metadataOf(await this.request('Metadata', body, target, asked));
    const fresh = { ...answer, operations: answer.operations ?? this.#metadata?.operations };
    this.#brokersDoubted = false;
    this.#metadata =
      topics === 'all' || !this.#metadata ? fresh : { ...fresh, topics: new Map([...this.#metadata.topics, ...fresh.topics]) };
    this.#forgetMovedBrokers(fresh.brokers);
    return fresh;
  }

  async cachedMetadata(topics: readonly string[]): Promise<ClusterMetadata> {
    const known = this.#metadata;
    const missing = known ? topics.filter((topic) => !known.topics.has(topic)) : topics;
    if (!known || missing.length > 0) await this.metadata(missing);
    return this.#metadata!;
  }

  coordinators(
    keys: readonly string[],
    fresh = false,
    type: 'group' | 'transaction' = 'group',
  ): Promise<ReadonlyMap<string, number>> {
    return this.#coordinators.find(type, keys, fresh);
  }

  async apiVersion(api: ApiName, broker?: number, { trustsAddresses: trusts }: RequestOptions = {}): Promise<number> {
    const sockets = await this.#brokerFor(broker === undefined ? 'any' : { broker }, { trusts });
    return negotiate(api, sockets.versions) ?? -1;
  }

  prepareFetch(brokers: Iterable<number>): void {
    const opened = [...brokers].map(async (id) => (await this.#broker(id, true)).open('fetch'));
    void Promise.allSettled(opened);
  }

  async close(): Promise<void> {
    const reason = new KtError('connection', 'the connection was closed');
    this.#closing.abort(reason);
    this.#seed?.drop(reason);
    for (const sockets of this.#opened.values()) sockets.drop(reason);
  }

  /** @param along as `#newSeed` takes it; `trusts` as in RequestOptions */
  async #brokerFor(target: Target, { along, trusts }: Asking = {}): Promise<BrokerSockets> {
    if (this.#closing.signal.aborted) throw this.#closing.signal.reason;
    if (target === 'any') return this.#anyBroker(along);
    if (target === 'controller') {
      const known = this.#brokersDoubted ? undefined : this.#metadata;
      const { controllerId } = known ?? (await this.#askBrokers());
      return controllerId === noBroker ? this.#anyBroker() : this.#broker(controllerId);
    }
    if ('broker' in target) return this.#broker(target.broker, trusts);
    const key = 'group' in target ? target.group : target.transactionalId;
    const found = await this.#coordinators.find('group' in target ? 'group' : 'transaction', [key], false);
    return this.#broker(found.get(key)!);
  }

  /** A broker whose connection is open, else a new one: the bootstrap servers first, then the known brokers. */
  #anyBroker(along?: Exchange): BrokerSockets | Promise<BrokerSockets> {
    const open = [this.#seed, ...this.#opened.values()].find((sockets) => sockets?.isOpen());
    if (open) return open;
    this.#seeding ??= this.#newSeed(along).finally(() => {
      this.#seeding = undefined;
    });
    return this.#seeding;
  }

  /** @param along what will be asked first */
  async #newSeed(along?: Exchange): Promise<BrokerSockets> {
    // Loaded first: servers race each other, and the time that loading takes is not theirs.
    if (this.#settings.proxy) await import('./connection/proxy.ts');
    const before = this.#seed;
    const opening = { signal: this.#closing.signal, timeoutMs: this.timeoutMs, along };
    const seed = await bootstrap(this.#servers(before), this.#open, opening).catch((error) => {
      throw before ? error : withProfile(withDoctor(error), this.#settings);
    });
    if (before && ![...this.#opened.values()].includes(before)) before.drop(new Error('lost'));
    this.#seed = seed;
    return seed;
  }

  /** The bootstrap servers, then the known brokers. The one that was just lost comes last: it may accept connections while it goes down. */
  #servers(lost: BrokerSockets | undefined): readonly HostPort[] {
    const known = (this.#metadata?.brokers ?? []).map(({ host, port }) => ({ host, port }));
    const servers = new Map([...this.#settings.bootstrapServers, ...known].map((server) => [addressText(server), server]));
    const text = lost ? addressText(lost.address) : '';
    const last = servers.get(text);
    if (last && servers.delete(text)) servers.set(text, last);
    return [...servers.values()];
  }

  async #broker(id: number, trusts = false): Promise<BrokerSockets> {
    if (this.#brokersDoubted && !trusts) await this.#askBrokers();
    const opened = this.#opened.get(id);
    if (opened) return opened;
    let opening = this.#opening.get(id);
    if (!opening) {
      opening = this.#openNode(id).finally(() => this.#opening.delete(id));
      this.#opening.set(id, opening);
    }
    return opening;
  }

  /** The cluster's present brokers. Callers share the request, so no caller's signal ends it. */
  #askBrokers(): Promise<ClusterMetadata> {
    this.#askingBrokers ??= this.#askMetadata([], { closing: true }).finally(() => {
      this.#askingBrokers = undefined;
    });
    return this.#askingBrokers;
  }

  /** Once opened, a broker's sockets reopen by themselves while its address stays the same. */
  async #openNode(id: number): Promise<BrokerSockets> {
    const node = await this.#node(id);
    const address = { host: node.host, port: node.port };
    const seed = this.#seed;
    const isSeed = seed && addressText(seed.address) === addressText(address);
    const { timeoutMs } = this;
    const opening = { signal: this.#closing.signal, timeoutMs };
    const sockets = isSeed ? seed : await this.#open(address, opening).catch((error) => Promise.reject(withDoctor(error)));
    this.#opened.set(id, sockets);
    return sockets;
  }

  async #node(id: number): Promise<BrokerNode> {
    const find = (metadata: ClusterMetadata | undefined) => metadata?.brokers.find((broker) => broker.id === id);
    const node = find(this.#metadata) ?? find(await this.#askBrokers());
    if (node) return node;
    throw new KtError('connection', `broker ${id} is not in the cluster at the moment`, {
      code: 'BROKER_NOT_AVAILABLE',
      hint: 'is it down? kt cluster describe lists the brokers',
    });
  }

  #forgetMovedBrokers(brokers: readonly BrokerNode[]): void {
    for (const [id, sockets] of this.#opened) {
      const node = brokers.find((broker) => broker.id === id);
      const moved = node && sockets !== this.#seed && addressText(node) !== addressText(sockets.address);
      if (moved) {
        sockets.drop(new KtError('connection', `broker ${id} moved to ${addressText(node)}`));
        this.#opened.delete(id);
      }
    }
  }

  /** Waits for the work until an interruption that applies, or until time is up; then its result is dropped. */
  #bounded<T>(options: RequestOptions, work: () => Promise<T>, timeoutMs?: number, late?: () => KtError): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const signals = [options.closing ? undefined : this.signal, options.signal].filter((signal) => signal !== undefined);
      const aborted = signals.find((signal) => signal.aborted);
      if (aborted) return reject(aborted.reason);
      const end = (settle: () => void) => {
        clearTimeout(timer);
        for (const release of releases) release();
        settle();
      };
      const timer = late && setTimeout(() => end(() => reject(late())), timeoutMs);
      const releases = signals.map((signal) => whenAborted(signal, () => end(() => reject(signal.reason))));
      work().then(
        (answer) => end(() => resolve(answer)),
        (error) => end(() => reject(error)),
      );
    });
  }
}

function unsupported(api: ApiName, broker: BrokerSockets): KtError {
  return new KtError('refused', `the broker at ${addressText(broker.address)} does not have ${api}`, {
    code: 'UNSUPPORTED_VERSION',
    hint: whatBrings(api),
  });
}
