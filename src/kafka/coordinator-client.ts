/** Requests to the coordinator of a group or a transactional id, sent again while it moves, loads, is busy or cannot be reached. */
import { KtError } from '../base/errors.ts';
import { pause } from '../base/pause.ts';
import type { Cluster } from './cluster.ts';
import { errorOf } from './wire/errors.ts';
import type { ApiName, RequestBodies, ResponseBodies } from './wire/generated/types.ts';

/** Whom to ask: a coordinator, or any broker (which hands out producer ids that belong to no transactional id). */
export type CoordinatorTarget = 'any' | { readonly group: string } | { readonly transactionalId: string };

export interface AskOptions<A extends ApiName> {
  /** The error codes in an answer. The first that passes with time has the request sent again. */
  codes(response: ResponseBodies[A]): Iterable<number>;
  /** Names of errors that pass with time besides the coordinator's own, or all that Kafka calls retriable. */
  readonly passing?: readonly string[] | 'retriable';
  /** Ends asking; its reason is what is thrown then. */
  readonly signal: AbortSignal;
  /** Asks although `signal` is aborted: for at most 3 s then, or for all of `giveUpMs`. */
  readonly closing?: 'briefly' | 'patiently';
  /** How long to keep asking after the first problem, in ms; default 30 s. */
  readonly giveUpMs?: number;
  /** How long the coordinator may hold its answer back, in ms. */
  readonly longPollMs?: number;
  readonly socket?: 'main' | 'fetch';
  readonly maxVersion?: number;
  /** Called when a connection was lost: the request may have been carried out. */
  onLost?(): void;
}

/** A body that depends on the version of the API is a function of it. */
type Body<A extends ApiName> = RequestBodies[A] | ((version: number) => RequestBodies[A]);

/** Long enough for a coordinator that crashed to be fenced (9 s) and its successor to load its partition. */
const defaultGiveUpMs = 30_000;
/** How long an interrupted command may still wait to say goodbye. */
export const closingMs = 3_000;
/** As Java's producer waits for the markers of the last transaction (CONCURRENT_TRANSACTIONS), which takes milliseconds. */
const firstPauseMs = 20;
const longestPauseMs = 1_000;

const coordinatorMoved: ReadonlySet<string> = new Set(['NOT_COORDINATOR', 'COORDINATOR_NOT_AVAILABLE']);
const coordinatorBusy: ReadonlySet<string> = new Set(['COORDINATOR_LOAD_IN_PROGRESS', 'CONCURRENT_TRANSACTIONS']);

export class CoordinatorClient {
  readonly #cluster: Cluster;
  readonly #target: CoordinatorTarget;
  readonly #refusal: (errorCode: number) => KtError;

  /** @param refusal the error for a code that did not pass in time */
  constructor(cluster: Cluster, target: CoordinatorTarget, refusal: (errorCode: number) => KtError) {
    this.#cluster = cluster;
    this.#target = target;
    this.#refusal = refusal;
  }

  /**
   * Resolves with the first answer without an error that passes with time; what other errors it holds is for the caller to judge.
   * Every request sent here may be repeated: coordinators recognise the member or producer, and answer the same again.
   * @throws KtError the last problem when time is up; anything but a lost connection at once
   */
  async ask<A extends ApiName>(api: A, body: Body<A>, options: AskOptions<A>): Promise<ResponseBodies[A]> {
    const { signal, closing, giveUpMs = defaultGiveUpMs, passing = [] } = options;
    // Counted from the first problem: a coordinator may rightly take minutes to answer JoinGroup.
    let firstProblemAt: number | undefined;
    let moved = false;
    for (let waitMs = firstPauseMs; ; waitMs = Math.min(waitMs * 2, longestPauseMs)) {
      const isBrief = closing === 'briefly' && signal.aborted;
      let problem: KtError;
      try {
        if (moved) await this.#locate(true);
        const response = await this.#request(api, body, options, isBrief);
        const code = [...options.codes(response)].find((one) => isPassing(one, passing));
        if (code === undefined) return response;
        moved = coordinatorMoved.has(errorOf(code).name);
        problem = this.#refusal(code);
      } catch (error) {
        if (!(error instanceof KtError) || error.kind !== 'connection') throw error;
        moved = true;
        problem = error;
        options.onLost?.();
      }
      firstProblemAt ??= performance.now();
      if (performance.now() - firstProblemAt + waitMs > (isBrief ? closingMs : giveUpMs)) throw problem;
      if (closing) await new Promise((resolve) => setTimeout(resolve, waitMs));
      else await pause(waitMs, signal);
    }
  }

  async #request<A extends ApiName>(
    api: A,
    body: Body<A>,
    { signal, closing, longPollMs, socket, maxVersion }: AskOptions<A>,
    isBrief: boolean,
  ): Promise<ResponseBodies[A]> {
    return this.#cluster.request(api, typeof body === 'function' ? body(await this.#version(api)) : body, this.#target, {
      ...(longPollMs !== undefined && { longPollMs }),
      ...(isBrief && { timeoutMs: closingMs }),
      ...(socket !== undefined && { socket }),
      ...(maxVersion !== undefined && { maxVersion }),
      ...(closing ? { closing: true } : { signal }),
    });
  }

  /** The newest version of an API that kt shares with the broker it asks. */
  async #version(api: ApiName): Promise<number> {
    return this.#cluster.apiVersion(api, await this.#locate(false));
  }

  /** The coordinator's broker id; undefined where any broker will do. */
  async #locate(fresh: boolean): Promise<number | undefined> {
    if (this.#target === 'any') return undefined;
    const [key, type] =
      'group' in this.#target
        ? ([this.#target.group, 'group'] as const)
        : ([this.#target.transactionalId, 'transaction'] as const);
    return (await this.#cluster.coordinators([key], fresh, type)).get(key);
  }
}

function isPassing(code: number, passing: readonly string[] | 'retriable'): boolean {
  const { name, retriable } = errorOf(code);
  if (coordinatorMoved.has(name) || coordinatorBusy.has(name)) return true;
  return passing === 'retriable' ? retriable : passing.includes(name);
}
