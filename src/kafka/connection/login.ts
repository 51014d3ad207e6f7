/** How a user logs in with each SASL mechanism. PLAIN and SCRAM are kafkajs's. */
import type { AuthenticationProviderArgs } from 'kafkajs';
import type { Tokens } from './bearer/tokens.ts';
import type { Tickets } from './kerberos/tickets.ts';
import type { KerberosSasl, SaslExchange, SaslSettings, TokenSasl } from './sasl.ts';
import type { ClusterSettings } from './settings.ts';

/** One user, for all connections of a cluster. */
export interface Login {
  /** As brokers name it. */
  readonly mechanism: string;
  /**
   * Gets what has to be there before logging in, and may take time or fail.
   * @param deadline of opening the connection, on the clock of `performance.now()`
   */
  ready(deadline: number): Promise<unknown>;
  /**
   * Speaks the mechanism.
   * @param host the broker's, as kt knows it
   * @throws Error with the broker's words; NoToken; NoTicket
   */
  logIn(exchange: SaslExchange, host: string): Promise<void>;
}

interface Provider {
  readonly default: typeof import('kafkajs/src/broker/saslAuthenticator/plain.js');
}

/** Loads nothing yet, and asks for no token. */
export function loginOf(sasl: SaslSettings, settings: ClusterSettings): Login {
  switch (sasl.mechanism) {
    case 'PLAIN':
      return passwordLogin(sasl, () => import('kafkajs/src/broker/saslAuthenticator/plain.js'));
    case 'SCRAM-SHA-256':
      return passwordLogin(sasl, () => import('kafkajs/src/broker/saslAuthenticator/scram256.js'));
    case 'SCRAM-SHA-512':
      return passwordLogin(sasl, () => import('kafkajs/src/broker/saslAuthenticator/scram512.js'));
    case 'OAUTHBEARER':
    case 'AWS_MSK_IAM':
      return tokenLogin(sasl, settings);
    case 'GSSAPI':
      return ticketLogin(sasl, settings);
  }
}

/** kafkajs's messages have a size of four bytes in front, which SaslAuthenticate has elsewhere. */
const sizeBytes = 4;

function passwordLogin(
  { mechanism, username, password }: Extract<SaslSettings, { password: string }>,
  load: () => Promise<Provider>,
): Login {
  let loading: Promise<Provider> | undefined;
  const provider = () => (loading ??= load());
  return {
    mechanism,
    ready: provider,
    async logIn(exchange) {
      const saslAuthenticate: AuthenticationProviderArgs['saslAuthenticate'] = async ({ request, response }) => {
        const message = await request.encode();
        const answer = await exchange(message.subarray(sizeBytes));
        const sized = Buffer.concat([Buffer.alloc(sizeBytes), answer]);
        sized.writeInt32BE(answer.length);
        return response?.parse(await response.decode(sized));
      };
      const { default: authenticatorFor } = await provider();
      const authenticator = authenticatorFor({ username, password });
      await authenticator({ host: '', port: 0, logger: silent, saslAuthenticate }).authenticate();
    },
  };
}

/** kafkajs logs what its errors say too. */
const log = () => {};
const silent: AuthenticationProviderArgs['logger'] = {
  info: log,
  error: log,
  warn: log,
  debug: log,
  namespace: () => silent,
  setLogLevel: log,
};

/** AWS_MSK_IAM is OAUTHBEARER, with tokens of AWS. */
function tokenLogin({ source, extensions }: TokenSasl, settings: ClusterSettings): Login {
  let making: Promise<Tokens> | undefined;
  const tokens = () => (making ??= import('./bearer/tokens.ts').then(({ tokensOf }) => tokensOf(source, settings)));
  return {
    mechanism: 'OAUTHBEARER',
    ready: async (deadline) => (await tokens()).current(deadline),
    async logIn(exchange) {
      const { authenticateWithToken } = await import('./bearer/authenticate.ts');
      await authenticateWithToken(exchange, await tokens(), extensions);
    },
  };
}

function ticketLogin(sasl: KerberosSasl, { timeoutMs }: ClusterSettings): Login {
  let making: Promise<Tickets> | undefined;
  const tickets = () => (making ??= import('./kerberos/tickets.ts').then(({ ticketsOf }) => ticketsOf(sasl, timeoutMs)));
  return {
    mechanism: 'GSSAPI',
    ready: async (deadline) => (await tickets()).ready(deadline),
    async logIn(exchange, host) {
      const { authenticateWithTicket } = await import('./kerberos/authenticate.ts');
      await authenticateWithTicket(exchange, await tickets(), host);
    },
  };
}
