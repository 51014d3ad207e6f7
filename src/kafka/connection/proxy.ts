/** A connection through a proxy, SOCKS5 or HTTP, up to where the target's own bytes begin. Loaded only when a proxy is set. */
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { SocksClient } from 'socks';
import { addressText } from './address.ts';
import { ProxyRefusal, proxyError } from './proxy-errors.ts';
import type { ProxiedRoute } from './route.ts';

/**
 * Connects to the proxy and has it connect to the route's target, whose name the proxy looks up.
 * @param timeoutMs longer than that nobody waits: the caller destroys the socket
 * @param onSocket gets the socket at once, before it is connected
 * @returns that socket, once all that comes is the target's
 * @throws KtError `connection` which names proxy and target
 */
export async function openTunnel(
  route: ProxiedRoute,
  timeoutMs: number,
  onSocket: (socket: net.Socket) => void,
): Promise<net.Socket> {
  const socket = net.connect({ host: route.proxy.host, port: route.proxy.port });
  // Whoever listens for the moment tells of errors; without any listener, one between two of them would end the process.
  socket.on('error', () => {});
  onSocket(socket);
  try {
    await once(socket, 'connect');
    socket.setNoDelay(true);
    await (route.proxy.protocol === 'socks5' ? askSocks(socket, route, timeoutMs) : askHttp(socket, route));
    return socket;
  } catch (error) {
    socket.destroy();
    throw proxyError(error, route);
  }
}

/** What a SOCKS5 proxy says in place of a connection (RFC 1928, section 6), by the library's names. */
const replies: Readonly<Record<string, string>> = {
  Failure: 'general failure',
  NetworkUnreachable: 'network unreachable',
  HostUnreachable: 'host unreachable',
  ConnectionRefused: 'connection refused',
  TTLExpired: 'TTL expired',
  CommandNotSupported: 'command not supported',
  AddressNotSupported: 'kind of address not supported',
};

async function askSocks(socket: net.Socket, { target, proxy }: ProxiedRoute, timeoutMs: number): Promise<void> {
  const { host, port, username, password } = proxy;
  try {
    await SocksClient.createConnection({
      command: 'connect',
      existing_socket: socket,
      timeout: timeoutMs + 1_000,
      proxy: { type: 5, host, port, ...(username !== undefined && { userId: username, password: password ?? '' }) },
      destination: target,
    });
  } catch (error) {
    // The library's own errors hold the password: only their words go on.
    throw socksRefusal((error as Error).message, username !== undefined);
  }
}

function socksRefusal(message: string, hasUser: boolean): Error {
  if (/no accepted authentication type/.test(message)) {
    return hasUser ? new ProxyRefusal('refused the user') : new ProxyRefusal('wants a user');
  }
  if (/Authentication failed/.test(message)) return new ProxyRefusal(hasUser ? 'refused the user' : 'wants a user');
  const [, reply] = /rejected connection - (\w+)/.exec(message) ?? [];
  if (reply === 'NotAllowed') return new ProxyRefusal('forbidden');
  if (reply) return new ProxyRefusal('no connection', replies[reply] ?? '');
  if (/^(Received invalid|Negotiation)/.test(message)) return new ProxyRefusal('not a proxy');
  return new Error(message);
}

function askHttp(socket: net.Socket, { target, proxy }: ProxiedRoute): Promise<void> {
  const at = addressText(target);
  const { username, password = '' } = proxy;
  const credentials = username !== undefined && Buffer.from(`${username}:${password}`).toString('base64');
  return new Promise((resolve, reject) => {
    const request = http.request({
      method: 'CONNECT',
      path: at,
      headers: { Host: at, ...(credentials && { 'Proxy-Authorization': `Basic ${credentials}` }) },
      createConnection: () => socket,
    });
    request.once('connect', ({ statusCode = 0, statusMessage = '' }, _socket, head: Buffer) => {
      if (statusCode >= 300) return reject(httpRefusal(statusCode, statusMessage, username !== undefined));
      // A server that speaks first is no broker; what it says tells what it is.
      if (head.length > 0) socket.unshift(head);
      resolve();
    });
    request.once('error', (error: NodeJS.ErrnoException) => {
      reject(/^HPE_|parse/i.test(`${error.code} ${error.message}`) ? new ProxyRefusal('not a proxy') : error);
    });
    request.end();
  });
}

function httpRefusal(status: number, reason: string, hasUser: boolean): ProxyRefusal {
  if (status === 407) return new ProxyRefusal(hasUser ? 'refused the user' : 'wants a user');
  const words = `HTTP ${status} ${reason.slice(0, 80)}`.trim();
  // A web server that is no proxy has no CONNECT.
  if ([400, 404, 405, 501].includes(status)) return new ProxyRefusal('not a proxy', words);
  return new ProxyRefusal(status === 401 || status === 403 ? 'forbidden' : 'no connection', words);
}
