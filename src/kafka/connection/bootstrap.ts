/** The first connection: several bootstrap servers follow and race each other within one deadline. */
import { KtError } from '../../errors.ts';
import type { ClusterSettings, HostPort } from '../settings.ts';
import { timedOut } from './errors.ts';
import type { BrokerSockets, OpenBroker } from './kafkajs.ts';

/** A server that has not answered by then gets company; it may still win. */
const headStartMs = 300;

/**
 * Opens the servers in order: the next starts when the one before failed, or was silent for 300 ms. The first to answer wins, the rest
 * are dropped. A refused user is final: the other servers would say the same, and trying them can lock the user out.
 * @throws KtError `connection` with every server's reason
 */
export async function bootstrap(settings: ClusterSettings, open: OpenBroker, signal: AbortSignal): Promise<BrokerSockets> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(settings.timeoutMs)]);
  const losers = new AbortController();
  const until = AbortSignal.any([deadline, losers.signal]);
  const failures: KtError[] = [];
  const running = new Set<Promise<BrokerSockets | KtError>>();

  const start = (server: HostPort) => {
    const attempt: Promise<BrokerSockets | KtError> = open(server, until).then(
      (sockets) => {
        if (losers.signal.aborted) sockets.destroy(losers.signal.reason);
        return sockets;
      },
      (error: unknown) => {
        if (error instanceof KtError) return error;
        return timedOut('connection', server, settings.timeoutMs);
      },
    );
    running.add(attempt);
    attempt.finally(() => running.delete(attempt)).catch(() => {});
  };

  try {
    for (const server of settings.bootstrapServers) {
      start(server);
      const isLast = server === settings.bootstrapServers.at(-1);
      while (running.size > 0) {
        const winner = await Promise.race(isLast ? running : [...running, silence()]);
        if (signal.aborted) throw signal.reason;
        if (winner === undefined) break;
        if (!(winner instanceof KtError)) return winner;
        if (winner.code === 'SASL_AUTHENTICATION_FAILED') throw winner;
        failures.push(winner);
        if (!isLast) break;
      }
    }
  } finally {
    losers.abort(new Error('another bootstrap server was faster'));
  }
  throw failures.length === 1 ? failures[0] : noneAnswered(failures);
}

function silence(): Promise<undefined> {
  return new Promise((resolve) => {
    setTimeout(resolve, headStartMs, undefined).unref();
  });
}

function noneAnswered(failures: readonly KtError[]): KtError {
  const reasons = failures.map((failure) => failure.message.replace(/^no connection to (\S+) \((.*)\)$/s, '$1: $2'));
  return new KtError('connection', `no bootstrap server answered (${reasons.join('; ')})`, {
    code: failures[0]?.code,
    hint: failures[0]?.hint,
    cause: failures[0],
  });
}
