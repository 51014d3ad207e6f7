/** A cluster whose requests wait for their turn, and which remembers how each broker answered. */
import { isEnding, KtError } from '../../base/errors.ts';
import type { Cluster, Target } from '../../kafka/cluster.ts';
import { coordinatorFinder } from '../../kafka/coordinators.ts';
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
  /** Requests that only it can answer, and has not answered yet. */
  open: number;
  /** No request before this time of the clock: it does not answer. */
  nextTryAt: number;
  failures: number;
}

const firstBackoffMs = 1_000;
const longestBackoffMs = 15_000;
/** What brokers answer at once, so that its time tells about the broker. */
const measured: ReadonlySet<string> = new Set(['ListOffsets', 'ListGroups']);

/** Sends one request to a broker (undefined: to whichever the cluster chooses), and calls `onSend` when it goes out. */
type Ask<T> = (broker: number | undefined, onSend: () => void) => Promise<T>;

export class PacedCluster implements Cluster {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly #inner: Cluster;
  readonly #clock: Clock;
  readonly #pacing: Pacing;
  readonly #contacts = new Map<number, BrokerContact>();
  readonly #coordinators = coordinatorFinder(this);
  #known: readonly number[] = [];
  /** When requests went out before any broker was known. */
  #sentBefore: number[] = [];
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
    // The question who they are went to one of them, and again to the same or another one if that did not answer.
    for (const at of this.#sentBefore) this.#pacing.count(brokers, at);
    this.#sentBefore = [];
    this.#known = brokers;
  }

  /** Whether a broker may be asked now: it has answered what it was asked, and is not being left alone for a while. */
  isAskable(broker: number): boolean {
    const { open, nextTryAt } = this.contact(broker);
    return open === 0 && this.#clock.now() >= nextTryAt;
  }

  request: Cluster['request'] = async (api, body, target = 'any', options = {}) => {
    // Where brokers are is asked in turn, never on the way to one: kt top looks for itself when one was lost.
    const trusting = { ...options, trustsAddresses: true };
    // Records are read beside the limit: a fetch waits at the broker.
    if (api === 'Fetch') return this.#inner.request(api, body, target, trusting);
    const broker = brokerOf(target);
    const ask = (to: number | undefined, onSend: () => void) =>
      this.#inner.request(api, body, to === undefined ? target : { broker: to }, { ...trusting, onSend });
    if (broker === undefined) return target === 'any' ? this.#askAny(ask) : this.#askSomeone(ask);
    const contact = this.contact(broker);
    contact.open++;
    try {
      return await this.#askBroker(broker, ask, measured.has(api));
    } finally {
      contact.open--;
    }
  };

  metadata: Cluster['metadata'] = (topics, withOperations) =>
    this.#askAny((broker, onSend) => this.#inner.metadata(topics, withOperations, { broker, onSend }));

  cachedMetadata: Cluster['cachedMetadata'] = async (topics) => {
    if (this.#known.length === 0) return this.metadata(topics);
    const known = await this.#inner.cachedMetadata([]);
    const missing = topics.filter((topic) => !known.topics.has(topic));
    if (missing.length === 0) return known;
    await this.metadata(missing);
    return this.#inner.cachedMetadata([]);
  };

  coordinators: Cluster['coordinators'] = (keys, fresh = false, type = 'group') => this.#coordinators.find(type, keys, fresh);

  apiVersion: Cluster['apiVersion'] = (api, broker) => this.#inner.apiVersion(api, broker, { trustsAddresses: true });

  /** Connections too are made in turn, each when it is needed. */
  prepareFetch(): void {}

  close(): Promise<void> {
    return this.#inner.close();
  }

  /** Asks the broker that can answer soonest; where it is lost meanwhile, another one. */
  async #askAny<T>(ask: Ask<T>): Promise<T> {
    for (;;) {
      const broker = this.#soonest();
      if (broker === undefined) return this.#askSomeone(ask);
      try {
        return await this.#askBroker(broker, ask);
      } catch (error) {
        // A silent one has used up the time.
        if (!isLoss(error) || error.code === 'REQUEST_TIMED_OUT') throw error;
      }
    }
  }

  /** Of the brokers that answer, one that has least to do and whose turn comes first. */
  #soonest(): number | undefined {
    const able = this.#known
      .filter((id) => !this.contact(id).problem)
      .map((id) => ({ id, open: this.contact(id).open, at: this.#pacing.soonest(id) }));
    return able.sort((a, b) => a.open - b.open || a.at - b.at)[0]?.id;
  }

  /** Asks whom the cluster chooses, which is not known before: it counts for each of them. */
  async #askSomeone<T>(ask: Ask<T>): Promise<T> {
    const sent = await this.#pacing.turn(this.#known);
    try {
      return await ask(undefined, () => {
        sent();
        if (this.#known.length === 0) this.#sentBefore.push(this.#clock.now());
      });
    } finally {
      sent();
    }
  }

  async #askBroker<T>(broker: number, ask: Ask<T>, isMeasured = false): Promise<T> {
    const contact = this.contact(broker);
    const sent = await this.#pacing.turn([broker]);
    let sentAt = this.#clock.now();
    try {
      const answer = await ask(broker, () => {
        sent();
        sentAt = this.#clock.now();
      });
      if (isMeasured) contact.answerMs = this.#clock.now() - sentAt;
      Object.assign(contact, { problem: undefined, answeredAt: this.#clock.wall(), nextTryAt: 0, failures: 0 });
      return answer;
    } catch (error) {
      if (isLoss(error)) this.#lost(contact, error);
      throw error;
    } finally {
      sent();
    }
  }

  #lost(contact: BrokerContact, problem: KtError): void {
    this.doubted = true;
    const backoffMs = Math.min(firstBackoffMs * 2 ** contact.failures, longestBackoffMs);
    Object.assign(contact, { problem, failures: contact.failures + 1, nextTryAt: this.#clock.now() + backoffMs });
  }
}

/** Whether the broker was lost, rather than this run ended. */
function isLoss(error: unknown): error is KtError {
  return error instanceof KtError && error.kind === 'connection' && !isEnding(error);
}

function brokerOf(target: Target): number | undefined {
  return typeof target !== 'string' && 'broker' in target ? target.broker : undefined;
}
