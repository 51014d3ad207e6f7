/** The user's tickets as connections need them: one exchange of tokens with each broker, within the time that is left. */
import { within } from '../../../base/pause.ts';
import type { KerberosSasl } from '../sasl.ts';
import { NoTicket } from './no-ticket.ts';
import { reasonOf } from './reasons.ts';
import { systemLibrary } from './system-library.ts';
import type { Reply } from './wanted.ts';

/** An exchange with one broker. */
interface TicketExchange {
  /**
   * What to send next; undefined when the broker has let the user in.
   * @param answer the broker's to the token before; absent at the beginning
   * @throws NoTicket
   */
  next(answer?: Uint8Array): Promise<Uint8Array | undefined>;
  /** Gives back what the library holds for it. */
  end(): void;
}

export interface Tickets {
  /**
   * Loads the system's library.
   * @param deadline of the connection that needs it, on the clock of `performance.now()`
   * @throws NoTicket
   */
  ready(deadline: number): Promise<void>;
  begin(host: string): Promise<TicketExchange>;
}

/** The part of a connection's time that Kerberos may take: the connection must not run out of time first, and blame the broker. */
const shareOfTimeout = 0.9;

export function ticketsOf(sasl: KerberosSasl, timeoutMs: number): Tickets {
  let until = 0;
  const timely = async (reply: Promise<Reply>): Promise<Reply> => {
    const left = until - performance.now();
    // A session that is renewed has all of the time.
    const ms = (left > 0 ? left : timeoutMs) * shareOfTimeout;
    return (await within(ms, reply)) ?? late(ms);
  };
  return {
    async ready(deadline) {
      until = deadline;
      const library = systemLibrary();
      const { ask, newExchange } = await import('./thread.ts');
      const reply = await timely(ask(newExchange(), { kind: 'load', library }));
      if ('refusal' in reply) throw unusable(library, reply.refusal.text);
    },
    async begin(host) {
      const { ask, newExchange, tell } = await import('./thread.ts');
      const id = newExchange();
      const { service, principal, keytab, ticketCache } = sasl;
      const wanted = { library: systemLibrary(), service, host, principal, keytab, ticketCache };
      return {
        async next(answer) {
          const reply = await timely(ask(id, answer ? { kind: 'answer', answer } : { kind: 'start', wanted }));
          if ('refusal' in reply) throw reasonOf(reply.refusal, sasl, host);
          return reply.token;
        },
        end: () => tell(id, { kind: 'end' }),
      };
    },
  };
}

function unusable(library: string, why: string): NoTicket {
  return new NoTicket(`the system's Kerberos library cannot be used: ${why}`, `is ${library} MIT's, and for this processor?`);
}

function late(ms: number): never {
  throw new NoTicket(
    `no ticket: Kerberos did not answer within ${Number((ms / 1000).toPrecision(2))}s`,
    "check the realm's kdc in krb5.conf (KRB5_CONFIG names another file), and that this machine reaches it; --timeout 30s waits longer",
  );
}
