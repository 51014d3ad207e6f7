/** The first connection: bootstrap servers are tried one after another, and race each other, within one deadline. */
import { KtError } from '../../base/errors.ts';
import { whenAborted } from '../../base/pause.ts';
import type { BrokerSockets, OpenBroker, OpenOptions } from './broker.ts';
import type { HostPort } from './settings.ts';

/** If a server has not answered by then, the next one is tried too; the first may still win. */
const headStartMs = 300;

/** Refusals that every server would repeat: trying the next could lock the user out. */
const final: ReadonlySet<string | undefined> = new Set([
  'SASL_AUTHENTICATION_FAILED',
  'PROXY_AUTHENTICATION_FAILED',
  'NO_TOKEN',
  'NO_TICKET',
]);

/** Whether the next server is not to be tried after this. */
export function isFinal({ code }: KtError): boolean {
  return final.has(code);
}

const late = new Error('another bootstrap server was faster');

/**
 * Opens the servers in order, each when the one before has failed or been silent for 300 ms. The first to answer wins, the others are
 * dropped. A refused user ends it, and so does a missing token or ticket.
 * @throws KtError `connection` with every server's reason
 */
export async function bootstrap(
  servers: readonly HostPort[],
  open: OpenBroker,
  { signal, timeoutMs, along }: OpenOptions,
): Promise<BrokerSockets> {
  const deadline = performance.now() + timeoutMs;
  const losers = new AbortController();
  if (signal.aborted) throw signal.reason;
  const release = whenAborted(signal, () => losers.abort(signal.reason));
  const failures: KtError[] = [];
  const running = new Set<Promise<BrokerSockets | KtError>>();
  const opened = new Set<BrokerSockets>();
  let timer: NodeJS.Timeout | undefined;

  const start = (server: HostPort) => {
    const left = Math.max(1, deadline - performance.now());
    const attempt = open(server, { signal: losers.signal, timeoutMs: left, along }).then(
      (sockets) => {
        if (losers.signal.aborted) sockets.drop(losers.signal.reason);
        else opened.add(sockets);
        return sockets;
      },
      (error: unknown) => {
        if (error instanceof KtError) return error;
        throw error;
      },
    );
    running.add(attempt);
    attempt.finally(() => running.delete(attempt)).catch(() => {});
  };
  const silence = () =>
    new Promise<undefined>((resolve) => {
      clearTimeout(timer);
      timer = setTimeout(resolve, headStartMs, undefined);
    });

  try {
    for (const [index, server] of servers.entries()) {
      start(server);
      const isLast = index === servers.length - 1;
      while (running.size > 0) {
        const winner = await Promise.race(isLast ? running : [...running, silence()]);
        if (signal.aborted) throw signal.reason;
        if (winner === undefined) break;
        if (!(winner instanceof KtError)) {
          opened.delete(winner);
          return winner;
        }
        if (isFinal(winner)) throw winner;
        failures.push(winner);
        if (!isLast) break;
      }
    }
  } finally {
    clearTimeout(timer);
    release();
    losers.abort(late);
    for (const sockets of opened) sockets.drop(late);
  }
  throw failures.length === 1 ? failures[0] : noneAnswered(failures);
}

function noneAnswered(failures: readonly KtError[]): KtError {
  const reasons = failures.map((failure) => failure.message.replace(/^no connection to (.*?) \((.*)\)$/s, '$1: $2'));
  return new KtError('connection', `no bootstrap server answered (${reasons.join('; ')})`, {
    code: failures[0]?.code,
    hint: failures[0]?.hint,
    cause: failures[0],
  });
}
