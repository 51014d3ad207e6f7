/** A real OpenID provider on this machine, whose token endpoint gives JWTs for client credentials. */
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type Configuration } from 'oidc-provider';
import { keepSecret } from './secrets.ts';

export interface OidcProvider {
  readonly issuer: string;
  readonly tokenUrl: string;
  readonly keysUrl: string;
  readonly clientId: string;
  /** With characters that a URL would have encoded. */
  readonly clientSecret: string;
  /** What the tokens given from now on are like. */
  readonly tokens: { audience: string; seconds: number };
  /** How many times a token was asked for. */
  asked(): number;
  /** A token as the endpoint gives it. */
  token(): Promise<string>;
}

/** @param scope the only one that may be asked for */
export async function oidcProvider(
  t: { after(end: () => void): void },
  audience: string,
  scope: string,
): Promise<OidcProvider> {
  const server = http.createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  const clientId = `client-${randomUUID()}`;
  const clientSecret = keepSecret(`s3cret+${randomUUID()}/=`);
  keepSecret(encodeURIComponent(clientSecret));
  const tokens = { audience, seconds: 300 };
  const answer = new Provider(issuer, configuration({ clientId, clientSecret, scope, tokens })).callback();
  let asked = 0;
  server.on('request', (request, response) => {
    if (request.url === '/token') asked++;
    void answer(request, response);
  });
  const tokenUrl = `${issuer}/token`;
  return {
    issuer,
    tokenUrl,
    keysUrl: `${issuer}/jwks`,
    clientId,
    clientSecret,
    tokens,
    asked: () => asked,
    async token() {
      const answer = await fetch(tokenUrl, {
        method: 'POST',
        headers: {
          Authorization: `Basic ${Buffer.from(`${clientId}:${encodeURIComponent(clientSecret)}`).toString('base64')}`,
        },
        body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
      });
      return ((await answer.json()) as { access_token: string }).access_token;
    },
  };
}

function configuration({
  clientId,
  clientSecret,
  scope,
  tokens,
}: Pick<OidcProvider, 'clientId' | 'clientSecret' | 'tokens'> & { scope: string }): Configuration {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' } as never] },
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
        token_endpoint_auth_method: 'client_secret_basic',
      },
    ],
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => 'urn:kafka',
        getResourceServerInfo: () => ({
          scope,
          audience: tokens.audience,
          accessTokenTTL: tokens.seconds,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  };
}
