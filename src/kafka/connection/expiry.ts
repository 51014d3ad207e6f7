/** Certificates that end soon: told while there is time to renew them, each once. */

import type { PeerCertificate, TLSSocket } from 'node:tls';
import type { TlsSettings } from './settings.ts';

/** Says something to the user that is no failure. */
export type Note = (text: string) => void;

const dayMs = 86_400_000;
/** A certificate that ends within so many days is worth a word. */
export const soonDays = 30;

/** Whole days that are left; less than 0 when it is over. @param endsAt epoch ms */
export function daysUntil(endsAt: number): number {
  return Math.floor((endsAt - Date.now()) / dayMs);
}

/** Looks at the certificates of each connection that was made, and of those who made it. */
export function expiryNotes(note: Note): (socket: TLSSocket, settings: TlsSettings, address: string) => void {
  const told = new Set<string>();
  const tell = (certificate: string, what: string, endsAt: number): void => {
    const days = daysUntil(endsAt);
    if (!(days < soonDays) || told.has(certificate)) return;
    told.add(certificate);
    const left = days < 1 ? 'within a day' : days === 1 ? 'in 1 day' : `in ${days} days`;
    note(`${what} ${days < 0 ? 'expired' : `expires ${left},`} on ${new Date(endsAt).toISOString().slice(0, 10)}`);
  };
  return (socket, { certFacts }, address) => {
    const { valid_to: end, fingerprint256 = '' } = socket.getPeerCertificate() as Partial<PeerCertificate>;
    // Brokers often share one.
    if (end !== undefined) tell(fingerprint256, `the certificate of broker ${address}`, Date.parse(end));
    const own = certFacts?.alias ? `your certificate ${certFacts.alias}` : 'your certificate';
    if (certFacts) tell(own, own, certFacts.validTo);
  };
}
