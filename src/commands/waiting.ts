/** Commands that wait: what is told meanwhile, and a cluster that cannot be reached yet. */
import { KtError } from '../base/errors.ts';
import { pause } from '../base/pause.ts';
import { tlsFailure } from '../base/tls-failure.ts';
import { formatDuration } from '../base/units.ts';
import type { Context } from '../context.ts';
import type { Cluster } from '../kafka/cluster.ts';

/** How often is said what is still waited for, where no terminal shows it all the time: CI stops jobs that are silent for long. */
const tellEveryMs = 10_000;
const retryMs = 1_000;

/** Tells how a wait goes: all the time on a terminal, else a line every ten seconds. */
export class Waiting {
  readonly #context: Context;
  readonly #what: string;
  readonly #line: ReturnType<Context['progress']>;
  #told = performance.now();

  /** @param what is done: `waiting` */
  constructor(context: Context, what: string) {
    this.#context = context;
    this.#what = what;
    this.#line = context.progress(what);
  }

  /** @param leftMs until it is given up @param problem what is still in the way */
  look(leftMs: number, problem: KtError | undefined): void {
    const left = `${formatDuration(Math.max(0, Math.ceil(leftMs / 1000)) * 1000)} left`;
    const why = problem ? `: ${problem.message}` : '';
    this.#line.update(`${left}${why}`);
    const now = performance.now();
    if (this.#context.terminal.stderr || now - this.#told < tellEveryMs) return;
    this.#told = now;
    this.#context.note(`${this.#what}, ${left}${why}`);
  }

  stop(): void {
    this.#line.stop();
  }
}

/**
 * The cluster, as soon as it can be reached.
 * @param deadline on the clock of `performance.now()`
 * @throws KtError `connection` when it could not be reached by then, and at once for what waiting does not cure
 */
export async function clusterWithin(context: Context, deadline: number, waiting: Waiting): Promise<Cluster> {
  for (;;) {
    try {
      return await context.cluster();
    } catch (error) {
      const left = deadline - performance.now();
      if (!(error instanceof KtError) || error.kind !== 'connection' || isForGood(error) || left <= 0) throw error;
      waiting.look(left, error);
      await pause(Math.min(retryMs, left), context.signal);
      context.signal.throwIfAborted();
    }
  }
}

/** A wrong password, certificate or listener stays wrong. */
function isForGood({ message, code = '' }: KtError): boolean {
  return tlsFailure(message, code) !== undefined || /AUTHENTICATION|SASL|SSL|TLS|UNSUPPORTED/i.test(code);
}
