/** Whether a host can be reached at all: what its name stands for, and which of its addresses take a connection. */
import { lookup } from 'node:dns/promises';
import net from 'node:net';
import type { KtError } from '../../../base/errors.ts';
import { connectionError, noAnswer } from '../errors.ts';
import { proxyError, silentProxy } from '../proxy-errors.ts';
import { type ProxiedRoute, type Route, routeTo } from '../route.ts';
import type { ClusterSettings, HostPort } from '../settings.ts';
import { timeLimited } from './time-limited.ts';

/** The first hop to a server: the server itself, where it is mapped to, or the proxy before it. */
export interface Hop {
  readonly at: HostPort;
  readonly route: Route;
}

/** One address of a host, and whether it takes connections. */
export interface Dialled {
  readonly address: string;
  /** Until it connected or failed. */
  readonly ms: number;
  /** Why it takes none. */
  readonly error?: KtError;
  /** The system's code of the error: `ENETUNREACH`. */
  readonly code?: string | undefined;
}

/** Where kt's socket goes first for a server. */
export function firstHop(settings: ClusterSettings, server: HostPort): Hop {
  const route = routeTo(settings, server);
  return { at: route.proxy ?? route.target, route };
}

/**
 * Every address of the host, of both families, in the order in which the system would try them.
 * @throws KtError `connection` for a name that stands for nothing, or whose look-up takes longer than the timeout
 */
export async function addressesOf(hop: Hop, settings: ClusterSettings, signal: AbortSignal): Promise<readonly string[]> {
  const late = () => Object.assign(new Error('no answer'), { code: 'EAI_AGAIN' });
  try {
    const found = await timeLimited(lookup(hop.at.host, { all: true }), settings.timeoutMs, signal, late);
    return [...new Set(found.map(({ address }) => address))];
  } catch (error) {
    if (signal.aborted) throw error;
    throw hopError(error, hop, settings);
  }
}

/** Connects to one address, and hangs up. @throws only the reason of the signal */
export async function dialAddress(address: string, hop: Hop, settings: ClusterSettings, signal: AbortSignal): Promise<Dialled> {
  const { timeoutMs } = settings;
  const startedAt = performance.now();
  const socket = net.connect({ host: address, port: hop.at.port });
  const connecting = new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.on('error', reject);
  });
  const late = () => silentProxy(hop.route, timeoutMs, true) ?? noAnswer(hop.route.advertised, settings, true);
  try {
    await timeLimited(connecting, timeoutMs, signal, late);
    return { address, ms: performance.now() - startedAt };
  } catch (error) {
    if (signal.aborted) throw error;
    const { code } = error as NodeJS.ErrnoException;
    return { address, ms: performance.now() - startedAt, error: hopError(error, hop, settings), code };
  } finally {
    socket.destroy();
  }
}

function hopError(error: unknown, { route }: Hop, settings: ClusterSettings): KtError {
  const known = route.proxy ? proxyError(error, route as ProxiedRoute) : undefined;
  return connectionError(known ?? error, route.advertised, settings);
}
