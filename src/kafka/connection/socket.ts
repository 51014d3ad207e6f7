/** The TCP or TLS socket under a connection. */
import net from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Route } from './route.ts';
import type { TlsSettings } from './settings.ts';

const isBun = 'bun' in process.versions;
const worthFreeing = 16_384;

/** Takes what a socket reads: it writes bytes into the room, then says how many. */
interface Receiver {
  /** Where the next bytes go, at least one; asked for before each read. */
  room(): Buffer;
  filled(count: number): void;
}

/** Who uses a socket. */
export interface SocketUser extends Receiver {
  /** It is connected, the TLS handshake included. @param secured absent without TLS */
  connected(secured?: TLSSocket): void;
  /** The server has ended the connection, or there never was one. May be called more than once. */
  lost(error: unknown): void;
}

/** What a connection needs of a socket. */
export interface BrokerSocket {
  readonly connecting: boolean;
  /** The bytes must not change until `done` is called. */
  write(bytes: Buffer, done?: (error?: Error | null) => void): unknown;
  destroy(reason?: Error): unknown;
}

/**
 * Starts to connect to a route's target. The certificate is checked against the advertised name.
 * @param tunnel what a proxy has already connected to the target
 */
export async function openSocket(
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

export type Way = net.TcpNetConnectOpts | { readonly socket: net.Socket };

function plainSocket(way: Way, onConnect: () => void): net.Socket {
  if (!('socket' in way)) return net.connect(way, onConnect);
  queueMicrotask(onConnect);
  return way.socket;
}

/** Node reads straight into the room and emits no `data` event. */
function inPlace(receiver: Receiver): net.OnReadOpts {
  return {
    buffer: () => receiver.room(),
    callback(count) {
      receiver.filled(count);
      return true;
    },
  };
}

/**
 * Bun allocates a buffer for each chunk, however it is asked. Large ones are freed here rather than by the garbage collector: the next
 * chunk then gets the same memory, which is in the processor's cache and which the kernel need not clear.
 */
function pour(chunk: Buffer, receiver: Receiver): void {
  for (let at = 0; at < chunk.length; ) {
    const count = chunk.copy(receiver.room(), 0, at);
    receiver.filled(count);
    at += count;
  }
  const memory = chunk.buffer as ArrayBuffer & { transfer(size: number): ArrayBuffer };
  if (isBun && chunk.length === memory.byteLength && chunk.length >= worthFreeing) memory.transfer(0);
}
