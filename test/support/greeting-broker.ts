/** A server that goes as far as a broker goes before the first real request: API versions, and SASL with one password. */
import { once } from 'node:events';
import type net from 'node:net';
import tls from 'node:tls';
import { listen, type TestServer } from './servers.ts';

const [saslHandshake, apiVersions, saslAuthenticate] = [17, 18, 36];

const int16 = (value: number) => Buffer.from([(value >> 8) & 0xff, value & 0xff]);
const int32 = (value: number) => Buffer.concat([int16(value >> 16), int16(value)]);
const text = (value: string) => Buffer.concat([int16(value.length), Buffer.from(value)]);

/** SASL_AUTHENTICATION_FAILED */
const refused = Buffer.concat([int16(58), text('Invalid username or password'), int32(0), Buffer.alloc(8)]);
const taken = Buffer.concat([int16(0), int16(-1), int32(0), Buffer.alloc(8)]);

/** Answers on one socket. @param password of any user, for PLAIN; without one nobody can log in */
function answer(socket: net.Socket, password: string | undefined): void {
  const answers: Readonly<Record<number, (frame: Buffer, version: number) => Buffer>> = {
    [apiVersions!]: (_frame, version) =>
      Buffer.concat([
        ...[int16(0), int32(3)],
        ...[saslHandshake!, apiVersions!, saslAuthenticate!].map((key) => Buffer.concat([int16(key), int16(0), int16(1)])),
        version > 0 ? int32(0) : Buffer.alloc(0),
      ]),
    [saslHandshake!]: () => Buffer.concat([int16(0), int32(1), text('PLAIN')]),
    [saslAuthenticate!]: (frame) =>
      password !== undefined && frame.subarray(frame.length - password.length).equals(Buffer.from(password)) ? taken : refused,
  };
  let unread = Buffer.alloc(0);
  socket.on('error', () => {});
  socket.on('data', (chunk: Buffer) => {
    unread = Buffer.concat([unread, chunk]);
    while (unread.length >= 4 && unread.length >= 4 + unread.readInt32BE(0)) {
      const frame = unread.subarray(4, 4 + unread.readInt32BE(0));
      unread = unread.subarray(4 + frame.length);
      const key = frame.readInt16BE(0);
      // As a broker does with what it does not understand, such as the beginning of a TLS handshake.
      if (!answers[key]) return void socket.destroy();
      const body = Buffer.concat([frame.subarray(4, 8), answers[key](frame, frame.readInt16BE(2))]);
      socket.write(Buffer.concat([int32(body.length), body]));
    }
    if (unread.length > 4 && unread.readInt32BE(0) > 1 << 20) socket.destroy();
  });
}

export function greetingBroker(password?: string): Promise<TestServer> {
  return listen((socket) => answer(socket, password));
}

/** The same behind TLS. */
export async function secureBroker(identity: tls.TlsOptions): Promise<Pick<TestServer, 'port' | 'close'>> {
  const sockets = new Set<net.Socket>();
  const server = tls.createServer(identity, (socket) => answer(socket, undefined));
  server.on('connection', (socket: net.Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as net.AddressInfo).port,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
