/** SASL mechanisms as the connection uses them: what each needs, and who the user is in messages. */
import { sourceName, type TokenSource } from './bearer/source.ts';

/** PLAIN (RFC 4616) and SCRAM (RFC 5802). */
interface PasswordSasl {
  readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
  readonly username: string;
  readonly password: string;
}

/** OAUTHBEARER (RFC 7628), which AWS_MSK_IAM is too, with tokens of AWS. */
export interface TokenSasl {
  readonly mechanism: 'OAUTHBEARER' | 'AWS_MSK_IAM';
  readonly source: TokenSource;
  /** What is told to the broker beside the token (KIP-342). */
  readonly extensions: Readonly<Record<string, string>>;
}

/** GSSAPI (RFC 4752): Kerberos, as the system's library speaks it. */
export interface KerberosSasl {
  readonly mechanism: 'GSSAPI';
  /** What Kerberos calls the brokers: `kafka` of `kafka/broker-1.example.com`. */
  readonly service: string;
  /** As whom; absent: as whom the tickets are, or the first key of the keytab. */
  readonly principal: string | undefined;
  /** The file with the principal's keys; absent: tickets are there already. */
  readonly keytab: string | undefined;
  /** Where tickets are kept; absent: where the system keeps them. */
  readonly ticketCache: string | undefined;
}

/** One member for each kind of credentials, told apart by `mechanism`. */
export type SaslSettings = PasswordSasl | TokenSasl | KerberosSasl;

/** Sends one message of a mechanism, and resolves with the broker's. */
export type SaslExchange = (message: Buffer) => Promise<Buffer>;

/** The mechanisms that kt speaks. */
export const spokenMechanisms: readonly SaslSettings['mechanism'][] = [
  'PLAIN',
  'SCRAM-SHA-256',
  'SCRAM-SHA-512',
  'OAUTHBEARER',
  'AWS_MSK_IAM',
  'GSSAPI',
];

/** The credentials in words, without a secret: who is meant, and what to check when they are refused. */
export function describeSasl(sasl: SaslSettings): { readonly who: string; readonly check: string } {
  if ('password' in sasl) {
    return { who: `user ${sasl.username}`, check: 'the user name, the password and sasl.mechanism' };
  }
  if (sasl.mechanism === 'GSSAPI') {
    return {
      who: sasl.principal ?? (sasl.keytab === undefined ? 'the Kerberos ticket' : `the principal of ${sasl.keytab}`),
      check: `sasl.kerberos.service.name (${sasl.service}), that the broker's keytab has its newest key, and both clocks`,
    };
  }
  return {
    who: sasl.source.kind === 'endpoint' ? `client ${sasl.source.clientId}` : `the token of ${sourceName(sasl.source)}`,
    check:
      sasl.mechanism === 'AWS_MSK_IAM'
        ? "that this IAM identity may kafka-cluster:Connect, the region, and this machine's clock"
        : 'that the broker takes tokens of this issuer for this audience (sasl.oauthbearer.expected.*), and both clocks',
  };
}
