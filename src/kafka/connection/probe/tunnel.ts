/** What a proxy answers when it is asked to connect to a server. */
import type { Socket } from 'node:net';
import { silentProxy } from '../proxy-errors.ts';
import type { ProxiedRoute, Route } from '../route.ts';
import { timeLimited } from './time-limited.ts';

/**
 * A socket that the route's proxy has connected to the target; undefined where the route has no proxy.
 * @throws KtError `connection` which names proxy and target; the reason of the signal
 */
export async function tunnelTo(route: Route, timeoutMs: number, signal: AbortSignal): Promise<Socket | undefined> {
  if (!route.proxy) return undefined;
  const { openTunnel } = await import('../proxy.ts');
  let opening: Socket | undefined;
  const opened = openTunnel(route as ProxiedRoute, timeoutMs, (socket) => {
    opening = socket;
  });
  try {
    return await timeLimited(opened, timeoutMs, signal, () => silentProxy(route, timeoutMs, opening?.connecting ?? true)!);
  } catch (error) {
    opening?.destroy();
    throw error;
  }
}
