/** GSSAPI: as whom Kerberos knows the user, and the brokers. Realms and KDCs are the system's own business: krb5.conf. */
import type { SaslMechanism } from './mechanism.ts';

/** The first is Java's, the next two are librdkafka's, the last is kt's own: in Java it is an option of the login line only. */
const properties = [
  'sasl.kerberos.service.name',
  'sasl.kerberos.principal',
  'sasl.kerberos.keytab',
  'sasl.kerberos.ticket.cache',
] as const;

/** As librdkafka; Java has no default. */
const usualService = 'kafka';

export const gssapi: SaslMechanism<(typeof properties)[number]> = {
  names: ['GSSAPI'],
  properties,
  secrets: [],
  jaas: {
    module: /^com\.(sun|ibm)\.security\.auth\.module\.Krb5LoginModule$/,
    options: {
      serviceName: 'sasl.kerberos.service.name',
      principal: 'sasl.kerberos.principal',
      keyTab: 'sasl.kerberos.keytab',
      ticketCache: 'sasl.kerberos.ticket.cache',
    },
    onlyWith: { keyTab: 'useKeyTab', ticketCache: 'useTicketCache' },
  },
  async read(_mechanism, given, _missing, { files }) {
    const text = (name: (typeof properties)[number]) => given.get(name)?.value || undefined;
    const keytab = text('sasl.kerberos.keytab')?.replace(/^FILE:/, '');
    // The library would only say that it holds no keys.
    if (keytab !== undefined) await files.store(keytab, given.get('sasl.kerberos.keytab')!.label);
    return {
      mechanism: 'GSSAPI',
      service: text('sasl.kerberos.service.name') ?? usualService,
      principal: text('sasl.kerberos.principal'),
      keytab,
      ticketCache: text('sasl.kerberos.ticket.cache'),
    };
  },
};
