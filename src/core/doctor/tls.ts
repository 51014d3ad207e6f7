/** TLS: what is agreed on with a server, and whether its certificate is in order: chain, names, dates. */

import type { KtError } from '../../base/errors.ts';
import { counted } from '../../base/units.ts';
import { addressText } from '../../kafka/connection/address.ts';
import { daysUntil, soonDays } from '../../kafka/connection/expiry.ts';
import {
  type Handshake,
  isTlsError,
  type SeenCertificate,
  shakeHands,
  unbelievedCertificate,
} from '../../kafka/connection/probe/handshake.ts';
import type { ClusterSettings, HostPort, TlsSettings } from '../../kafka/connection/settings.ts';
import { begin, type Examination, failure, someOf, type Told } from './finding.ts';

/**
 * @param greeting what comes of talking to the server after the handshake: with TLS 1.3 only this shows that it refuses the client's
 *   certificate
 * @returns whether TLS is in order
 */
export async function* examineTls(
  server: HostPort,
  settings: ClusterSettings,
  greeting: Promise<unknown>,
  signal: AbortSignal,
): Examination<boolean> {
  const found = begin('tls');
  const target = addressText(server);
  try {
    const handshake = await shakeHands(server, settings, signal);
    const refusal = await greeting.then(
      () => undefined,
      (error: Error) => error,
    );
    if (refusal && isTlsError(refusal)) throw refusal;
    yield found({ target, ...judged(handshake, settings.tls!) });
    return true;
  } catch (error) {
    const told = failure(target, error);
    const certificate = isTlsError(error as KtError) ? await unbelievedCertificate(server, settings, signal) : undefined;
    yield found(certificate ? { ...told, found: `its certificate is ${inWords(certificate)}` } : told);
    return false;
  }
}

function judged({ version, cipher, certificate }: Handshake, tls: TlsSettings): Omit<Told, 'target'> {
  const agreed = `${version ?? 'TLS'} with ${cipher}`;
  const found = certificate ? `${agreed}; the certificate is ${inWords(certificate)}` : agreed;
  const ends = [
    { whose: "the broker's certificate", validTo: certificate?.validTo },
    { whose: "this client's own certificate", validTo: tls.certFacts?.validTo },
  ];
  for (const { whose, validTo } of ends) {
    const days = validTo === undefined ? soonDays : daysUntil(validTo);
    if (days < soonDays) return { verdict: 'warn', found, why: `${whose} ${ending(days)}`, cure: 'renew it' };
  }
  if (tls.verifyCertificate === false)
    return unchecked(found, 'any certificate is accepted', 'enable.ssl.certificate.verification');
  if (!tls.verifyHostname) {
    return unchecked(found, 'the name in the certificate is not checked', 'ssl.endpoint.identification.algorithm');
  }
  return { verdict: 'ok', found };
}

function unchecked(found: string, why: string, setting: string): Omit<Told, 'target'> {
  return { verdict: 'warn', found, why: `${why}: anybody in between could pose as the broker`, cure: `leave out ${setting}` };
}

/** `for localhost and 127.0.0.1 (CN=broker), issued by CN=authority, valid until 2026-12-24`. */
function inWords({ subject, issuer, names, validFrom, validTo, chain }: SeenCertificate): string {
  const who = names.length > 0 ? `for ${someOf(names)} (${subject})` : `for ${subject}`;
  const from = validFrom > Date.now() ? `from ${day(validFrom)} ` : '';
  const issued = issuer === subject ? 'signed by itself' : `issued by ${issuer}${chain > 1 ? ` (a chain of ${chain})` : ''}`;
  return `${who}, ${issued}, valid ${from}until ${day(validTo)}`;
}

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function ending(days: number): string {
  return days < 0 ? 'has expired' : days === 0 ? 'ends in less than a day' : `ends in ${counted(days, 'day')}`;
}
