/** Settings that Kafka's own tools take: key stores with two passwords, files with blanks at line ends, addresses copied from a broker's listeners; sessions of any length. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { ownCluster } from '../support/clusters.ts';
import { kt } from '../support/kt.ts';

// Milliseconds that are no whole seconds, and whose part is no whole number.
const reauthMs = 30_001;
const { listeners, credentials, certificates } = await ownCluster(
  { after },
  {
    security: 'sasl_ssl',
    listeners: ['SASL_SSL', 'SSL', 'SASL_PLAINTEXT'],
    serverConfig: { 'connections.max.reauth.ms': String(reauthMs) },
  },
);
const { ca, clientCertificate, clientKey } = certificates!;
const folder = mkdtempSync(join(tmpdir(), 'kt-stores-'));
after(() => rmSync(folder, { recursive: true }));

const keytool = (...words: readonly string[]) => promisify(execFile)('keytool', [...words]);

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

/** `-X` for each property. */
function properties(values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).flatMap(([name, value]) => ['-X', `${name}=${value}`]);
}

async function reaches(
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Record<string, string> } = {},
) {
  const { code, stderr } = await kt(['topics', 'list', '-o', 'name', ...args], options);
  assert.deepEqual([code, stderr], [0, '']);
}

/** Key stores of the client's certificate: PKCS#12, and JKS whose key has another password than the store. */
async function stores(): Promise<{ readonly pkcs12: string; readonly jks: string; readonly trust: string }> {
  const [pkcs12, jks, trust] = ['client.p12', 'client.jks', 'trust.jks'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const pair = [
    '-in',
    clientCertificate,
    '-inkey',
    clientKey,
    '-name',
    'client',
    '-certfile',
    ca,
    '-passout',
    'pass:clientpass',
  ];
  await promisify(execFile)('openssl', ['pkcs12', '-export', ...pair, '-out', pkcs12]);
  const from = ['-srckeystore', pkcs12, '-srcstoretype', 'PKCS12', '-srcstorepass', 'clientpass', '-srcalias', 'client'];
  const to = ['-destkeystore', jks, '-deststoretype', 'JKS', '-deststorepass', 'storepass', '-destkeypass', 'keypassword'];
  await keytool('-importkeystore', '-noprompt', ...from, ...to);
  await keytool(
    '-importcert',
    '-noprompt',
    '-alias',
    'ca',
    '-file',
    ca,
    '-keystore',
    trust,
    '-storepass',
    'trustpass',
    '-storetype',
    'JKS',
  );
  return { pkcs12, jks, trust };
}

const { pkcs12, jks, trust } = await stores();
const tls = { 'security.protocol': 'SSL', 'ssl.ca.location': ca };

test('a JKS key store whose key has a password of its own', async () => {
  const store = { ...tls, 'ssl.keystore.location': jks, 'ssl.keystore.password': 'storepass' };
  await reaches(['-b', listeners.SSL!, ...properties({ ...store, 'ssl.key.password': 'keypassword' })]);
});

test('a properties file with blanks at the ends of its lines, as Kafka reads it', async () => {
  const lines = [
    `bootstrap.servers=${listeners.SSL} `,
    'security.protocol=SSL\t',
    'ssl.truststore.type=JKS ',
    `ssl.truststore.location=${trust}  `,
    'ssl.truststore.password=trustpass ',
    `ssl.keystore.location=${pkcs12} `,
    'ssl.keystore.password=clientpass ',
    'ssl.keystore.type=PKCS12 ',
  ];
  await reaches(['--command-config', file('blanks.properties', `${lines.join('\n')}\n`)]);
});

test('a key that is encrypted with a password', async () => {
  const key = createPrivateKey(readFileSync(clientKey));
  const locked = key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'keypassword' }).toString();
  const plain = file('plain.key.pem', key.export({ type: 'pkcs8', format: 'pem' }).toString());
  const scrypt = join(folder, 'scrypt.key.pem');
  await promisify(execFile)('openssl', [
    'pkcs8',
    '-topk8',
    '-scrypt',
    '-in',
    plain,
    '-out',
    scrypt,
    '-passout',
    'pass:keypassword',
  ]);
  for (const path of [file('aes.key.pem', locked), scrypt]) {
    const pair = { 'ssl.certificate.location': clientCertificate, 'ssl.key.location': path, 'ssl.key.password': 'keypassword' };
    await reaches(['-b', listeners.SSL!, ...properties({ ...tls, ...pair })]);
  }
});

test('an address with the name of its listener in front', () =>
  reaches(['-b', `EXTERNAL://${listeners.SSL}`, ...properties(tls)]));

test('a profile with a relative path works in any folder', async () => {
  const [home, other] = [join(folder, 'home'), join(folder, 'other')];
  for (const each of [home, other]) mkdirSync(each);
  const env = { XDG_CONFIG_HOME: join(folder, 'config') };
  const words = ['profile', 'add', 'secured', '-b', listeners.SSL!, '-X', 'security.protocol=SSL'];
  const added = await kt([...words, '-X', `ssl.ca.location=${relative(home, ca)}`], { cwd: home, env });
  assert.equal(added.code, 0, added.stderr);
  await reaches(['--profile', 'secured'], { cwd: other, env });
});

test('sessions whose length is no whole number of seconds', async () => {
  const user = { 'sasl.mechanism': 'PLAIN', 'sasl.username': 'admin', 'sasl.password': credentials['admin']! };
  await reaches(['-b', listeners.SASL_PLAINTEXT!, ...properties({ 'security.protocol': 'SASL_PLAINTEXT', ...user })]);
  await reaches(['-b', listeners.SASL_SSL!, ...properties({ ...tls, 'security.protocol': 'SASL_SSL', ...user })]);
});

test('TLS versions that are not allowed are not spoken', async () => {
  const only = (versions: string) => ['-b', listeners.SSL!, ...properties({ ...tls, 'ssl.enabled.protocols': versions })];
  await reaches(only('TLSv1.3'));
  await reaches(only('TLSv1.2'));
  const old = await kt(['topics', 'list', ...only('TLSv1.1')]);
  assert.ok(old.code === 2 || old.code === 4, old.stderr);
});

test('whoever is in the chain of a key store is no authority to trust', async () => {
  const { code, stderr } = await kt([
    ...['topics', 'list', '-b', listeners.SSL!],
    ...properties({ 'security.protocol': 'SSL', 'ssl.truststore.location': pkcs12, 'ssl.truststore.password': 'clientpass' }),
    ...['-X', 'ssl.truststore.type=PKCS12'],
  ]);
  assert.ok(code === 2 || code === 4, stderr);
});
