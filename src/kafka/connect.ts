/** Settings → a connected Cluster: finds a bootstrap server that answers, keeps one handle per broker, routes each request. */
import { KtError } from '../errors.ts';
import type { BrokerNode, Cluster, ClusterMetadata, RequestOptions, Target } from './cluster.ts';
import { addressText } from './connection/address.ts';
import { bootstrap } from './connection/bootstrap.ts';
import { timedOut } from './connection/errors.ts';
import { type BrokerSockets, kafkaJsBrokers, type OpenBroker } from './connection/kafkajs.ts';
import { coordinatorFinder } from './coordinators.ts';
import { metadataOf } from './metadata.ts';
import type { ClusterSettings, HostPort } from './settings.ts';
import { decodeFrame, encodeFrame } from './wire/frame.ts';
import type { ApiName, RequestBodies, ResponseBodies } from './wire/generated/types.ts';
import { apiKeyOf, negotiate } from './wire/versions.ts';

export interface ConnectOptions {
  /** Ends connecting and every request; its reason is what they reject with. */
  readonly signal: AbortSignal;
  /** Told of each answered request, for `-v`. */
  readonly trace?: ((line: string) => void) | undefined;
}

/** The controller id of a cluster that has none at the moment. */
const noBroker = -1;

/**
 * Connects to the first bootstrap server that answers, within the settings' timeout for all of them.
 * @throws KtError `connection` naming each server and why it did not
 */
export async function connect(settings: ClusterSettings, options: ConnectOptions): Promise<Cluster> {
  const open = kafkaJsBrokers(settings);
  const first = await bootstrap(settings, open, options.signal);
  return new ConnectedCluster(settings, open, first, options);
}

class ConnectedCluster implements Cluster {
  readonly signal: AbortSignal;
  readonly #settings: ClusterSettings;
  readonly #open: OpenBroker;
  readonly #trace: ConnectOptions['trace'];
  /** The bootstrap connection; also the broker's own once metadata tells whose address it is. */
  #seed: BrokerSockets;
  readonly #opened = new Map<number, BrokerSockets>();
  readonly #opening = new Map<number, Promise<BrokerSockets>>();
  #metadata: ClusterMetadata | undefined;
  readonly #coordinators = coordinatorFinder(this);
  #closed: KtError | undefined;

  constructor(settings: ClusterSettings, open: OpenBroker, seed: BrokerSockets, options: ConnectOptions) {
    this.#settings = settings;
    this.#open = open;
    this.#seed = seed;
    this.signal = options.signal;
    this.#trace = options.trace;
  }

  get timeoutMs(): number {
    return this.#settings.timeoutMs;
  }

