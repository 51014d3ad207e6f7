/** A cluster whose requests wait for their turn, and which remembers how each broker answered. */
import { isEnding, KtError } from '../../base/errors.ts';
import type { Cluster, Target } from '../../kafka/cluster.ts';
import type { Clock } from './clock.ts';
import { Pacing } from './pacing.ts';

/** How a broker answers. */
export interface BrokerContact {
  /** How long its last answer took, in ms; null before the first. */
  answerMs: number | null;
  /** Why it does not answer; undefined while it does. */
  problem: KtError | undefined;
  /** Epoch ms of its last answer; null before the first. */
  answeredAt: number | null;
  /** Requests that it has not answered yet. */
  open: number;
  /** No request before this time of the clock: it does not answer. */
  nextTryAt: number;
  failures: number;
}

const firstBackoffMs = 1_000;
const longestBackoffMs = 15_000;
/** What brokers answer at once, so that its time tells about the broker. */
const measured: ReadonlySet<string> = new Set(['ListOffsets', 'ListGroups', 'Metadata']);

export class PacedCluster implements Cluster {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly #inner: Cluster;
  readonly #clock: Clock;
  readonly #pacing: Pacing;
  readonly #contacts = new Map<number, BrokerContact>();
  #known: readonly number[] = [];
  #firstAskedAt = 0;
  /** Set when a broker was lost: who leads what may have changed. */
  doubted = false;

  constructor(inner: Cluster, clock: Clock) {
    this.#inner = inner;
    this.#clock = clock;
    this.timeoutMs = inner.timeoutMs;
    this.signal = inner.signal;
    this.#pacing = new Pacing(clock, inner.signal);
  }

  /** Requests per second: in all, and to the busiest broker. */
  rates(): ReturnType<Pacing['rates']> {
    return this.#pacing.rates();
  }

  contact(broker: number): BrokerContact {
    let contact = this.#contacts.get(broker);
    if (!contact) {
      contact = { answerMs: null, problem: undefined, answeredAt: null, open: 0, nextTryAt: 0, failures: 0 };
      this.#contacts.set(broker, contact);
    }
    return contact;
  }

  /** Names the brokers there are. */
  know(brokers: readonly number[]): void {
    // The question who they are went to one of them.
    if (this.#known.length === 0) this.#pacing.count(brokers, this.#firstAskedAt);
    this.#known = brokers;
  }

  /** Whether a broker may be asked now: it has answered what it was asked, and is not being left alone for a while. */
  isAskable(broker: number): boolean {
    const { open, nextTryAt } = this.contact(broker);
    return open === 0 && this.#clock.now() >= nextTryAt;
  }

  request: Cluster['request'] = async (api, body, target = 'any', options = {}) => {
    // Records are read beside the limit: a fetch waits at the broker.
    if (api === 'Fetch') return this.#inner.request(api, body, target, options);
    const broker = brokerOf(target);
    if (broker === undefined) {
      // It counts for each of them: which one gets it is not known before.
      (await this.#pacing.turn(this.#known))();
      return this.#inner.request(api, body, target, options);
    }
    const contact = this.contact(broker);
    contact.open++;
    let sent: (() => void) | undefined;
    try {
      sent = await this.#pacing.turn([broker]);
      let sentAt = this.#clock.now();
      const onSend = () => {
        sent?.();
        sentAt = this.#clock.now();
      };
      // Where brokers are is asked here, in turn: kt top looks for itself when one was lost.
      const answer = await this.#inner.request(api, body, target, { ...options, onSend, trustsAddresses: true });
      if (measured.has(api)) contact.answerMs = this.#clock.now() - sentAt;
      Object.assign(contact, { problem: undefined, answeredAt: this.#clock.wall(), nextTryAt: 0, failures: 0 });
      return answer;
    } catch (error) {
      if (error instanceof KtError && error.kind === 'connection' && !isEnding(error)) this.#lost(contact, error);
      throw error;
    } finally {
      sent?.();
      contact.open--;
    }
  };

  metadata: Cluster['metadata'] = async (topics, withOperations) => {
    (await this.#pacing.turn(this.#known))();
    if (this.#known.length === 0) this.#firstAskedAt = this.#clock.now();
    return this.#inner.metadata(topics, withOperations);
  };

  cachedMetadata: Cluster['cachedMetadata'] = (topics) => this.#inner.cachedMetadata(topics);

  coordinators: Cluster['coordinators'] = async (keys, fresh, type) => {
    (await this.#pacing.turn(this.#known))();
    return this.#inner.coordinators(keys, fresh, type);
  };

  apiVersion: Cluster['apiVersion'] = (api, broker) => this.#inner.apiVersion(api, broker);

  close(): Promise<void> {
    return this.#inner.close();
  }

  #lost(contact: BrokerContact, problem: KtError): void {
    this.doubted = true;
    const backoffMs = Math.min(firstBackoffMs * 2 ** contact.failures, longestBackoffMs);
    Object.assign(contact, { problem, failures: contact.failures + 1, nextTryAt: this.#clock.now() + backoffMs });
  }
}

function brokerOf(target: Target): number | undefined {
  return typeof target !== 'string' && 'broker' in target ? target.broker : undefined;
}
