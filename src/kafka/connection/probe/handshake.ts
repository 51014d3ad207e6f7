/** A TLS handshake for its own sake: what was agreed on, and whose certificate the server has. Nothing else is sent. */
import type { Socket } from 'node:net';
import tls from 'node:tls';
import { tlsOptions } from '../../../base/tls.ts';
import { tlsFailure } from '../../../base/tls-failure.ts';
import { connectionError, noAnswer } from '../errors.ts';
import { type Route, routeTo } from '../route.ts';
import type { ClusterSettings, HostPort, TlsSettings } from '../settings.ts';
import { timeLimited } from './time-limited.ts';
import { tunnelTo } from './tunnel.ts';

/** A server's certificate. */
export interface SeenCertificate {
  /** `CN=broker-1, O=Example`. */
  readonly subject: string;
  readonly issuer: string;
  /** The host names and addresses it is for. */
  readonly names: readonly string[];
  /** Epoch ms. */
  readonly validFrom: number;
  readonly validTo: number;
  /** How many certificates lead from it to the authority, itself included, as far as the server sent them. */
  readonly chain: number;
}

export interface Handshake {
  /** `TLSv1.3`. */
  readonly version: string | null;
  readonly cipher: string;
  readonly certificate: SeenCertificate | undefined;
}

/** @throws KtError `connection` with the reason; the reason of the signal */
export async function shakeHands(server: HostPort, settings: ClusterSettings, signal: AbortSignal): Promise<Handshake> {
  const route = routeTo(settings, server);
  try {
    return await handshake(route, settings.tls!, settings, signal);
  } catch (error) {
    if (signal.aborted) throw error;
    throw connectionError(error, server, settings, { inTlsHandshake: true });
  }
}

/**
 * The certificate of a server that is not believed: accepted for a look, and for nothing more.
 * @returns undefined when the handshake fails for another reason than the certificate
 */
export async function unbelievedCertificate(
  server: HostPort,
  settings: ClusterSettings,
  signal: AbortSignal,
): Promise<SeenCertificate | undefined> {
  const blind: TlsSettings = { ...settings.tls!, verifyCertificate: false, verifyHostname: false };
  try {
    return (await handshake(routeTo(settings, server), blind, settings, signal)).certificate;
  } catch (error) {
    if (signal.aborted) throw error;
    return undefined;
  }
}

/** Whether an error of an open connection came from TLS: with TLS 1.3 a server refuses a client's certificate only after the handshake. */
export function isTlsError(error: Error): boolean {
  const cause = error.cause instanceof Error ? error.cause : error;
  return tlsFailure(cause.message, (cause as NodeJS.ErrnoException).code) !== undefined;
}

async function handshake(
  route: Route,
  security: TlsSettings,
  settings: ClusterSettings,
  signal: AbortSignal,
): Promise<Handshake> {
  const { timeoutMs } = settings;
  const tunnel = await tunnelTo(route, timeoutMs, signal);
  const way = tunnel ? { socket: tunnel } : route.target;
  const socket = tls.connect({ ...way, ...tlsOptions(security, route.advertised.host) });
  try {
    const late = () => noAnswer(route.advertised, settings, false);
    await timeLimited(secured(socket), timeoutMs, signal, late);
    const certificate = socket.getPeerCertificate(true);
    return { version: socket.getProtocol(), cipher: socket.getCipher().name, certificate: seen(certificate) };
  } finally {
    socket.destroy();
    tunnel?.destroy();
  }
}

function secured(socket: tls.TLSSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('secureConnect', resolve);
    socket.on('error', reject);
    for (const event of ['end', 'close'] as const) {
      (socket as Socket).once(event, () => reject(new Error('the server closed the connection')));
    }
  });
}

function seen(certificate: tls.DetailedPeerCertificate): SeenCertificate | undefined {
  if (!certificate?.valid_to) return undefined;
  return {
    subject: nameText(certificate.subject),
    issuer: nameText(certificate.issuer),
    names: altNames(certificate.subjectaltname),
    validFrom: Date.parse(certificate.valid_from),
    validTo: Date.parse(certificate.valid_to),
    chain: chainLength(certificate),
  };
}

function nameText(name: tls.Certificate): string {
  return Object.entries(name ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
}

/** `DNS:localhost, IP Address:127.0.0.1`. */
function altNames(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(', ')
    .filter((entry) => /^(DNS|IP Address):/.test(entry))
    .map((entry) => entry.slice(entry.indexOf(':') + 1));
}

function chainLength(certificate: tls.DetailedPeerCertificate): number {
  let length = 1;
  // An authority's own certificate is its own issuer.
  for (let at = certificate; at.issuerCertificate && at.issuerCertificate !== at && length < 16; length++) {
    at = at.issuerCertificate;
  }
  return length;
}
