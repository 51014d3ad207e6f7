/** The SASL exchange of OAUTHBEARER (RFC 7628, KIP-255). kafkajs has its own, which takes a broker's refusal for success. */
import type { SaslExchange } from '../sasl.ts';
import { claimsOf } from './claims.ts';
import type { Tokens } from './tokens.ts';

/** Ends each part of a message, and is the answer to a refusal, which a broker needs before it says why. */
const separator = '\x01';

/**
 * Sends the token, with extensions (KIP-342), and asks for the reason where it is refused.
 * @throws Error of the type `SASL_AUTHENTICATION_FAILED` with the broker's words and what the token says of itself; NoToken
 */
export async function authenticateWithToken(
  exchange: SaslExchange,
  tokens: Tokens,
  extensions: Readonly<Record<string, string>>,
): Promise<void> {
  const token = await tokens.current();
  const parts = [`auth=Bearer ${token}`, ...Object.entries(extensions).map(([name, value]) => `${name}=${value}`)];
  const say = async (message: string) => (await exchange(Buffer.from(message))).toString();
  let refusal: string | undefined;
  try {
    refusal = await say(`n,,${separator}${parts.join(separator)}${separator}${separator}`);
    if (refusal === '') return;
    await say(separator);
  } catch (error) {
    const { type, message } = error as { type?: unknown; message: string };
    if (type !== 'SASL_AUTHENTICATION_FAILED') throw error;
    refusal ??= message;
  }
  tokens.forget();
  const about = claimsOf(token);
  const words = `${statusOf(refusal)}; ${about ? `its token has ${about.words}` : 'its token is no JWT'}`;
  throw Object.assign(new Error(words), { type: 'SASL_AUTHENTICATION_FAILED' });
}

/** `{"status":"invalid_token"}` → `invalid_token`. */
function statusOf(refusal: string): string {
  const [, status] = /"status"\s*:\s*"([^"]*)"/.exec(refusal) ?? [];
  return status ?? refusal;
}
