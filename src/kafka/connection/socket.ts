/** The TCP or TLS socket under a connection. */
import net from 'node:net';
import tls from 'node:tls';
import { mappedAddress } from './address.ts';
import type { ClusterSettings, HostPort, TlsSettings } from './settings.ts';

const isBun = 'bun' in process.versions;
const worthFreeing = 16_384;

/** Takes what a socket reads: it writes bytes into the room, then says how many. */
export interface Receiver {
  /** Where the next bytes go, at least one; asked for before each read. */
  room(): Buffer;
  filled(count: number): void;
}

/** Starts to connect, to where the address map leads. The certificate is checked against the advertised name. */
export function openSocket(
  settings: ClusterSettings,
  advertised: HostPort,
  onConnect: () => void,
  receiver: Receiver,
): net.Socket {
  const { host, port } = mappedAddress(settings.addressMap, advertised);
  const security = settings.tls;
  const options: net.TcpNetConnectOpts = { host, port, ...(!isBun && { onread: inPlace(receiver) }) };
  const socket = security
    ? tls.connect({ ...options, ...tlsOptions(security, advertised.host) }, onConnect)
    : net.connect(options, onConnect);
  if (isBun) socket.on('data', (chunk: Buffer) => pour(chunk, receiver));
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 60_000);
  return socket;
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
  if (chunk.length === memory.byteLength && chunk.length >= worthFreeing) memory.transfer(0);
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