  async request<A extends ApiName>(
    api: A,
    body: RequestBodies[A],
    target: Target = 'any',
    options: RequestOptions = {},
  ): Promise<ResponseBodies[A]> {
    const broker = await this.#brokerFor(target);
    const version = negotiate(api, broker.versions, options.maxVersion);
    if (version === undefined) throw unsupported(api, broker);
    const startedAt = performance.now();
    const expectResponse = api !== 'Produce' || (body as RequestBodies['Produce']).acks !== 0;
    const answer = await this.#bounded(broker, api, options, () =>
      broker.exchange(options.socket ?? (api === 'Fetch' ? 'fetch' : 'main'), {
        apiKey: apiKeyOf(api),
        apiName: api,
        apiVersion: version,
        expectResponse,
        frame: (correlationId) => encodeFrame({ api, version, correlationId, clientId: this.#settings.clientId, body }),
      }),
    );
    this.#trace?.(`${api} v${version} → ${addressText(broker.address)} ${(performance.now() - startedAt).toFixed(1)} ms`);
    if (answer === null) return {} as ResponseBodies[A];
    return decodeFrame(api, version, answer);
  }

  async metadata(topics: readonly string[] | 'all'): Promise<ClusterMetadata> {
    const response = await this.request('Metadata', {
      topics: topics === 'all' ? null : topics.map((name) => ({ name })),
      allowAutoTopicCreation: false,
    });
    const fresh = metadataOf(response);
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

  coordinators(groups: readonly string[], fresh = false): Promise<ReadonlyMap<string, number>> {
    return this.#coordinators.find('group', groups, fresh);
  }

  async apiVersion(api: ApiName, broker?: number): Promise<number> {
    const sockets = await this.#brokerFor(broker === undefined ? 'any' : { broker });
    return negotiate(api, sockets.versions) ?? -1;
  }

  async close(): Promise<void> {
    this.#closed = new KtError('connection', 'the connection was closed');
    this.#seed.destroy(this.#closed);
    for (const sockets of this.#opened.values()) sockets.destroy(this.#closed);
  }

  async #brokerFor(target: Target): Promise<BrokerSockets> {
    if (this.#closed) throw this.#closed;
    if (target === 'any') return this.#anyBroker();
    if (target === 'controller') {
      const { controllerId } = this.#metadata ?? (await this.metadata([]));
      return controllerId === noBroker ? this.#anyBroker() : this.#broker(controllerId);
    }
    if ('broker' in target) return this.#broker(target.broker);
    const key = 'group' in target ? target.group : target.transactionalId;
    const found = await this.#coordinators.find('group' in target ? 'group' : 'transaction', [key], false);
    return this.#broker(found.get(key)!);
  }

  /** A connection that is open, or else a new one: to the known brokers first, then to the bootstrap servers. */
  async #anyBroker(): Promise<BrokerSockets> {
    if (this.#seed.isOpen()) return this.#seed;
    for (const sockets of this.#opened.values()) if (sockets.isOpen()) return sockets;
    const known = (this.#metadata?.brokers ?? []).map(({ host, port }) => ({ host, port }));
    this.#seed = await bootstrap(
      { ...this.#settings, bootstrapServers: [...this.#settings.bootstrapServers, ...known] },
      this.#open,
      this.signal,
    );
    return this.#seed;
  }

  async #broker(id: number): Promise<BrokerSockets> {
    const opened = this.#opened.get(id);
    if (opened?.isOpen()) return opened;
    let opening = this.#opening.get(id);
    if (!opening) {
      opening = this.#openNode(id).finally(() => this.#opening.delete(id));
      this.#opening.set(id, opening);
    }
    return opening;
  }

  async #openNode(id: number): Promise<BrokerSockets> {
    const node = await this.#node(id);
    const isSeed = this.#seed.isOpen() && addressText(this.#seed.address) === addressText(node);
    const sockets = isSeed ? this.#seed : await this.#openWithin(node);
    if (this.#closed) sockets.destroy(this.#closed);
    this.#opened.set(id, sockets);
    return sockets;
  }

  async #node(id: number): Promise<BrokerNode> {
    const find = (metadata: ClusterMetadata | undefined) => metadata?.brokers.find((broker) => broker.id === id);
    const node = find(this.#metadata) ?? find(await this.metadata([]));
    if (node) return node;
    throw new KtError('connection', `broker ${id} is not in the cluster at the moment`, {
      code: 'BROKER_NOT_AVAILABLE',
      hint: 'is it down? kt -v topics list shows what the cluster answers',
    });
  }

  #openWithin({ host, port }: HostPort): Promise<BrokerSockets> {
    const deadline = AbortSignal.any([this.signal, AbortSignal.timeout(this.#settings.timeoutMs)]);
    return this.#open({ host, port }, deadline).catch((error: unknown) => {
      if (this.signal.aborted) throw this.signal.reason;
      throw deadline.aborted ? timedOut('connection', { host, port }, this.#settings.timeoutMs) : error;
    });
  }

  #forgetMovedBrokers(brokers: readonly BrokerNode[]): void {
    for (const [id, sockets] of this.#opened) {
      const node = brokers.find((broker) => broker.id === id);
      const moved = node && sockets !== this.#seed && addressText(node) !== addressText(sockets.address);
      if (moved) {
        sockets.destroy(new KtError('connection', `broker ${id} moved to ${addressText(node)}`));
        this.#opened.delete(id);
      }
    }
  }

  /** Waits for an answer no longer than asked; a broker that stays mute loses its connection, for what comes later on it is unknown. */
  async #bounded<T>(broker: BrokerSockets, api: ApiName, options: RequestOptions, work: () => Promise<T>): Promise<T> {
    const timeoutMs = (options.timeoutMs ?? this.#settings.timeoutMs) + (options.longPollMs ?? 0);
    return new Promise<T>((resolve, reject) => {
      const signals = [options.closing ? undefined : this.signal, options.signal].filter((signal) => signal !== undefined);
      const end = (error: unknown) => {
        release();
        reject(error);
      };
      const onAbort = () => end(signals.find((signal) => signal.aborted)?.reason);
      const timer = setTimeout(() => {
        const late = timedOut(`answer to ${api}`, broker.address, timeoutMs);
        broker.destroy(late);
        end(late);
      }, timeoutMs);
      const release = () => {
        clearTimeout(timer);
        for (const signal of signals) signal.removeEventListener('abort', onAbort);
      };
      for (const signal of signals) signal.addEventListener('abort', onAbort);
      if (signals.some((signal) => signal.aborted)) return onAbort();
      work().then((answer) => {
        release();
        resolve(answer);
      }, end);
    });
  }
}

function unsupported(api: ApiName, broker: BrokerSockets): KtError {
  return new KtError('refused', `the broker at ${addressText(broker.address)} does not have ${api}`, {
    code: 'UNSUPPORTED_VERSION',
    hint: 'it is too old (or too new) for this; kt works with Kafka 2.1 and newer',
  });
}
