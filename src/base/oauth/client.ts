/** OAuth's client credentials: a token endpoint gives a token for a while (RFC 6749, 4.4). */
import type { HttpSender } from '../http/http.ts';
import { isObject, readJson } from '../http/json.ts';

export interface OAuthClient {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope?: string | undefined;
  /** False: id and secret are sent as they are, as Kafka's Java client does; RFC 6749, 2.3.1 has them encoded. */
  readonly isEncoded?: boolean | undefined;
}

export interface GivenToken {
  readonly text: string;
  /** How long it counts from now on, in ms. */
  readonly lifeMs: number;
}

/** Where the endpoint does not say it. */
const defaultLifeMs = 300_000;

/** The endpoint answered, and gave no token. */
export class NoTokenGiven extends Error {
  /** The HTTP status. */
  readonly status: number;
  /** What the endpoint said, on one line. */
  readonly why: string;

  constructor(status: number, why: string) {
    super(`HTTP ${status}: ${why}`);
    this.status = status;
    this.why = why;
  }
}

/** @throws NoTokenGiven; what `HttpSender.send` throws */
export async function askForToken(client: OAuthClient, sender: HttpSender): Promise<GivenToken> {
  const { tokenUrl, clientId, clientSecret, scope, isEncoded = true } = client;
  const credential = isEncoded ? encodeURIComponent : (text: string) => text;
  const answer = await sender.send(
    {
      method: 'POST',
      url: new URL(tokenUrl),
      headers: {
        Authorization: basicAuthorization(credential(clientId), credential(clientSecret)),
        'Content-Type': 'application/x-www-form-urlencoded',
        Accept: 'application/json',
      },
      body: new URLSearchParams({ grant_type: 'client_credentials', ...(scope && { scope }) }).toString(),
    },
    false,
  );
  const value = readJson(answer.body);
  if (answer.status === 200 && isObject(value) && typeof value['access_token'] === 'string') {
    const seconds = Number(value['expires_in']);
    return { text: value['access_token'], lifeMs: seconds > 0 ? seconds * 1000 : defaultLifeMs };
  }
  throw new NoTokenGiven(answer.status, refusalWords(value, answer.body));
}

/** The Authorization header of a user with a password (RFC 7617). */
export function basicAuthorization(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** RFC 6749, 5.2; a page of HTML says nothing. */
function refusalWords(value: unknown, body: string): string {
  const said = isObject(value)
    ? ['error', 'error_description', 'message', 'title', 'detail'].map((name) => value[name])
    : [/^\s*</.test(body) ? '' : body];
  const words = said.filter((each) => typeof each === 'string' && each !== '').join(': ');
  return words.replace(/\s+/g, ' ').slice(0, 200) || 'no access_token in its answer';
}
