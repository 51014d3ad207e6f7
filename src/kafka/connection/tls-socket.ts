/** TLS over a socket; loaded only where it is spoken. */
import tls, { type TLSSocket } from 'node:tls';
import { tlsOptions } from '../../base/tls.ts';
import { forbiddenCipher } from './errors.ts';
import type { Route } from './route.ts';
import type { TlsSettings } from './settings.ts';
import type { Way } from './socket.ts';

/** Nothing is sent, and so no password, before what was agreed on is known to be allowed. */
export function secureSocket(way: Way, security: TlsSettings, route: Route, onConnect: (socket: TLSSocket) => void): TLSSocket {
  const socket = tls.connect({ ...way, ...tlsOptions(security, route.advertised.host) }, () => {
    // Bun lets nobody choose among the suites of TLS 1.3.
    const { name } = socket.getCipher();
    if (!security.cipherSuites || security.cipherSuites.includes(name)) onConnect(socket);
    else socket.destroy(forbiddenCipher(name, route));
  });
  return socket;
}
