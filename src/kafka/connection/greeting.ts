/** The first words on a connection: which versions the broker speaks (KIP-35), and who the user is (SASL, KIP-43 and KIP-152). */
import { KtError } from '../../base/errors.ts';
import { ErrorCode, errorOf } from '../wire/errors.ts';
import { decodeFrame } from '../wire/frame.ts';
import type { ApiName, RequestBodies, ResponseBodies } from '../wire/generated/types.ts';
import { type ApiRanges, negotiate } from '../wire/versions.ts';
import type { Login } from './login.ts';
import { NotOffered } from './not-offered.ts';

/** Sends a request, and resolves with the answer's bytes after the correlation id. */
export type Send = <A extends ApiName>(api: A, version: number, body: RequestBodies[A]) => Promise<Buffer>;

/** Brokers since Kafka 2.0 speak it; newer ones bring nothing that a connection needs. */
const apiVersionsVersion = 2;

/** The broker's versions. An older broker says so in the oldest version's format. @throws Error, also for bytes that are no such answer */
export async function askVersions(send: Send): Promise<ApiRanges> {
  const ask = async (version: number): Promise<ResponseBodies['ApiVersions'] | undefined> => {
    const payload = await send('ApiVersions', version, {});
    if (version > 0 && payload.readInt16BE(0) === ErrorCode.UNSUPPORTED_VERSION) return undefined;
    return decoded('ApiVersions', version, payload);
  };
  const { errorCode, apiKeys } = (await ask(apiVersionsVersion)) ?? (await ask(0))!;
  if (errorCode !== 0) throw refusal(errorCode);
  return Object.fromEntries(apiKeys.map(({ apiKey, ...range }) => [apiKey, range]));
}

/**
 * Logs the user in.
 * @param host the broker's, as kt knows it
 * @returns how long the session lasts, in ms; 0 or less: without an end (KIP-368)
 * @throws Error with the broker's words; NotOffered
 */
export async function authenticate(send: Send, versions: ApiRanges, login: Login, host: string): Promise<number> {
  const ask = async <A extends ApiName>(api: A, body: RequestBodies[A]): Promise<ResponseBodies[A]> => {
    const version = negotiate(api, versions);
    if (version === undefined) throw new Error(`the broker does not have ${api}`);
    return decoded(api, version, await send(api, version, body));
  };
  const { mechanism } = login;
  const { errorCode, mechanisms } = await ask('SaslHandshake', { mechanism });
  if (errorCode === ErrorCode.UNSUPPORTED_SASL_MECHANISM) throw new NotOffered(mechanisms);
  if (errorCode !== 0) throw refusal(errorCode);
  let lifetimeMs = 0;
  await login.logIn(async (message) => {
    const answer = await ask('SaslAuthenticate', { authBytes: message });
    if (answer.errorCode !== 0) throw refusal(answer.errorCode, answer.errorMessage);
    lifetimeMs = Number(answer.sessionLifetimeMs);
    return answer.authBytes;
  }, host);
  return lifetimeMs;
}

/** @throws Error with what is wrong alone: that there is no connection is said around it */
function decoded<A extends ApiName>(api: A, version: number, payload: Buffer): ResponseBodies[A] {
  try {
    return decodeFrame(api, version, payload);
  } catch (error) {
    throw error instanceof KtError ? error.cause : error;
  }
}

/** `type` is Kafka's name of the error. */
function refusal(code: number, brokerMessage?: string | null): Error {
  const { name, message } = errorOf(code);
  return Object.assign(new Error(brokerMessage || message), { type: name });
}
