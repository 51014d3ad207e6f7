/** A registry behind TLS that wants a certificate, asked by both programs: their runtimes have different TLS libraries. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { kt } from '../support/kt.ts';
import { selfSigned } from '../unit/settings/self-signed.ts';

const server = selfSigned('localhost');
const client = selfSigned('client');
const folder = mkdtempSync(join(tmpdir(), 'kt-registry-'));
const path = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const ca = path('ca.pem', server.cert);
const identity = path('client.pem', client.cert + client.pem);

const options = { cert: server.cert, key: server.pem, ca: client.cert, requestCert: true, rejectUnauthorized: true };
const registry = https.createServer(options, (request, response) => {
  const { CN } = (request.socket as TLSSocket).getPeerCertificate().subject;
  const user = request.headers.authorization ?? '';
  response.end(request.url === '/subjects' ? '[]' : JSON.stringify({ compatibilityLevel: `${CN} ${user}` }));
});
registry.listen(0, '127.0.0.1');
await once(registry, 'listening');
after(() => {
  registry.close();
  registry.closeAllConnections();
  rmSync(folder, { recursive: true });
});
const { port } = registry.address() as AddressInfo;

for (const program of ['node', 'binary'] as const) {
  const level = (host: string, ...properties: string[]) =>
    kt(
      [
        'schemas',
        'compatibility',
        '-o',
        'name',
        '--registry',
        `https://${host}:${port}`,
        ...properties.flatMap((each) => ['-X', each]),
      ],
      { program },
    );
  const ssl = 'schema.registry.ssl';
  const trusted = `${ssl}.truststore.location=${ca}`;
  const own = `${ssl}.keystore.location=${identity}`;

  test(`the certificate and the user of ${program} arrive, and the registry's certificate is checked`, async () => {
    const { code, stdout, stderr } = await level('localhost', trusted, own, 'basic.auth.user.info=me:p');
    assert.equal(code, 0, stderr);
    assert.equal(stdout, `client Basic ${Buffer.from('me:p').toString('base64')}\n`);
    const cases: readonly (readonly [host: string, properties: readonly string[], says: RegExp])[] = [
      ['localhost', [own], /certificate is not trusted/],
      ['127.0.0.1', [trusted, own], /endpoint\.identification\.algorithm=none/],
      ['localhost', [trusted], /no answer from https:\/\/localhost/],
    ];
    for (const [host, properties, says] of cases) {
      const result = await level(host, ...properties);
      assert.equal(result.code, 4, result.stderr);
      assert.match(result.stderr, says);
    }
    const unnamed = await level('127.0.0.1', trusted, own, `${ssl}.endpoint.identification.algorithm=none`);
    assert.equal(unnamed.code, 0, unnamed.stderr);
    const unchecked = await level('127.0.0.1', own, 'schema.registry.enable.ssl.certificate.verification=false');
    assert.equal(unchecked.code, 0, unchecked.stderr);
  });
}
