/** Opens the TCP or TLS socket under a connection. */
import type { Socket } from 'node:net';
import { type BunTcp, openBunSocket } from './bun-socket.ts';
import type { Route } from './route.ts';
import type { TlsSettings } from './settings.ts';
import type { BrokerSocket, SocketUser } from './socket.ts';

/**
 * Starts to connect to a route's target. The certificate is checked against the advertised name.
 * @param tunnel what a proxy has already connected to the target
 */
export async function openSocket(
  route: Route,
  security: TlsSettings | undefined,
  tunnel: Socket | undefined,
  user: SocketUser,
): Promise<BrokerSocket> {
  const bun = (globalThis as { Bun?: BunTcp }).Bun;
  const ofNode = async () => (await import('./node-socket.ts')).openNodeSocket(route, security, tunnel, user);
  return bun && !security && !tunnel ? openBunSocket(bun, route.target, user, ofNode) : ofNode();
}
