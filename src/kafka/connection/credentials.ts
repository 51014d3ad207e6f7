/** How kafkajs gets each mechanism's credentials. */
import type { AuthenticationProviderArgs, KafkaConfig } from 'kafkajs';
import type { Tokens } from './bearer/tokens.ts';
import type { Tickets } from './kerberos/tickets.ts';
import type { KerberosSasl, SaslSettings, TokenSasl } from './sasl.ts';
import type { ClusterSettings } from './settings.ts';

/** Credentials as kafkajs takes them, for all connections of a cluster. */
export interface Credentials {
  readonly sasl: NonNullable<KafkaConfig['sasl']>;
  /**
   * Gets what has to be there before authenticating, and may take time or fail; absent where there is nothing to get.
   * @param deadline on the clock of `performance.now()`
   */
  readonly ready?: (deadline: number) => Promise<unknown>;
}

/** For a mechanism that kafkajs does not speak, they bring their own `authenticationProvider`. */
export function credentialsOf(sasl: SaslSettings, settings: ClusterSettings): Credentials {
  switch (sasl.mechanism) {
    case 'PLAIN':
      return { sasl: { mechanism: 'plain', username: sasl.username, password: sasl.password } };
    case 'SCRAM-SHA-256':
      return { sasl: { mechanism: 'scram-sha-256', username: sasl.username, password: sasl.password } };
    case 'SCRAM-SHA-512':
      return { sasl: { mechanism: 'scram-sha-512', username: sasl.username, password: sasl.password } };
    case 'OAUTHBEARER':
    case 'AWS_MSK_IAM':
      return tokenCredentials(sasl, settings);
    case 'GSSAPI':
      return kerberosCredentials(sasl, settings);
  }
}

function tokenCredentials({ source, extensions }: TokenSasl, settings: ClusterSettings): Credentials {
  let making: Promise<Tokens> | undefined;
  const tokens = () => (making ??= import('./bearer/tokens.ts').then(({ tokensOf }) => tokensOf(source, settings)));
  const authenticate = async ({ saslAuthenticate }: AuthenticationProviderArgs) => {
    const { authenticateWithToken } = await import('./bearer/authenticate.ts');
    await authenticateWithToken(saslAuthenticate, await tokens(), extensions);
  };
  return {
    sasl: {
      mechanism: 'oauthbearer',
      authenticationProvider: (args: AuthenticationProviderArgs) => ({ authenticate: () => authenticate(args) }),
    },
    ready: async (deadline) => (await tokens()).current(deadline),
  };
}

function kerberosCredentials(sasl: KerberosSasl, { timeoutMs }: ClusterSettings): Credentials {
  let making: Promise<Tickets> | undefined;
  const tickets = () => (making ??= import('./kerberos/tickets.ts').then(({ ticketsOf }) => ticketsOf(sasl, timeoutMs)));
  const authenticate = async ({ host, saslAuthenticate }: AuthenticationProviderArgs) => {
    const { authenticateWithTicket } = await import('./kerberos/authenticate.ts');
    await authenticateWithTicket(saslAuthenticate, await tickets(), host);
  };
  return {
    sasl: {
      mechanism: 'gssapi',
      authenticationProvider: (args: AuthenticationProviderArgs) => ({ authenticate: () => authenticate(args) }),
    },
    ready: async (deadline) => (await tickets()).ready(deadline),
  };
}
