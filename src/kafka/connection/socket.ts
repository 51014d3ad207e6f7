/** The TCP or TLS socket under a connection. */
import net from 'node:net';
import tls from 'node:tls';
import type { ClusterSettings, HostPort, TlsSettings } from '../settings.ts';
import { mappedAddress } from './address.ts';

/** Begins to connect to where the address map leads. The certificate is checked against the advertised name. */
export function openSocket(settings: ClusterSettings, advertised: HostPort, onConnect: () => void): net.Socket {
  const { host, port } = mappedAddress(settings.addressMap, advertised);
  const security = settings.tls;
  const socket = security
    ? tls.connect({ host, port, ...tlsOptions(security, advertised.host) }, onConnect)
    : net.connect({ host, port }, onConnect);
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
