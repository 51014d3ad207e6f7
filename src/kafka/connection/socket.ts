/** What a connection needs of the socket under it, whatever runtime it is of. */
import type { Socket, TcpNetConnectOpts } from 'node:net';
import type { TLSSocket } from 'node:tls';

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

/** How node's sockets reach a server: over one that a proxy has connected, or by themselves. */
export type Way = TcpNetConnectOpts | { readonly socket: Socket };

/**
 * Bun allocates a buffer for each chunk, however it is asked. Large ones are freed here rather than by the garbage collector: the next
 * chunk then gets the same memory, which is in the processor's cache and which the kernel need not clear.
 */
export function pour(chunk: Buffer, receiver: Receiver): void {
  for (let at = 0; at < chunk.length; ) {
    const count = chunk.copy(receiver.room(), 0, at);
    receiver.filled(count);
    at += count;
  }
  const memory = chunk.buffer as ArrayBuffer & { transfer(size: number): ArrayBuffer };
  if (isBun && chunk.length === memory.byteLength && chunk.length >= worthFreeing) memory.transfer(0);
}
