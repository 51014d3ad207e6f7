/** Tokens and certificates: as whom kt speaks to a registry. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { TLSSocket } from 'node:tls';
import type { TlsPeer } from '../../../../src/base/tls.ts';
import { selfSigned } from '../../settings/self-signed.ts';
import { opened, serving } from './opened.ts';

const list = { path: ['subjects'], what: 'list the subjects' };

/** A token endpoint that gives `token-1`, `token-2`, …, and a registry that takes only the newest. */
async function tokens(t: TestContext, expiresIn: number) {
  let given = 0;
  const endpoint = await serving(t, [], () => {
    given++;
    return { status: 200, body: { access_token: `token-${given}`, expires_in: expiresIn, token_type: 'Bearer' } };
  });
  const state = { valid: (_token: number): boolean => true };
  const registry = await serving(t, [], ({ headers }) => {
    const number = Number(/^Bearer token-(\d+)$/.exec(headers.authorization ?? '')?.[1]);
    return state.valid(number) ? undefined : { status: 401 };
  });
  const auth = { kind: 'oauth', tokenUrl: endpoint.url, clientId: 'my id', clientSecret: 's&cret', scope: 'a b' } as const;
  const headers = { 'target-sr-cluster': 'lsrc-1' };
  return { endpoint, registry, state, client: opened(t, registry.url, { auth, headers }).client };
}

test('an OAuth client fetches one token for many requests, and gives it with the logical cluster', async (t) => {
  const { endpoint, registry, client } = await tokens(t, 3600);
  await Promise.all([client.ask(list), client.ask(list), client.ask(list)]);
  assert.equal(endpoint.requests.length, 1);
  const [asked] = endpoint.requests;
  assert.equal(asked?.body, 'grant_type=client_credentials&scope=a+b');
  assert.equal(asked?.headers.authorization, `Basic ${Buffer.from('my%20id:s%26cret').toString('base64')}`);
  assert.equal(asked?.headers['target-sr-cluster'], undefined);
  assert.equal(registry.requests[0]?.headers.authorization, 'Bearer token-1');
  assert.equal(registry.requests[0]?.headers['target-sr-cluster'], 'lsrc-1');
});

test('a token that the registry no longer takes is replaced once', async (t) => {
  const { endpoint, state, client } = await tokens(t, 3600);
  await client.ask(list);
  state.valid = (token) => token === 2;
  await client.ask(list);
  assert.equal(endpoint.requests.length, 2);
  state.valid = () => false;
  await assert.rejects(client.ask(list), { kind: 'refused', code: 'HTTP_401' });
  assert.equal(endpoint.requests.length, 3);
});

test('a token is fetched again before it ends', async (t) => {
  const { endpoint, client } = await tokens(t, 0.001);
  await client.ask(list);
  await new Promise((resolve) => setTimeout(resolve, 5));
  await client.ask(list);
  assert.equal(endpoint.requests.length, 2);
});

test('a token endpoint that refuses says why, without the secret', async (t) => {
  const endpoint = await serving(t, [], () => ({
    status: 401,
    body: { error: 'invalid_client', error_description: 'unknown client' },
  }));
  const auth = { kind: 'oauth', tokenUrl: endpoint.url, clientId: 'id', clientSecret: 'S3cret' } as const;
  await assert.rejects(opened(t, 'http://127.0.0.1:1', { auth }).client.ask(list), (error: Error) => {
    assert.match(error.message, /answered HTTP 401: invalid_client: unknown client/);
    assert.doesNotMatch(error.message, /S3cret/);
    return true;
  });
});

const server = selfSigned('localhost');
const client = selfSigned('client');

/** A registry that wants a client certificate; answers who came. */
async function secured(t: TestContext): Promise<string> {
  const options = { cert: server.cert, key: server.pem, ca: client.cert, requestCert: true, rejectUnauthorized: true };
  const listening = https.createServer(options, (request, response) => {
    response.end(JSON.stringify([(request.socket as TLSSocket).getPeerCertificate().subject.CN]));
  });
  listening.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  t.after(() => {
    listening.close();
    listening.closeAllConnections();
  });
  return `https://localhost:${(listening.address() as AddressInfo).port}`;
}

test('a registry that wants a certificate gets it, and its own is checked', async (t) => {
  const url = await secured(t);
  const ask = (tls: TlsPeer) => opened(t, url, { tls }).client.ask(list);
  const own = { cert: client.cert, key: client.pem };
  assert.deepEqual(await ask({ ca: server.cert, ...own, verifyHostname: true }), ['client']);
  await assert.rejects(ask({ ...own, verifyHostname: true }), { kind: 'connection', message: /certificate is not trusted/ });
  await assert.rejects(ask({ ca: server.cert, verifyHostname: true }), { kind: 'connection' });
  assert.deepEqual(await ask({ ...own, verifyHostname: true, verifyCertificate: false }), ['client']);
});

test('a certificate for another name is refused, unless names do not count', async (t) => {
  const url = (await secured(t)).replace('localhost', '127.0.0.1');
  const tls = { ca: server.cert, cert: client.cert, key: client.pem };
  const ask = (verifyHostname: boolean) => opened(t, url, { tls: { ...tls, verifyHostname } }).client.ask(list);
  await assert.rejects(ask(true), { kind: 'connection', code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  assert.deepEqual(await ask(false), ['client']);
});

test('http to a registry that speaks TLS, and the other way round, say so', async (t) => {
  const url = await secured(t);
  await assert.rejects(opened(t, url.replace('https', 'http'), {}).client.ask(list), { kind: 'connection' });
  const plain = await serving(t);
  const error = await opened(t, plain.url.replace('http', 'https'))
    .client.ask(list)
    .catch((reason: { message: string; hint: string }) => reason);
  assert.match((error as { hint: string }).hint, /begins with http:\/\//);
});
