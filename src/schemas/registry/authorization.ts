/** The Authorization header of each request; OAuth's tokens are fetched when needed and kept while they last. */
import { isObject, readErrorBody, readJson } from './body.ts';
import { RegistryError } from './error.ts';
import type { HttpSender } from './http.ts';
import type { OAuthClient, RegistryAuth } from './settings.ts';

/** A token is not used for its last moments: the registry's clock may be ahead. */
const spareMs = 20_000;
const defaultLifeMs = 300_000;

export class Authorization {
  readonly #auth: RegistryAuth | undefined;
  readonly #sender: HttpSender;
  #token: { readonly text: Promise<string>; until: number } | undefined;

  constructor(auth: RegistryAuth | undefined, sender: HttpSender) {
    this.#auth = auth;
    this.#sender = sender;
  }

  /** @throws RegistryError when the token endpoint gives none */
  async header(): Promise<string | undefined> {
    const auth = this.#auth;
    if (!auth) return undefined;
    if (auth.kind === 'basic') return basic(auth.user, auth.password);
    return `Bearer ${auth.kind === 'bearer' ? auth.token : await this.#current(auth)}`;
  }

  /** Whether a refused token may be followed by a fresh one. */
  renew(): boolean {
    if (this.#auth?.kind !== 'oauth' || !this.#token) return false;
    this.#token = undefined;
    return true;
  }

  #current(client: OAuthClient): Promise<string> {
    if (this.#token && this.#token.until > Date.now()) return this.#token.text;
    const token: { text: Promise<string>; until: number } = {
      until: Number.POSITIVE_INFINITY,
      text: this.#fetch(client).then(
        ({ text, lifeMs }) => {
          token.until = Date.now() + Math.max(lifeMs - spareMs, lifeMs / 2);
          return text;
        },
        (error: unknown) => {
          if (this.#token === token) this.#token = undefined;
          throw error;
        },
      ),
    };
    this.#token = token;
    return token.text;
  }

  async #fetch({ tokenUrl, clientId, clientSecret, scope }: OAuthClient): Promise<{ text: string; lifeMs: number }> {
    const answer = await this.#sender
      .send(
        {
          method: 'POST',
          url: new URL(tokenUrl),
          headers: {
            Authorization: basic(encodeURIComponent(clientId), encodeURIComponent(clientSecret)),
            'Content-Type': 'application/x-www-form-urlencoded',
            Accept: 'application/json',
          },
          body: new URLSearchParams({ grant_type: 'client_credentials', ...(scope && { scope }) }).toString(),
        },
        false,
      )
      .catch((error: NodeJS.ErrnoException) => {
        if (error.code === undefined) throw error;
        throw new RegistryError('connection', `no token for the registry (no answer from ${tokenUrl}: ${error.message})`, {
          code: error.code,
          hint: 'check bearer.auth.issuer.endpoint.url',
          cause: error,
        });
      });
    const value = readJson(answer.body);
    if (answer.status === 200 && isObject(value) && typeof value['access_token'] === 'string') {
      const seconds = Number(value['expires_in']);
      return { text: value['access_token'], lifeMs: seconds > 0 ? seconds * 1000 : defaultLifeMs };
    }
    throw noToken(tokenUrl, answer.status, value, answer.body);
  }
}

function noToken(tokenUrl: string, status: number, value: unknown, body: string): RegistryError {
  // RFC 6749, 5.2.
  const said = isObject(value) ? [value['error'], value['error_description']].filter((each) => typeof each === 'string') : [];
  const why =
    said.join(': ') || readErrorBody(body).message.replace(/\s+/g, ' ').slice(0, 200) || 'no access_token in its answer';
  return new RegistryError(
    status >= 500 ? 'connection' : 'refused',
    `no token for the registry (${tokenUrl} answered HTTP ${status}: ${why})`,
    {
      code: `HTTP_${status}`,
      hint: 'check bearer.auth.client.id, bearer.auth.client.secret, bearer.auth.scope and bearer.auth.issuer.endpoint.url',
      status,
    },
  );
}

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}
