/** The TCP or TLS socket under a connection. */
import net from 'node:net';
import tls from 'node:tls';
import { tlsOptions } from '../../base/tls.ts';
import { forbiddenCipher } from './errors.ts';
import type { Route } from './route.ts';
import type { TlsSettings } from './settings.ts';

const isBun = 'bun' in process.versions;
const worthFreeing = 16_384;

/** Takes what a socket reads: it writes bytes into the room, then says how many. */
export interface Receiver {
  /** Where the next bytes go, at least one; asked for before each read. */
  room(): Buffer;
  filled(count: number): void;
}

/**
 * Starts to connect to a route's target. The certificate is checked against the advertised name.
 * @param tunnel what a proxy has already connected to the target
 */
export function openSocket(
  route: Route,
  security: TlsSettings | undefined,
  tunnel: net.Socket | undefined,
  onConnect: () => void,
  receiver: Receiver,
): net.Socket {
  const way = tunnel ? { socket: tunnel } : { ...route.target, ...(!isBun && { onread: inPlace(receiver) }) };
  const socket = security ? secureSocket(way, security, route, onConnect) : plainSocket(way, onConnect);
  // A runtime reads a socket that it did not open itself into memory of its own.
  if (isBun || tunnel) socket.on('data', (chunk: Buffer) => pour(chunk, receiver));
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 60_000);
  return socket;
}

type Way = net.TcpNetConnectOpts | { readonly socket: net.Socket };

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

/** Nothing is sent, and so no password, before what was agreed on is known to be allowed. */
function secureSocket(way: Way, security: TlsSettings, route: Route, onConnect: () => void): tls.TLSSocket {
  const socket = tls.connect({ ...way, ...tlsOptions(security, route.advertised.host) }, () => {
    // Bun lets nobody choose among the suites of TLS 1.3.
    const { name } = socket.getCipher();
    if (!security.cipherSuites || security.cipherSuites.includes(name)) onConnect();
    else socket.destroy(forbiddenCipher(name, route));
  });
  return socket;
}
