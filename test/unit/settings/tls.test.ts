/** Authorities, certificates and keys in every form that Java and librdkafka take. */
import assert from 'node:assert/strict';
import { createPrivateKey, generateKeyPairSync, type KeyObject, randomUUID, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createSecureContext } from 'node:tls';
import forge from 'node-forge';
import type { KtError } from '../../../src/base/errors.ts';
import type { TlsSettings } from '../../../src/kafka/connection/settings.ts';
import { resolveSettings } from '../../../src/settings/resolve.ts';
import {
  keyJks,
  keyPkcs12,
  legacyPkcs12,
  scryptCertificate,
  scryptKey,
  trustJks,
  trustPkcs12,
  twoKeysJks,
  twoKeysPkcs12,
  twoPasswordsJks,
} from './keytool-stores.ts';
import { selfSigned } from './self-signed.ts';

const folder = mkdtempSync(join(tmpdir(), 'kt-tls-'));
after(() => rmSync(folder, { recursive: true }));

function file(content: string | Buffer): string {
  const path = join(folder, randomUUID());
  writeFileSync(path, content);
  return path;
}

async function tls(...property: string[]): Promise<TlsSettings> {
  const settings = await resolveSettings(
    { property: ['security.protocol=SSL', ...property], addressMap: [] },
    {},
    new AbortController().signal,
  );
  assert.ok(settings.tls);
  createSecureContext({ ...settings.tls });
  return settings.tls;
}

async function refusal(...property: string[]): Promise<KtError> {
  return await tls(...property).then(
    () => assert.fail('nothing was refused'),
    (error: KtError) => {
      assert.equal(error.kind, 'usage', error.stack);
      assert.ok(error.hint);
      return error;
    },
  );
}

/** A self-signed certificate, its key, and the key encrypted. */
function identity(commonName: string, password: string) {
  const own = selfSigned(commonName);
  const encrypted = own.privateKey
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: password })
    .toString();
  return { ...own, encrypted };
}

const password = randomUUID();
const client = identity('client', password);
const other = identity('other', password);

const subjects = (pem: string | undefined) =>
  (pem ?? '')
    .split(/(?<=-----END CERTIFICATE-----)\n/)
    .filter(Boolean)
    .map((one) => new X509Certificate(one).subject);

function assertSameKey(pem: string | undefined, key: KeyObject): void {
  assert.ok(createPrivateKey(pem ?? '').equals(key));
}

test('authorities are taken from PEM files and texts, under either name', async () => {
  const bundle = file(`a comment\n${client.cert}${other.cert}`);
  for (const property of [
    `ssl.ca.location=${bundle}`,
    `ssl.truststore.location=${bundle}`,
    `ssl.truststore.certificates=${client.cert}${other.cert}`,
  ]) {
    assert.deepEqual(subjects((await tls(property)).ca), ['CN=client', 'CN=other'], property.slice(0, 30));
  }
});

test('a PEM text whose lines a properties file joined is repaired', async () => {
  const joined = client.cert.trim().replace(/\r?\n/g, ' ');
  assert.deepEqual(subjects((await tls(`ssl.truststore.certificates=${joined}`)).ca), ['CN=client']);
});

test("keytool's trust stores are opened, JKS and PKCS#12, whatever type is given", async () => {
  for (const store of [trustJks, trustPkcs12]) {
    const path = file(Buffer.from(store, 'base64'));
    const { ca } = await tls(`ssl.truststore.location=${path}`, 'ssl.truststore.password=changeit', 'ssl.truststore.type=JKS');
    assert.deepEqual(subjects(ca), ['CN=ca']);
  }
});

test("keytool's key stores are opened, those of old Java too", async () => {
  for (const store of [keyJks, keyPkcs12, legacyPkcs12]) {
    const path = file(Buffer.from(store, 'base64'));
    const { cert, key } = await tls(`ssl.keystore.location=${path}`, 'ssl.keystore.password=changeit');
    assert.deepEqual(subjects(cert), ['CN=client']);
    assert.ok(new X509Certificate(cert!).checkPrivateKey(createPrivateKey(key!)));
  }
});

