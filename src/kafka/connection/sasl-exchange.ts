/** What SASL mechanisms of kt's own send through kafkajs. */
import type { AuthenticationProviderArgs } from 'kafkajs';

/**
 * One message, and the broker's answer; for kafkajs, both have a size of four bytes in front.
 * @throws Error of the type `SASL_AUTHENTICATION_FAILED` with the broker's words
 */
export async function exchanged(
  saslAuthenticate: AuthenticationProviderArgs['saslAuthenticate'],
  message: Uint8Array,
): Promise<Buffer> {
  const size = Buffer.alloc(4);
  size.writeInt32BE(message.length);
  const answer = await saslAuthenticate({
    request: { encode: () => Buffer.concat([size, message]) },
    response: { decode: (raw) => raw, parse: (raw) => raw.subarray(4) },
  });
  return answer ?? Buffer.alloc(0);
}
