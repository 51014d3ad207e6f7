/** What the refusals of the system's Kerberos library mean, and what to do about them. */
import type { KerberosSasl } from '../sasl.ts';
import { NoTicket } from './no-ticket.ts';
import type { Refusal } from './wanted.ts';

/** Where libkrb5's codes begin (krb5_err.et); up to 127 they are those of RFC 4120, 7.5.9. */
const base = -1_765_328_384;

/** In the upper half of the major status (RFC 2744, 3.9.1). */
const noCredentials = 7;
const expired = 11;

/** libkrb5's code for a cache that is not there, with a keytab its own: no key was of use. */
const noCache = 195;

type About = KerberosSasl & { readonly host: string };

/** @param host the broker's, as kt knows it */
export function reasonOf({ text, major, minor }: Refusal, sasl: KerberosSasl, host: string): NoTicket {
  const about = { ...sasl, host };
  const words = text.trim().replace(/\s+/g, ' ').replace(/\.$/, '');
  const code = (minor | 0) - base;
  if (code === 7) {
    return new NoTicket(
      `Kerberos does not know this broker: ${words}`,
      `Kerberos names brokers SERVICE/HOST: is ${sasl.service}/${host} right? check sasl.kerberos.service.name, and the host in -b`,
      'UNKNOWN_SERVICE',
    );
  }
  // The library had no part in it.
  if (major === 0) return new NoTicket(words, 'is this listener really one of Kafka?');
  if (code === noCache && (sasl.keytab ?? sasl.ticketCache) !== undefined) {
    return new NoTicket(`no ticket: ${noneIn(sasl)}`, getOne(about));
  }
  const hint = hints[code] ?? (major >>> 16 === noCredentials || major >>> 16 === expired ? getOne : undefined);
  return new NoTicket(`no ticket: ${words}`, (hint ?? look)(about));
}

const noneIn = ({ keytab, principal, ticketCache }: KerberosSasl): string =>
  keytab === undefined
    ? `there is none in ${ticketCache}`
    : `${keytab} has no key${principal === undefined ? '' : ` of ${principal}`}`;
const getOne = ({ keytab, principal }: About): string =>
  keytab === undefined
    ? `kinit${principal === undefined ? '' : ` ${principal}`} gets one; or -X sasl.kerberos.keytab=FILE -X sasl.kerberos.principal=NAME`
    : `klist -k ${keytab} shows whose keys are in it; check sasl.kerberos.principal`;
const clock = (): string => "set this machine's clock: Kerberos allows five minutes of difference to the KDC and the broker";
const client = ({ principal, keytab }: About): string =>
  `check ${principal === undefined ? `the names in ${keytab ?? 'the ticket (klist)'}` : `sasl.kerberos.principal (${principal})`} and its realm`;
const key = ({ keytab }: About): string =>
  keytab === undefined
    ? 'kinit gets a new ticket'
    : `the key in ${keytab} is not the newest (kvno): export the keytab again, or check sasl.kerberos.principal`;
const realm = (): string => 'check default_realm, [realms] and [domain_realm] in krb5.conf (KRB5_CONFIG names another file)';
const kdc = (): string =>
  "check the realm's kdc in krb5.conf (KRB5_CONFIG names another file), and that this machine reaches it";
const look = ({ service, host }: About): string =>
  `kvno ${service}/${host} shows whether Kerberos gives a ticket for the broker`;

/** By libkrb5's code. */
const hints: Readonly<Record<number, (about: About) => string>> = {
  6: client,
  18: client,
  23: client,
  24: key,
  31: key,
  32: getOne,
  33: clock,
  37: clock,
  154: realm,
  156: kdc,
  181: getOne,
  224: realm,
};
