/** SASL mechanisms as the connection uses them: what each needs, how kafkajs is told, and who the user is in messages. */
import type { KafkaConfig } from 'kafkajs';

/** PLAIN (RFC 4616) and SCRAM (RFC 5802). */
interface PasswordSasl {
  readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
  readonly username: string;
  readonly password: string;
}

/** One member for each kind of credentials, told apart by `mechanism`. */
export type SaslSettings = PasswordSasl;

/** The mechanisms that kt speaks. */
export const spokenMechanisms: readonly SaslSettings['mechanism'][] = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'];

/** The credentials as kafkajs takes them; for a mechanism that it does not speak, they bring their own `authenticationProvider`. */
export function kafkaJsSasl(sasl: SaslSettings): NonNullable<KafkaConfig['sasl']> {
  const { username, password } = sasl;
  switch (sasl.mechanism) {
    case 'PLAIN':
      return { mechanism: 'plain', username, password };
    case 'SCRAM-SHA-256':
      return { mechanism: 'scram-sha-256', username, password };
    case 'SCRAM-SHA-512':
      return { mechanism: 'scram-sha-512', username, password };
  }
}

/** The credentials in words, without a secret: who is meant, and what to check when they are refused. */
export function describeSasl({ username }: SaslSettings): { readonly who: string; readonly check: string } {
  return { who: `user ${username}`, check: 'the user name, the password and sasl.mechanism' };
}
