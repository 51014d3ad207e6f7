/** The Authorization header of each request; OAuth's tokens are fetched when needed and kept while they last. */
import type { HttpSender } from '../../base/http/http.ts';
import { askForToken, basicAuthorization, type GivenToken, NoTokenGiven, type OAuthClient } from '../../base/oauth/client.ts';
import { KeptToken } from '../../base/oauth/kept-token.ts';
import { RegistryError } from './error.ts';
import type { RegistryAuth } from './settings.ts';

export class Authorization {
  readonly #auth: RegistryAuth | undefined;
  readonly #token: KeptToken | undefined;

  constructor(auth: RegistryAuth | undefined, sender: HttpSender) {
    this.#auth = auth;
    if (auth?.kind === 'oauth') this.#token = new KeptToken(() => tokenOf(auth, sender));
  }

  /** @throws RegistryError when the token endpoint gives none */
  async header(): Promise<string | undefined> {
    const auth = this.#auth;
    if (!auth) return undefined;
    if (auth.kind === 'basic') return basicAuthorization(auth.user, auth.password);
    return `Bearer ${auth.kind === 'bearer' ? auth.token : await this.#token!.current()}`;
  }

  /** Whether a refused token may be followed by a fresh one. */
  renew(): boolean {
    return this.#token?.forget() ?? false;
  }
}

async function tokenOf(client: OAuthClient, sender: HttpSender): Promise<GivenToken> {
  try {
    return await askForToken(client, sender);
  } catch (error) {
    throw error instanceof NoTokenGiven ? refused(client.tokenUrl, error) : unanswered(client.tokenUrl, error);
  }
}

function refused(tokenUrl: string, { status, message }: NoTokenGiven): RegistryError {
  return new RegistryError(
    status >= 500 ? 'connection' : 'refused',
    `no token for the registry (${tokenUrl} answered ${message})`,
    {
      code: `HTTP_${status}`,
      hint: 'check bearer.auth.client.id, bearer.auth.client.secret, bearer.auth.scope and bearer.auth.issuer.endpoint.url',
      status,
    },
  );
}

function unanswered(tokenUrl: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) return error;
  return new RegistryError('connection', `no token for the registry (no answer from ${tokenUrl}: ${message})`, {
    code,
    hint: 'check bearer.auth.issuer.endpoint.url',
    cause: error,
  });
}
