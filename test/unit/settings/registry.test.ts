/** How to reach a schema registry: what counts, what is refused, and that no secret is shown. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { KtError } from '../../../src/base/errors.ts';
import type { ConnectionFlags } from '../../../src/cli/options.ts';
import { readGiven, registrySettings, resolveSettings } from '../../../src/settings/resolve.ts';
import { redact } from '../../../src/settings/secrets.ts';
import { trustJks, trustPkcs12 } from './keytool-stores.ts';
import { selfSigned } from './self-signed.ts';

const folder = mkdtempSync(join(tmpdir(), 'kt-registry-'));
after(() => rmSync(folder, { recursive: true }));
const { signal } = new AbortController();
const url = 'http://registry:8081';

type Flags = Partial<ConnectionFlags>;
type Env = Record<string, string>;

async function resolve(flags: Flags, env: Env = {}) {
  return await registrySettings(await readGiven({ property: [], addressMap: [], ...flags }, env, signal));
}

const withProperties = (...property: string[]) => resolve({ registry: url, property });

async function refusal(flags: Flags, env: Env = {}): Promise<KtError> {
  const error = await resolve(flags, env).then(
    () => assert.fail('nothing was refused'),
    (error: KtError) => error,
  );
  assert.equal(error.kind, 'usage', error.stack);
  return error;
}

function config(text: string, mode = 0o600): Env {
  const home = mkdtempSync(join(folder, 'home-'));
  mkdirSync(join(home, 'kt'));
  writeFileSync(join(home, 'kt', 'config.yaml'), text, { mode });
  return { XDG_CONFIG_HOME: home };
}

test('without an address there is no registry', async () => {
  assert.equal(await resolve({}), undefined);
  assert.equal(await resolve({ property: ['basic.auth.user.info=a:b'] }), undefined);
});

test('addresses are told apart from their credentials, and one registry has one name', async () => {
  const settings = await resolve({ registry: 'http://me:p%40ss@Registry:8081/, https://two/api//' });
  assert.deepEqual(settings?.urls, ['http://registry:8081', 'https://two/api']);
  assert.deepEqual(settings?.auth, { kind: 'basic', user: 'me', password: 'p@ss' });
  assert.equal(settings?.origin, '--registry');
  assert.equal(settings?.timeoutMs, 10_000);
});

test('an option counts before a variable, and a variable before a profile', async () => {
  const env = config('current: a\nprofiles:\n  a:\n    registry: http://profile\n    timeout: 3s\n');
  assert.deepEqual((await resolve({}, env))?.urls, ['http://profile']);
  assert.equal((await resolve({}, env))?.timeoutMs, 3000);
  const variable = { ...env, KT_REGISTRY: 'http://variable' };
  assert.deepEqual((await resolve({}, variable))?.urls, ['http://variable']);
  assert.deepEqual((await resolve({ property: ['schema.registry.url=http://x'] }, variable))?.urls, ['http://x']);
  assert.deepEqual((await resolve({ registry: 'http://flag' }, variable))?.urls, ['http://flag']);
});

test('a file of a Java client says it all', async () => {
  const path = join(folder, 'client.properties');
  writeFileSync(
    path,
    `schema.registry.url=https://psrc.example\nbasic.auth.credentials.source=SASL_INHERIT
security.protocol=SASL_SSL\nsasl.mechanism=PLAIN
sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="u" password="p";
auto.register.schemas=false\n`,
  );
  const settings = await resolve({ commandConfig: path });
  assert.deepEqual(settings?.urls, ['https://psrc.example']);
  assert.deepEqual(settings?.auth, { kind: 'basic', user: 'u', password: 'p' });
});

test('user, token and OAuth client come from their properties, under the longer names too', async () => {
  const user = { kind: 'basic', user: 'me', password: 'a:b' };
  assert.deepEqual((await withProperties('basic.auth.user.info=me:a:b'))?.auth, user);
  assert.deepEqual((await withProperties('schema.registry.basic.auth.user.info=me:a:b'))?.auth, user);
  assert.deepEqual((await withProperties('bearer.auth.token=abc'))?.auth, { kind: 'bearer', token: 'abc' });
  const settings = await withProperties(
    'bearer.auth.credentials.source=OAUTHBEARER',
    'bearer.auth.issuer.endpoint.url=https://login/token',
    'bearer.auth.client.id=id',
    'bearer.auth.client.secret=secret',
    'bearer.auth.scope=schemas',
    'bearer.auth.logical.cluster=lsrc-1',
    'bearer.auth.identity.pool.id=pool-1',
    'request.header.X-Team=payments',
  );
  const { auth, headers } = settings!;
  const client = { tokenUrl: 'https://login/token', clientId: 'id', clientSecret: 'secret', scope: 'schemas' };
  assert.deepEqual(auth, { kind: 'oauth', ...client });
  assert.deepEqual(headers, {
    'target-sr-cluster': 'lsrc-1',
    'Confluent-Identity-Pool-Id': 'pool-1',
    'X-Team': 'payments',
  });
});

test('credentials given with an option replace those of another kind in a profile', async () => {
  const env = config(
    `current: a\nprofiles:\n  a:\n    registry: ${url}\n    properties:\n      basic.auth.user.info: me:\${env:PASSWORD}\n`,
  );
  assert.deepEqual((await resolve({ property: ['bearer.auth.token=t'] }, env))?.auth, { kind: 'bearer', token: 't' });
  assert.deepEqual((await resolve({}, { ...env, PASSWORD: 'p' }))?.auth, { kind: 'basic', user: 'me', password: 'p' });
});

test('a secret of the registry that is missing does not stop what only needs the cluster, and the other way round', async () => {
  const flags = {
    property: [`basic.auth.user.info=me:\${env:NONE}`],
  };
  await resolveSettings({ addressMap: [], registry: url, ...flags }, {}, signal);
  const cluster = ['security.protocol=SASL_SSL', 'sasl.mechanism=PLAIN', 'sasl.username=u', `sasl.password=\${env:NONE}`];
  assert.deepEqual((await resolve({ registry: url, property: cluster }))?.urls, [url]);
  assert.match((await refusal({ registry: url, ...flags })).message, /variable NONE is not set/);
});

test('authorities and keys are read from every kind of store, under the names of the cluster with a prefix', async () => {
  const ca = selfSigned('ca');
  const paths = { pem: join(folder, 'ca.pem'), jks: join(folder, 'ca.jks'), p12: join(folder, 'ca.p12') };
  writeFileSync(paths.pem, ca.cert);
  writeFileSync(paths.jks, Buffer.from(trustJks, 'base64'));
  writeFileSync(paths.p12, Buffer.from(trustPkcs12, 'base64'));
  const ssl = 'schema.registry.ssl';
  for (const path of Object.values(paths)) {
    const settings = await withProperties(`${ssl}.truststore.location=${path}`, `${ssl}.truststore.password=changeit`);
    assert.match(settings?.tls?.ca ?? '', /BEGIN CERTIFICATE/, path);
    assert.equal(settings?.tls?.verifyHostname, true);
  }
  writeFileSync(join(folder, 'key.pem'), ca.pem);
  const settings = await withProperties(
    `${ssl}.ca.location=${paths.pem}`,
    `${ssl}.certificate.location=${paths.pem}`,
    `${ssl}.key.location=${join(folder, 'key.pem')}`,
  );
  assert.match(settings?.tls?.key ?? '', /PRIVATE KEY/);
  const wrong = await refusal({ registry: url, property: [`${ssl}.truststore.location=/none`] });
  assert.match(wrong.message, /^-X schema\.registry\.ssl\.truststore\.location: cannot read \/none/);
});

test('what cannot be meant is refused, and no refusal holds a secret', async () => {
  const property = (...all: string[]): Flags => ({ registry: url, property: all });
  const cases: readonly (readonly [flags: Flags, message: RegExp])[] = [
    [{ registry: 'localhost:8081' }, /^--registry: 'localhost:8081' is no address of a registry$/],
    [{ registry: 'ftp://me:S3cret@host' }, /'ftp:\/\/me:\*{8}@host' is no address/],
    [{ registry: ' , ' }, /names no address/],
    [{ registry: 'http://me:S3cret%@host' }, /a % that encodes nothing/],
    [property('basic.auth.user.info=S3cret'), /there is no : between user and password/],
    [property('basic.auth.credentials.source=USER_INFO'), /basic\.auth\.user\.info is not given/],
    [property('basic.auth.credentials.source=SASL_INHERIT'), /sasl\.username is not given/],
    [property('basic.auth.credentials.source=CUSTOM'), /kt does not know 'CUSTOM'/],
    [property('basic.auth.user.info=me:S3cret', 'bearer.auth.token=S3cret'), /takes one of them/],
    [property('bearer.auth.token=S3cret S3cret'), /cannot be a token/],
    [property('bearer.auth.client.id=me'), /bearer\.auth\.issuer\.endpoint\.url is not given/],
    [property('bearer.auth.client.id=me', 'bearer.auth.issuer.endpoint.url=here'), /'here' is no address/],
    [property('request.header.X-Key=S3cret\nS3cret'), /cannot be an HTTP header/],
    [property('schema.registry.urls=x'), /unknown client property/],
  ];
  for (const [flags, message] of cases) {
    const error = await refusal(flags);
    assert.match(error.message, message);
    assert.doesNotMatch(`${error.message} ${error.hint}`, /S3cret/);
  }
});

test('a profile that others can read may name a registry, but hold none of its secrets', async () => {
  const entry = (lines: string) => `profiles:\n  a:\n${lines}`;
  const asked = { KT_PROFILE: 'a' };
  const open = (lines: string) => ({ ...config(entry(lines), 0o644), ...asked });
  assert.ok(await resolve({}, open(`    registry: ${url}\n`)));
  assert.ok(await resolve({}, { ...open(`    registry: http://me:\${env:P}@r\n`), P: 'x' }));
  for (const lines of [
    '    registry: http://me:S3cret@r\n',
    `    registry: ${url}\n    properties:\n      basic.auth.user.info: me:S3cret\n`,
    `    registry: ${url}\n    properties:\n      bearer.auth.token: S3cret\n`,
    `    registry: ${url}\n    properties:\n      request.header.X-Api-Key: S3cret\n`,
  ]) {
    const { message } = await refusal({}, open(lines));
    assert.match(message, /can be read by others and holds a secret/);
    assert.doesNotMatch(message, /S3cret/);
  }
});

test('what is shown of a profile has no password in it', () => {
  assert.equal(redact('schema.registry.url', 'http://me:S3cret@a,https://b'), 'http://me:********@a,https://b');
  assert.equal(redact('schema.registry.url', `http://me:\${env:P}@a`), `http://me:\${env:P}@a`);
  assert.equal(redact('basic.auth.user.info', 'me:S3cret'), '********');
  assert.equal(redact('schema.registry.basic.auth.user.info', 'me:S3cret'), '********');
  assert.equal(redact('basic.auth.user.info', `me:\${env:P}`), `me:\${env:P}`);
});
