/** The TCP or TLS socket under a connection. */
import net from 'node:net';
import tls from 'node:tls';
import type { ClusterSettings, HostPort, TlsSettings } from '../settings.ts';
import { mappedAddress } from './address.ts';

/** Takes what a socket reads: the bytes go into the room, and then their number is said. */
export interface Receiver {
  /** At least a byte, asked for before each read. */
  room(): Buffer;
  filled(count: number): void;
}

/**
 * Begins to connect to where the address map leads. The certificate is checked against the advertised name.
 * No event `data` comes: a buffer for each chunk cost more time and memory than all else on the way of a large answer.
 */
export function openSocket(
  settings: ClusterSettings,
  advertised: HostPort,
  onConnect: () => void,
  receiver: Receiver,
): net.Socket {
  const { host, port } = mappedAddress(settings.addressMap, advertised);
  const security = settings.tls;
  const options: net.TcpNetConnectOpts = {
    host,
    port,
    onread: {
      buffer: () => receiver.room(),
      callback(count) {
        receiver.filled(count);
        return true;
      },
    },
  };
  const socket = security
    ? tls.connect({ ...options, ...tlsOptions(security, advertised.host) }, onConnect)
    : net.connect(options, onConnect);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 60_000);
  return socket;
}

function tlsOptions({ ca, cert, key, verifyHostname, verifyCertificate }: TlsSettings, name: string): tls.ConnectionOptions {
  return {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(verifyCertificate === false && { rejectUnauthorized: false }),
    ...(net.isIP(name) === 0 && { servername: name }),
    checkServerIdentity: (_connectedTo, certificate) =>
      verifyHostname ? tls.checkServerIdentity(name, certificate) : undefined,
  };
}
