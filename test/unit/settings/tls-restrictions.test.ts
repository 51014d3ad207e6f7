/** TLS as restricted as its user says, and a word when something is not checked; with servers on the loopback. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import tls from 'node:tls';
import type { KtError } from '../../../src/base/errors.ts';
import { openSocket } from '../../../src/kafka/connection/open-socket.ts';
import { type ResolvedSettings, resolveSettings } from '../../../src/settings/resolve.ts';
import { selfSigned } from './self-signed.ts';

const folder = mkdtempSync(join(tmpdir(), 'kt-restricted-'));
after(() => rmSync(folder, { recursive: true }));
const authority = selfSigned('localhost');
const caFile = join(folder, 'ca.pem');
writeFileSync(caFile, authority.cert);

const { signal } = new AbortController();
const trusting = ['security.protocol=SSL', `ssl.ca.location=${caFile}`];
const settingsOf = (property: readonly string[]): Promise<ResolvedSettings> =>
  resolveSettings({ property: [...property], addressMap: [] }, {}, signal);

/** What two ends agree on, or the error of the connecting one. */
async function agreed(property: readonly string[], server: tls.TlsOptions): Promise<string> {
  const settings = await settingsOf(property);
  const listening = tls.createServer({ cert: authority.cert, key: authority.pem, ...server });
  listening.on('tlsClientError', () => {});
  listening.on('secureConnection', (peer) => peer.on('error', () => {}));
  listening.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;
  const route = { advertised: { host: 'localhost', port }, target: { host: '127.0.0.1', port } };
  try {
    return await new Promise((resolve) => {
      const lost = (error: unknown) => resolve((error as KtError).code ?? (error as Error).message);
      openSocket(route, settings.tls, undefined, {
        connected(secured) {
          resolve(`${secured!.getProtocol()} ${secured!.getCipher().name}`);
          secured!.destroy();
        },
        lost,
        room: () => Buffer.alloc(100),
        filled: () => {},
      }).catch(lost);
    });
  } finally {
    listening.close();
  }
}

test('only the TLS versions that are allowed are spoken', async () => {
  assert.match(await agreed(trusting, {}), /^TLSv1\.3 /);
  for (const property of [
    'ssl.enabled.protocols=TLSv1.2',
    'ssl.protocol=TLSv1.2',
    'ssl.enabled.protocols= TLSv1.1 , TLSv1.2 ',
  ]) {
    assert.match(await agreed([...trusting, property], {}), /^TLSv1\.2 /, property);
  }
  assert.match(await agreed([...trusting, 'ssl.enabled.protocols=TLSv1.2,TLSv1.3', 'ssl.protocol=TLS'], {}), /^TLSv1\.3 /);
  assert.match(await agreed([...trusting, 'ssl.enabled.protocols=TLSv1.3'], { maxVersion: 'TLSv1.2' }), /PROTOCOL_VERSION/);
});

test("only the cipher suites that are allowed are taken, under Java's and OpenSSL's names", async () => {
  for (const [suites, expected] of [
    ['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', /^TLSv1\.2 ECDHE-RSA-AES256-GCM-SHA384$/],
    ['TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256', /^TLSv1\.2 ECDHE-RSA-CHACHA20-POLY1305$/],
    ['ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384', /^TLSv1\.2 ECDHE-RSA-AES128-GCM-SHA256$/],
    ['TLS_AES_128_GCM_SHA256', /^TLSv1\.3 TLS_AES_128_GCM_SHA256$/],
    ['TLS_RSA_WITH_AES_128_CBC_SHA, TLS_AES_256_GCM_SHA384', /^TLSv1\.3 TLS_AES_256_GCM_SHA384$/],
  ] as const) {
    assert.match(await agreed([...trusting, `ssl.cipher.suites=${suites}`], {}), expected, suites);
  }
  const only13 = [...trusting, 'ssl.cipher.suites=TLS_AES_128_GCM_SHA256'];
  assert.match(await agreed(only13, { maxVersion: 'TLSv1.2' }), /PROTOCOL_VERSION/);
});

test('a restriction that cannot be kept is refused, in a file too', async () => {
  const file = join(folder, 'client.properties');
  for (const [text, message] of [
    ['ssl.crl.location=/etc/crl.pem', /ssl\.crl\.location .*: kt cannot keep to this restriction$/],
    ['ssl.enabled.protocols=TLSv1.1', /: no TLS version is left$/],
    [
      'ssl.enabled.protocols=TLSv1.3\nssl.protocol=TLSv1.2',
      /ssl\.enabled\.protocols .*ssl\.protocol .*: no TLS version is left$/,
    ],
    ['ssl.enabled.protocols=TLSv1.2,TLS1.3', /: no such TLS version 'TLS1\.3'$/],
    ['ssl.cipher.suites=HIGH', /: kt does not know the cipher suite 'HIGH'$/],
  ] as const) {
    writeFileSync(file, `bootstrap.servers=b:1\nsecurity.protocol=SSL\n${text}\n`);
    await assert.rejects(resolveSettings({ property: [], addressMap: [], commandConfig: file }, {}, signal), {
      kind: 'usage',
      message,
    });
  }
});

test('a variable of the runtime does not turn the check of certificates off', async () => {
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
  const other = join(folder, 'other.pem');
  writeFileSync(other, selfSigned('localhost').cert);
  assert.match(await agreed(['security.protocol=SSL', `ssl.ca.location=${other}`], {}), /SELF_SIGNED|CERT/);
});

test('whatever is not checked is told, with the setting that says so', async () => {
  const warning = async (...property: string[]) => (await settingsOf([...trusting, ...property])).tlsWarning;
  assert.equal(await warning(), undefined);
  assert.equal(
    await warning('ssl.endpoint.identification.algorithm='),
    "the host name in the broker's certificate is not checked (-X ssl.endpoint.identification.algorithm)",
  );
  assert.equal(
    await warning('ssl.endpoint.identification.algorithm=none', 'enable.ssl.certificate.verification=false'),
    "the broker's certificate is not checked, so anybody can pose as the broker (-X enable.ssl.certificate.verification)",
  );
});
