/** SCRAM credentials as brokers keep them (RFC 5802, KIP-554): the password itself never leaves this machine. */
import { pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

/** The mechanisms, each with the protocol's number, its hash, and the length of a salted password in bytes. */
const mechanismFacts = {
  'SCRAM-SHA-256': { code: 1, hash: 'sha256', bytes: 32 },
  'SCRAM-SHA-512': { code: 2, hash: 'sha512', bytes: 64 },
} as const;

export type ScramMechanism = keyof typeof mechanismFacts;

export const scramMechanisms = ['SCRAM-SHA-256', 'SCRAM-SHA-512'] as const satisfies readonly ScramMechanism[];

/** What is meant where none is named. */
export const usualMechanism: ScramMechanism = 'SCRAM-SHA-512';

/** How many rounds brokers accept (Kafka's ScramMechanism and MAX_ITERATIONS). */
export const fewestIterations = 4_096;
export const mostIterations = 16_384;
const saltBytes = 32;

/** The protocol's number of a mechanism. */
export function mechanismCode(mechanism: ScramMechanism): number {
  return mechanismFacts[mechanism].code;
}

/** The name of a mechanism; one newer than kt is `UNKNOWN_n`. */
export function mechanismOf(code: number): string {
  return scramMechanisms.find((mechanism) => mechanismFacts[mechanism].code === code) ?? `UNKNOWN_${code}`;
}

/** A password made unreadable: RFC 5802's `Hi(password, salt, iterations)` with a salt of its own. */
export async function saltedPassword(
  mechanism: ScramMechanism,
  password: string,
  iterations: number,
  salt: Buffer = randomBytes(saltBytes),
): Promise<{ readonly salt: Buffer; readonly saltedPassword: Buffer }> {
  const { hash, bytes } = mechanismFacts[mechanism];
  return { salt, saltedPassword: await promisify(pbkdf2)(password, salt, iterations, bytes, hash) };
}

/** Whether it is a mechanism that kt can name to brokers. */
export function isScramMechanism(name: string): name is ScramMechanism {
  return name in mechanismFacts;
}
