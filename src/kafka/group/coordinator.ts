/** Requests to a group's coordinator, asked again while it moves, loads or cannot be reached. */
import { KtError } from '../../base/errors.ts';
import { pause } from '../../base/pause.ts';
import type { Cluster } from '../cluster.ts';
import { errorOf } from '../wire/errors.ts';
import type { ApiName, RequestBodies, ResponseBodies } from '../wire/generated/types.ts';
import { groupRefusal } from './refusal.ts';

const firstPauseMs = 100;
const longestPauseMs = 1_000;
/** Long enough for a coordinator that crashed to be fenced (9 s) and its successor to load the group. */
const patienceMs = 30_000;
/** How long the last words of an interrupted member may take. */
export const closingMs = 3_000;

export interface Asking<A extends ApiName> {
  /** The error codes in an answer, to find the one that makes it worth asking again. */
  codes(response: ResponseBodies[A]): Iterable<number>;
  /** Names of errors that pass with time, besides the coordinator's own. */
  readonly passing?: readonly string[];
  /** Ends asking. */
  readonly signal: AbortSignal;
  /** Asks even though `signal` is aborted, with at most `closingMs` of patience then. */
  readonly closing?: boolean;
  /** How long to go on asking; default 30 s. */
  readonly giveUpMs?: number;
  /** How long the coordinator may hold the answer back by itself. */
  readonly longPollMs?: number;
  readonly socket?: 'main' | 'fetch';
  readonly maxVersion?: number;
}

type Body<A extends ApiName> = RequestBodies[A] | ((version: number) => RequestBodies[A]);

/** One group's coordinator. */
export class GroupCoordinator {
  readonly #cluster: Cluster;
  readonly #group: string;

  constructor(cluster: Cluster, group: string) {
    this.#cluster = cluster;
    this.#group = group;
  }

  /**
   * Resolves with an answer that holds none of the passing errors. Every request of the group protocol may be repeated: the
   * coordinator knows the member by its id and tells it the same again. A body that depends on the API's version is a function of it.
   * @throws KtError the last problem when time is up; whatever is not a lost connection at once
   */
  async ask<A extends ApiName>(api: A, body: Body<A>, asking: Asking<A>): Promise<ResponseBodies[A]> {
    const { signal, closing = false, giveUpMs = patienceMs, passing = [] } = asking;
    // Counted from the first problem on: joining a group may rightly take minutes before that.
    let troubledSince: number | undefined;
    let moved = false;
    for (let waitMs = firstPauseMs; ; waitMs = Math.min(waitMs * 2, longestPauseMs)) {
      const late = closing && signal.aborted;
      let problem: KtError;
      try {
        if (moved) await this.#cluster.coordinators([this.#group], true);
        const response = await this.#cluster.request(
          api,
          typeof body === 'function' ? body(await this.#version(api)) : body,
          { group: this.#group },
          {
            ...(asking.longPollMs !== undefined && { longPollMs: asking.longPollMs }),
            ...(late && { timeoutMs: closingMs }),
            ...(asking.socket !== undefined && { socket: asking.socket }),
            ...(asking.maxVersion !== undefined && { maxVersion: asking.maxVersion }),
            ...(closing ? { closing } : { signal }),
          },
        );
        const code = [...asking.codes(response)].find((one) => isPassing(one, passing));
        if (code === undefined) return response;
        moved = coordinatorMoved.has(errorOf(code).name);
        problem = groupRefusal(code, this.#group);
      } catch (error) {
        if (!(error instanceof KtError) || error.kind !== 'connection') throw error;
        moved = true;
        problem = error;
      }
      troubledSince ??= performance.now();
      if (performance.now() - troubledSince + waitMs > (late ? closingMs : giveUpMs)) throw problem;
      if (closing) await new Promise((resolve) => setTimeout(resolve, waitMs));
      else await pause(waitMs, signal);
    }
  }

  /** The newest version of an API that the coordinator and kt share. */
  async #version(api: ApiName): Promise<number> {
    const coordinators = await this.#cluster.coordinators([this.#group]);
    return this.#cluster.apiVersion(api, coordinators.get(this.#group));
  }
}

const coordinatorMoved: ReadonlySet<string> = new Set(['NOT_COORDINATOR', 'COORDINATOR_NOT_AVAILABLE']);

function isPassing(code: number, passing: readonly string[]): boolean {
  const { name } = errorOf(code);
  return coordinatorMoved.has(name) || name === 'COORDINATOR_LOAD_IN_PROGRESS' || passing.includes(name);
}
