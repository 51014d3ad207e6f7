/** Sockets of node:net, on every runtime: TCP, over TLS or through a proxy. */
import net from 'node:net';
import type { Route } from './route.ts';
import type { TlsSettings } from './settings.ts';
import { type BrokerSocket, pour, type SocketUser, type Way } from './socket.ts';

const isBun = 'bun' in process.versions;

/** As `openSocket`. */
export async function openNodeSocket(
  route: Route,
  security: TlsSettings | undefined,
  tunnel: net.Socket | undefined,
  user: SocketUser,
): Promise<BrokerSocket> {
  const way = tunnel ? { socket: tunnel } : { ...route.target, ...(!isBun && { onread: inPlace(user) }) };
  const socket = security
    ? (await import('./tls-socket.ts')).secureSocket(way, security, route, (secured) => user.connected(secured))
    : plainSocket(way, () => user.connected());
  // A runtime reads a socket that it did not open itself into memory of its own.
  if (isBun || tunnel) socket.on('data', (chunk: Buffer) => pour(chunk, user));
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 60_000);
  socket.on('error', (error) => user.lost(error));
  for (const event of ['end', 'close']) socket.once(event, () => user.lost(new Error('the server closed the connection')));
  return socket;
}

function plainSocket(way: Way, onConnect: () => void): net.Socket {
  if (!('socket' in way)) return net.connect(way, onConnect);
  queueMicrotask(onConnect);
  return way.socket;
}

/** Node reads straight into the room and emits no `data` event. */
function inPlace(receiver: SocketUser): net.OnReadOpts {
  return {
    buffer: () => receiver.room(),
    callback(count) {
      receiver.filled(count);
      return true;
    },
  };
}
