/** A schema registry that only a proxy reaches, with and without TLS; and one whose certificate nobody checks. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { kt, programs } from '../support/kt.ts';
import { httpProxy, socksProxy } from '../support/proxies.ts';
import { closedPort } from '../support/servers.ts';
import { selfSigned } from '../unit/settings/self-signed.ts';

const folder = mkdtempSync(join(tmpdir(), 'kt-registry-proxy-'));
after(() => rmSync(folder, { recursive: true }));

const { cert, pem } = selfSigned('registry.inside');
const ca = join(folder, 'ca.pem');
writeFileSync(ca, cert);

/** As much of a registry as `schemas list` asks for. */
const answer: http.RequestListener = ({ url = '' }, response) => {
  const answers: Readonly<Record<string, string>> = {
    '/subjects': '["orders-value"]',
    '/subjects/orders-value/versions': '[1]',
    '/subjects/orders-value/versions/1': '{"subject":"orders-value","version":1,"id":1,"schema":"\\"string\\""}',
  };
  response.end(answers[url.split('?')[0]!] ?? '{"compatibilityLevel":"FULL"}');
};

async function listening<S extends http.Server>(server: S): Promise<{ server: S; address: string }> {
  server.listen(0, 'localhost');
  await once(server, 'listening');
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, address: `localhost:${(server.address() as AddressInfo).port}` };
}

const plain = await listening(http.createServer(answer));
const secure = await listening(https.createServer({ cert, key: pem }, answer));
/** Names that only the proxy knows. */
const hosts = { 'registry.inside:8081': plain.address, 'registry.inside:443': secure.address };
const trusted = ['-X', `schema.registry.ssl.truststore.location=${ca}`];
const unchecked = ['-X', 'schema.registry.enable.ssl.certificate.verification=false'];

for (const program of Object.keys(programs) as (keyof typeof programs)[]) {
  const list = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    kt(['schemas', 'list', '-o', 'name', '--timeout', '30s', ...args], { program, env });

  for (const [kind, start] of Object.entries({ socks5: socksProxy, http: httpProxy })) {
    test(`${program}: a registry is asked through ${kind}, its name looked up there; what fails is told`, async (t) => {
      const user = { name: 'bob', password: 'se cret' };
      const proxy = await start({ hosts, user });
      t.after(() => proxy.close());
      const url = proxy.url.replace('//', '//bob:se%20cret@');
      for (const [registry, options] of [
        ['http://registry.inside:8081', []],
        ['https://registry.inside', trusted],
      ] as const) {
        const { code, stdout, stderr } = await list(['--registry', registry, ...options, '-v'], { KT_PROXY: url });
        assert.deepEqual([code, stdout], [0, 'orders-value\n'], stderr);
        assert.match(stderr, new RegExp(`^GET ${registry}/subjects through ${proxy.url}: HTTP 200`, 'm'));
        assert.ok(!stderr.includes('cret'), stderr);
      }
      assert.deepEqual(new Set(proxy.targets), new Set(Object.keys(hosts)));

      const untrusted = await list(['--registry', 'https://registry.inside', '--proxy', url]);
      assert.equal(untrusted.code, 4);
      assert.match(untrusted.stderr, /^kt: cannot .+ \(no answer from .+: its certificate is not trusted/);

      const gone = await list(['--registry', 'http://gone.invalid:1', '--proxy', url]);
      assert.equal(gone.code, 4);
      const words = `no connection to gone\\.invalid:1 through ${proxy.url}: the proxy did not get a connection`;
      assert.match(gone.stderr, new RegExp(`^kt: cannot .+ \\(${words}.+\\)\nhint: .+ --registry gives another address\n$`));
      const either = await list(['--registry', 'http://gone.invalid:1,http://registry.inside:8081', '--proxy', url]);
      assert.deepEqual([either.code, either.stdout], [0, 'orders-value\n'], 'another address is asked');

      const refused = await list([
        '--registry',
        'http://registry.inside:8081',
        '--proxy',
        `${kind}://localhost:${await closedPort()}`,
      ]);
      assert.equal(refused.code, 4);
      assert.match(refused.stderr, /the proxy itself refused the connection\)\nhint: .+ --proxy none/);
    });
  }

  test(`${program}: NO_PROXY leaves a registry out, and --proxy none all`, async (t) => {
    const proxy = await socksProxy();
    t.after(() => proxy.close());
    const registry = ['--registry', `http://${plain.address}`];
    for (const env of [{ NO_PROXY: 'localhost' }, { NO_PROXY: '.example.com' }]) {
      const asked = proxy.targets.length;
      const { code, stderr } = await list([...registry, '--proxy', 'env'], { ALL_PROXY: proxy.url, ...env });
      assert.equal(code, 0, stderr);
      assert.equal(proxy.targets.length > asked, env.NO_PROXY !== 'localhost');
    }
    const asked = proxy.targets.length;
    assert.equal((await list([...registry, '--proxy', 'none'], { KT_PROXY: proxy.url })).code, 0);
    assert.equal(proxy.targets.length, asked);
  });

  test(`${program}: that a registry's certificate is not checked is said once, and not where there is none`, async () => {
    const { code, stdout, stderr } = await list(['--registry', `https://${secure.address}`, ...unchecked]);
    assert.deepEqual([code, stdout], [0, 'orders-value\n'], stderr);
    const label = 'schema.registry.enable.ssl.certificate.verification';
    assert.match(
      stderr,
      new RegExp(
        `^kt: the registry's certificate is not checked, so anybody can pose as the registry \\([^)]*${label}[^)]*\\)\n$`,
      ),
    );
    const named = ['-X', 'schema.registry.ssl.endpoint.identification.algorithm=', ...trusted];
    const other = await list(['--registry', `https://${secure.address}`, ...named]);
    assert.match(other.stderr, /^kt: the host name in the registry's certificate is not checked \(.+\)\n$/);
    const none = await list(['--registry', `http://${plain.address}`, ...unchecked]);
    assert.deepEqual([none.code, none.stderr], [0, '']);
  });
}
