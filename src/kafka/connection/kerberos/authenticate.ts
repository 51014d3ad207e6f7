/** The exchange of GSSAPI (RFC 4752) over Kafka's SaslAuthenticate: what the library says goes to the broker, and the answer to the library. */
import type { SaslExchange } from '../sasl.ts';
import type { Tickets } from './tickets.ts';

/**
 * @param host the broker's, as kt knows it: Kerberos knows it by this name
 * @throws NoTicket; Error of the type `SASL_AUTHENTICATION_FAILED` with the broker's words
 */
export async function authenticateWithTicket(exchange: SaslExchange, tickets: Tickets, host: string): Promise<void> {
  const tokens = await tickets.begin(host);
  try {
    let token = await tokens.next();
    while (token) token = await tokens.next(await exchange(Buffer.from(token)));
  } finally {
    tokens.end();
  }
}