test('a key may have another password than its store', async () => {
  const path = file(Buffer.from(twoPasswordsJks, 'base64'));
  const store = [`ssl.keystore.location=${path}`, 'ssl.keystore.password=storepass'];
  const { cert, key } = await tls(...store, 'ssl.key.password=otherpass');
  assert.ok(new X509Certificate(cert!).checkPrivateKey(createPrivateKey(key!)));
  assert.equal(
    (await refusal(...store)).message,
    `-X ssl.keystore.location: cannot open the key in ${path} (it has another password than the store)`,
  );
  assert.equal(
    (await refusal(...store, 'ssl.key.password=storepass')).message,
    `-X ssl.keystore.location: cannot open the key in ${path} (ssl.key.password is wrong)`,
  );
  assert.match(
    (await refusal(store[0]!, 'ssl.keystore.password=otherpass', 'ssl.key.password=otherpass')).message,
    /\(ssl\.keystore\.password is wrong, or the file is damaged\)$/,
  );
});

test("what a key's chain holds is not trusted, as in Java", async () => {
  for (const [store, password] of [
    [keyJks, 'changeit'],
    [keyPkcs12, 'changeit'],
    [twoPasswordsJks, 'storepass'],
  ] as const) {
    const path = file(Buffer.from(store, 'base64'));
    assert.equal(
      (await refusal(`ssl.truststore.location=${path}`, `ssl.truststore.password=${password}`)).message.replace(path, 'FILE'),
      `-X ssl.truststore.location: FILE holds no certificate of an authority (those of a key's chain do not count)`,
    );
  }
  const trustStore = file(Buffer.from(trustJks, 'base64'));
  assert.equal(
    (await refusal(`ssl.keystore.location=${trustStore}`, 'ssl.keystore.password=changeit')).message,
    `-X ssl.keystore.location: ${trustStore} holds no key with its certificate`,
  );
});

test('an RSA key store gives the certificate of its key first', async () => {
  const key = forge.pki.privateKeyFromPem(client.pem);
  const chain = [client.cert, other.cert].map((pem) => forge.pki.certificateFromPem(pem));
  const store = forge.asn1.toDer(forge.pkcs12.toPkcs12Asn1(key, chain, password, { algorithm: '3des' })).getBytes();
  const path = file(Buffer.from(store, 'binary'));
  const read = await tls(`ssl.keystore.location=${path}`, `ssl.keystore.password=${password}`);
  assert.deepEqual(subjects(read.cert), ['CN=client', 'CN=other']);
  assertSameKey(read.key, client.privateKey);
});

test('of several keys in a store each has its own certificate, and none is lost', async () => {
  for (const store of [twoKeysPkcs12, twoKeysJks]) {
    const path = file(Buffer.from(store, 'base64'));
    const { otherIdentities = [], ...first } = await tls(`ssl.keystore.location=${path}`, 'ssl.keystore.password=changeit');
    const identities = [first, ...otherIdentities];
    assert.deepEqual(identities.map(({ cert }) => subjects(cert)).sort(), [['CN=first'], ['CN=second']]);
    for (const { cert, key, certFacts } of identities) {
      assert.ok(new X509Certificate(cert!).checkPrivateKey(createPrivateKey(key!)));
      assert.deepEqual(subjects(cert), [`CN=${certFacts?.alias}`]);
    }
  }
});

test('certificate and key come from two files, one file, or the properties themselves', async () => {
  const forms = [
    [`ssl.certificate.location=${file(client.cert)}`, `ssl.key.location=${file(client.pem)}`],
    [`ssl.keystore.location=${file(client.pem + client.cert)}`, 'ssl.keystore.type=PEM'],
    [`ssl.keystore.certificate.chain=${client.cert}`, `ssl.keystore.key=${client.pem}`],
    [`ssl.certificate.pem=${client.cert}`, `ssl.key.pem=${client.encrypted}`, `ssl.key.password=${password}`],
    [
      `ssl.certificate.location=${file(client.cert)}`,
      `ssl.key.location=${file(client.encrypted)}`,
      `ssl.key.password=${password}`,
    ],
  ];
  for (const form of forms) {
    const { cert, key } = await tls(...form);
    assert.deepEqual(subjects(cert), ['CN=client']);
    assertSameKey(key, client.privateKey);
  }
});

