/** The exchange of GSSAPI (RFC 4752) over Kafka's SaslAuthenticate: what the library says goes to the broker, and the answer to the library. */
import type { AuthenticationProviderArgs } from 'kafkajs';
import { exchanged } from '../sasl-exchange.ts';
import type { Tickets } from './tickets.ts';

/**
 * @param host the broker's, as kt knows it: Kerberos knows it by this name
 * @throws NoTicket; Error of the type `SASL_AUTHENTICATION_FAILED` with the broker's words
 */
export async function authenticateWithTicket(
  saslAuthenticate: AuthenticationProviderArgs['saslAuthenticate'],
  tickets: Tickets,
  host: string,
): Promise<void> {
  const exchange = await tickets.begin(host);
  try {
    let token = await exchange.next();
    while (token) token = await exchange.next(await exchanged(saslAuthenticate, token));
  } finally {
    exchange.end();
  }
}