test('a key that is encrypted with scrypt opens, with its password only', async () => {
  const pair = [`ssl.certificate.location=${file(scryptCertificate)}`, `ssl.key.location=${file(scryptKey)}`];
  const { cert, key } = await tls(...pair, 'ssl.key.password=changeit');
  assert.ok(new X509Certificate(cert!).checkPrivateKey(createPrivateKey(key!)));
  assert.match(
    (await refusal(...pair, 'ssl.key.password=x')).message,
    /cannot decrypt the key \(ssl\.key\.password is wrong\)$/,
  );
});

test('what does not fit is refused, naming property and file', async () => {
  const cert = file(client.cert);
  const key = file(client.pem);
  const encrypted = file(client.encrypted);
  const noise = file('noise');
  const store = file(Buffer.from(keyPkcs12, 'base64'));
  const jks = file(Buffer.from(keyJks, 'base64'));
  const broken = file('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
  const table: [string[], string][] = [
    [['ssl.ca.location=/nope/ca.pem'], '-X ssl.ca.location: cannot read /nope/ca.pem (no such file)'],
    [[`ssl.ca.location=${noise}`], `-X ssl.ca.location: ${noise} is neither PEM nor PKCS#12 nor JKS`],
    [[`ssl.ca.location=${key}`], `-X ssl.ca.location: ${key} holds no PEM certificate`],
    [[`ssl.ca.location=${broken}`], `-X ssl.ca.location: ${broken} holds a certificate that cannot be read`],
    [['ssl.truststore.certificates=noise'], '-X ssl.truststore.certificates: it holds no PEM certificate'],
    [
      [`ssl.truststore.location=${store}`],
      `-X ssl.truststore.location: cannot open ${store} (ssl.truststore.password is not given)`,
    ],
    [
      [`ssl.keystore.location=${store}`, 'ssl.keystore.password=x'],
      `-X ssl.keystore.location: cannot open ${store} (ssl.keystore.password is wrong, or the file is damaged)`,
    ],
    [
      [`ssl.keystore.location=${jks}`, 'ssl.keystore.password=x'],
      `-X ssl.keystore.location: cannot open ${jks} (ssl.keystore.password is wrong, or the file is damaged)`,
    ],
    [[`ssl.certificate.location=${cert}`], '-X ssl.certificate.location: its key is not given'],
    [[`ssl.key.location=${key}`], '-X ssl.key.location: its certificate is not given'],
    [[`ssl.certificate.location=${cert}`, `ssl.key.location=${cert}`], '-X ssl.key.location: there is no private key in it'],
    [
      [`ssl.certificate.location=${cert}`, `ssl.key.location=${encrypted}`],
      '-X ssl.key.location: the key is encrypted (ssl.key.password is not given)',
    ],
    [
      [`ssl.certificate.location=${cert}`, `ssl.key.location=${encrypted}`, 'ssl.key.password=x'],
      '-X ssl.key.location: cannot decrypt the key (ssl.key.password is wrong)',
    ],
    [
      [`ssl.certificate.location=${file(other.cert)}`, `ssl.key.location=${key}`],
      '-X ssl.key.location: the key does not belong to the certificate (-X ssl.certificate.location)',
    ],
  ];
  for (const [property, message] of table) assert.equal((await refusal(...property)).message, message);
});

test('a DSA key, which no TLS of today takes, is refused before anything connects', async () => {
  const { privateKey } = generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 });
  const key = file(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const { message, hint } = await refusal(`ssl.certificate.location=${file(client.cert)}`, `ssl.key.location=${key}`);
  assert.match(message, /^-X ssl\.key\.location: it is a DSA key/);
  assert.match(hint!, /RSA or an EC key/);
});

test('what may explain a refusal by the broker is known of the certificate', async () => {
  const { certFacts } = await tls(`ssl.certificate.location=${file(client.cert)}`, `ssl.key.location=${file(client.pem)}`);
  assert.equal(certFacts!.issuer, 'CN=client');
  assert.ok(certFacts!.validFrom < Date.now() && certFacts!.validTo > Date.now());
});

test('a store cut short anywhere is refused, never misread', async () => {
  for (const store of [trustJks, keyJks]) {
    const whole = Buffer.from(store, 'base64');
    for (let length = 4; length < whole.length - 20; length += 7) {
      const path = file(whole.subarray(0, length));
      await refusal(`ssl.keystore.location=${path}`, 'ssl.keystore.password=changeit');
      await refusal(`ssl.keystore.location=${path}`);
    }
  }
});
