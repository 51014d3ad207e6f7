/** Every way to authenticate to a real Kafka, and every way in which that fails. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createPrivateKey, randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import tls from 'node:tls';
import { promisify } from 'node:util';
import forge from 'node-forge';
import { writeCertificates } from '../../src/local/certificates.ts';
import { ownCluster, secureCluster } from '../support/clusters.ts';
import { javaTool } from '../support/foreign-clients.ts';
import { type KtOptions, kt, programs } from '../support/kt.ts';
import { secretsIn } from '../support/secrets.ts';
import { forwarding } from '../support/servers.ts';
import { wayIn } from '../support/ways-in.ts';

const { listeners, credentials, certificates, classpath, clientProperties, aliceProperties } = await secureCluster();
const ca = certificates!.ca;
const password = credentials['admin']!;
const mechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'];
const folder = mkdtempSync(join(tmpdir(), 'kt-security-'));
after(() => rmSync(folder, { recursive: true }));
await writeCertificates(join(folder, 'other'), []);
const other = (file: string) => join(folder, 'other', 'certificates', file);

const topic = `secured-${randomUUID()}`;
await succeeds(['topics', 'create', topic, '-b', listeners.PLAINTEXT!]);

/** `-X` for each property. */
function properties(values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).flatMap(([name, value]) => ['-X', `${name}=${value}`]);
}

function user(mechanism: string, secret = password): Record<string, string> {
  return { 'sasl.mechanism': mechanism, 'sasl.username': 'admin', 'sasl.password': secret };
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

async function succeeds(args: readonly string[], options?: KtOptions, warning = ''): Promise<string> {
  const { code, stdout, stderr } = await kt(args, options);
  assert.equal(stderr, warning);
  assert.equal(code, 0);
  return stdout;
}

/** The topic is listed, and nothing but the warning is on stderr. */
async function reaches(args: readonly string[], options?: KtOptions, warning = ''): Promise<void> {
  const stdout = await succeeds(['topics', 'list', '-o', 'name', ...args], options, warning);
  assert.ok(stdout.split('\n').includes(topic), stdout);
}

/** Exit code 4 with this on stderr, nothing on stdout, no secret anywhere, no second try. */
async function fails(args: readonly string[], expected: { what: RegExp; hint: RegExp }, options?: KtOptions): Promise<void> {
  const startedAt = performance.now();
  const { code, stdout, stderr } = await kt(['topics', 'list', '--timeout', '1m', ...args], options);
  const [what, hint, ...more] = stderr.trimEnd().split('\n');
  assert.match(what!, expected.what);
  assert.match(hint!, expected.hint);
  assert.deepEqual([code, stdout, more], [4, '', []]);
  assert.ok(performance.now() - startedAt < 55_000, 'it does not wait for --timeout');
}

const ssl = { 'security.protocol': 'SSL', 'ssl.ca.location': ca };

for (const program of Object.keys(programs) as (keyof typeof programs)[]) {
  test(`${program}: TLS with an authority's PEM file`, () => reaches(['-b', listeners.SSL!, ...properties(ssl)], { program }));

  test(`${program}: TLS with Java's trust stores in a properties file`, async () => {
    for (const type of ['PKCS12', 'JKS']) {
      const store = join(folder, `${program}.${type}`);
      const common = ['-importcert', '-noprompt', '-alias', 'ca', '-file', ca, '-storepass', 'changeit', '-storetype', type];
      await promisify(execFile)('keytool', [...common, '-keystore', store]);
      const config = file(
        `${program}-${type}.properties`,
        `bootstrap.servers=${listeners.SSL}\nsecurity.protocol=SSL\nssl.truststore.location=${store}\nssl.truststore.password=changeit\n`,
      );
      await reaches(['--command-config', config], { program });
    }
  });

  test(`${program}: a client certificate, its key in the clear, encrypted, or in one file with it`, async () => {
    const secret = randomUUID();
    const key = createPrivateKey(readFileSync(certificates!.clientKey));
    const encrypted = file(
      `${program}.key.pem`,
      key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: secret }).toString(),
    );
    const certificate = { 'ssl.certificate.location': certificates!.clientCertificate };
    const common = { ...ssl, ...certificate };
    await reaches(['-b', listeners.SSL!, ...properties({ ...common, 'ssl.key.location': certificates!.clientKey })], {
      program,
    });
    const locked = { ...common, 'ssl.key.location': encrypted };
    await reaches(['-b', listeners.SSL!, ...properties({ ...locked, 'ssl.key.password': secret })], { program });
    const store = { ...ssl, 'ssl.keystore.type': 'PEM', 'ssl.keystore.location': certificates!.clientStore };
    await reaches(['-b', listeners.SSL!, ...properties(store)], { program });

    const wrong = await kt(
      ['topics', 'list', '-b', listeners.SSL!, ...properties({ ...locked, 'ssl.key.password': 'wrong-one' })],
      {
        program,
      },
    );
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /cannot decrypt the key \(ssl\.key\.password is wrong\)/);
    assert.doesNotMatch(wrong.stderr, /wrong-one/);
  });

  test(`${program}: a client certificate that the broker does not trust is refused`, () =>
    fails(
      [
        '-b',
        listeners.SSL!,
        ...properties({
          ...ssl,
          'ssl.certificate.location': other('client.crt.pem'),
          'ssl.key.location': other('client.key.pem'),
        }),
      ],
      {
        what: /\(the broker refused the client certificate; CN=.+ issued it\)$/,
        hint: /give one it trusts: -X ssl\.certificate\.location/,
      },
      { program },
    ));

  for (const mechanism of mechanisms) {
    test(`${program}: ${mechanism} with and without TLS`, async () => {
      const plain = { 'security.protocol': 'SASL_PLAINTEXT', ...user(mechanism) };
      await reaches(['-b', listeners.SASL_PLAINTEXT!, ...properties(plain)], { program });
      const secured = { ...ssl, 'security.protocol': 'SASL_SSL', ...user(mechanism) };
      await reaches(['-b', listeners.SASL_SSL!, ...properties(secured)], { program });
    });

    test(`${program}: ${mechanism} with a wrong password fails at once, after one try, without repeating it`, async () => {
      const secret = `wrong-${randomUUID()}`;
      const settings = properties({ 'security.protocol': 'SASL_PLAINTEXT', ...user(mechanism, secret) });
      const server = await forwarding(Number(listeners.SASL_PLAINTEXT!.split(':')[1]));
      const good = listeners.SASL_PLAINTEXT!;
      const args = ['topics', 'list', '-b', `${server.address},${good}`, ...settings];
      const { code, stdout, stderr } = await kt(['-v', ...args], { program });
      const json = await kt([...args, '-o', 'json'], { program });
      const tries = server.connections();
      await server.close();
      assert.deepEqual([code, stdout, json.code, json.stdout, tries], [4, '', 4, '', 2]);
      // Under load a broker may take so long that the next one is asked meanwhile, and answers first.
      assert.match(
        stderr,
        new RegExp(`^kt: no connection to (${server.address}|${good}) \\(SASL ${mechanism} refused user admin: .+\\)$`, 'm'),
      );
      assert.match(stderr, /^hint: check the user name, the password and sasl\.mechanism$/m);
      assert.match(stderr, /^SaslAuthenticate v\d+ → localhost:\d+ [\d.]+ ms$/m);
      assert.doesNotMatch(stderr + json.stderr, new RegExp(secret));
      const { error } = JSON.parse(json.stderr);
      assert.deepEqual([error.kind, error.code], ['connection', 'SASL_AUTHENTICATION_FAILED']);
    });
  }

  test(`${program}: SASL answers that come byte by byte are put together`, async () => {
    const server = await forwarding(Number(listeners.SASL_PLAINTEXT!.split(':')[1]), '127.0.0.1', 1);
    const settings = properties({ 'security.protocol': 'SASL_PLAINTEXT', ...user('SCRAM-SHA-512') });
    await reaches(['-b', server.address, ...settings], { program });
    await server.close();
  });

  test(`${program}: the client.properties that Kafka's own tools take, by flag, variable and profile`, async () => {
    await reaches(['--command-config', clientProperties!], { program });
    await reaches([], { program, env: { KT_COMMAND_CONFIG: clientProperties! } });
    const env = { XDG_CONFIG_HOME: join(folder, `config-${program}`) };
    const added = await kt(['profile', 'add', 'secured', '--command-config', clientProperties!], { program, env });
    assert.equal(added.code, 0, added.stderr);
    await reaches(['--profile', 'secured'], { program, env });
    await reaches([], { program, env: { ...env, KT_PROFILE: 'secured' } });
  });

  test(`${program}: TLS that cannot be: an authority that does not match, a name that does not, an IP address that does`, async () => {
    const untrusted = { what: /\(the broker's certificate is not trusted: .+\)$/, hint: /-X ssl\.ca\.location=ca\.pem/ };
    const mistaken = { ...ssl, 'ssl.ca.location': other('ca.pem') };
    const signedByAnother = { ...untrusted, hint: /the authorities that were given did not sign it/ };
    await fails(['-b', listeners.SSL!, ...properties(mistaken)], signedByAnother, { program });
    const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };
    await fails(['-b', listeners.SSL!, ...properties(mistaken)], signedByAnother, { program, env });
    await fails(['-b', listeners.SSL!, ...properties({ 'security.protocol': 'SSL' })], untrusted, { program });

    const port = listeners.SSL!.split(':')[1];
    const named = ['-b', `elsewhere.test:${port}`, '--address-map', 'elsewhere.test=localhost', ...properties(ssl)];
    const misnamed = {
      what: /to elsewhere\.test:\d+ at localhost:\d+ \(.*elsewhere\.test.* is not in the cert's altnames/,
      hint: /algorithm=none/,
    };
    await fails(named, misnamed, { program });
    await reaches(
      [...named, ...properties({ 'ssl.endpoint.identification.algorithm': '' })],
      { program },
      "kt: the host name in the broker's certificate is not checked (-X ssl.endpoint.identification.algorithm)\n",
    );
    await reaches(['-b', `127.0.0.1:${port}`, ...properties(ssl)], { program });
    const unchecked = { 'security.protocol': 'SSL', 'enable.ssl.certificate.verification': 'false' };
    await reaches(
      ['-b', listeners.SSL!, ...properties(unchecked)],
      { program },
      "kt: the broker's certificate is not checked, so anybody can pose as the broker (-X enable.ssl.certificate.verification)\n",
    );
  });

  test(`${program}: expired and self-signed certificates are distinguished`, async () => {
    for (const [days, what, hint] of [
      [-1, /certificate has expired/, /renew the broker's certificate, or check this machine's clock/],
      [30, /is not trusted: self.signed certificate/, /-X ssl\.ca\.location/],
    ] as const) {
      const server = await tlsServer(days);
      const trusted = days < 0 ? { 'ssl.ca.location': file('expired.pem', server.certificate) } : {};
      await fails(
        ['-b', server.address, ...properties({ 'security.protocol': 'SSL', ...trusted })],
        { what, hint },
        { program },
      );
      server.close();
    }
  });

  test(`${program}: a certificate that ends soon is told, once and unless it should be quiet`, async () => {
    const port = Number(listeners.PLAINTEXT!.split(':')[1]);
    const server = await tlsServer(12, port);
    const trusted = properties({ 'security.protocol': 'SSL', 'ssl.ca.location': file('soon.pem', server.certificate) });
    const args = ['-b', server.address, '--address-map', `localhost:${port}=${server.address}`, ...trusted];
    const day = new Date(Date.now() + 12 * 86_400_000).toISOString().slice(0, 10);
    await reaches(args, { program }, `the certificate of broker ${server.address} expires in 11 days, on ${day}\n`);
    await reaches([...args, '-q'], { program });
    const versions = { what: /no TLS version in common/, hint: /TLSv1\.2 and TLSv1\.3/ };
    await fails([...args, '-X', 'ssl.enabled.protocols=TLSv1.2'], versions, { program });
    server.close();
    for (const version of ['TLSv1.2', 'TLSv1.3']) {
      await reaches(['-b', listeners.SSL!, ...properties({ ...ssl, 'ssl.enabled.protocols': version })], { program });
    }
  });

  test(`${program}: a protocol that is not the listener's`, async () => {
    const anonymous = { 'security.protocol': 'SSL', 'ssl.ca.location': ca };
    const plainUser = properties({ 'security.protocol': 'SASL_PLAINTEXT', ...user('PLAIN') });
    const cases: [args: string[], what: RegExp, hint: RegExp][] = [
      [['-b', listeners.SSL!], /the listener speaks TLS/, /-X security\.protocol=SSL/],
      [['-b', listeners.SSL!, ...plainUser], /the listener speaks TLS/, /-X security\.protocol=SASL_SSL$/],
      [
        ['-b', listeners.PLAINTEXT!, ...properties(anonymous)],
        /closed the connection in the TLS handshake/,
        /protocol=PLAINTEXT/,
      ],
      [['-b', listeners.SASL_PLAINTEXT!], /the server closed the connection/, /want TLS or a user\?/],
      [['-b', listeners.SASL_SSL!, ...properties(anonymous)], /the server closed the connection/, /want a user\?/],
      [['-b', listeners.PLAINTEXT!, ...plainUser], /the listener does not authenticate users/, /security\.protocol=PLAINTEXT$/],
    ];
    for (const [args, what, hint] of cases) await fails(args, { what, hint }, { program });
  });

  test(`${program}: alice, who may do nothing, gets an error, and nothing is half done`, async () => {
    const alice = ['--command-config', aliceProperties!];
    const denied = async (args: readonly string[], code: string, stdin = '') => {
      const result = await kt([...args, ...alice], { program, stdin });
      assert.equal(result.code, 3, result.stderr);
      assert.match(result.stderr, /^kt: .+(authorization failed|no permission: .+)\)\nhint: this user .+\n$/i);
      const json = await kt([...args, ...alice, '-o', 'json'], { program, stdin });
      assert.equal(JSON.parse(json.stderr).error.code, code);
    };
    const created = `alices-${randomUUID()}`;
    const note = 'Kafka lists only the topics that this user may describe; there may be others\n';
    assert.equal(await succeeds(['topics', 'list', '-o', 'name', ...alice], { program }, note), '');
    await denied(['topics', 'create', created], 'TOPIC_AUTHORIZATION_FAILED');
    await denied(['topics', 'describe', topic], 'TOPIC_AUTHORIZATION_FAILED');
    await denied(['topics', 'delete', topic, '--yes'], 'TOPIC_AUTHORIZATION_FAILED');
    await denied(['produce', topic], 'TOPIC_AUTHORIZATION_FAILED', 'one\ntwo\n');
    await denied(['tail', topic, '--from-beginning', '-e'], 'TOPIC_AUTHORIZATION_FAILED');
    await denied(['lag', 'alices-group'], 'GROUP_AUTHORIZATION_FAILED');

    const admin = ['--command-config', clientProperties!];
    const topics = await succeeds(['topics', 'list', '-o', 'name', ...admin], { program });
    assert.deepEqual([topics.includes(created), topics.includes(topic)], [false, true]);
    assert.equal(await succeeds(['tail', topic, '--from-beginning', '-e', ...admin], { program }), '');
  });
}

test("Kafka's own kafka-topics takes the same client.properties", async () => {
  const args = ['--bootstrap-server', listeners.SASL_SSL!, '--list', '--command-config', clientProperties!];
  const stdout = await javaTool(classpath!, 'org.apache.kafka.tools.TopicCommand', args);
  assert.ok(stdout.split('\n').includes(topic), stdout);
});

test('the examples of docs/ways-in.md work', async () => {
  const trust = { '/etc/kafka/ca.pem': ca };
  const sasl = { ...trust, 'kafka.example.com:9094': listeners.SASL_SSL! };
  const named = { 'username="me"': 'username="admin"', 'password="secret"': `password="${password}"` };
  const examples = [
    wayIn('TLS', 0, { ...trust, 'kafka.example.com:9093': listeners.SSL! }),
    wayIn('TLS with a client certificate', 0, {
      ...trust,
      'kafka.example.com:9093': listeners.SSL!,
      '/etc/kafka/me.pem': certificates!.clientStore,
    }),
    wayIn('SCRAM', 0, { ...sasl, ...named }),
    wayIn('PLAIN', 0, { ...sasl, '=me': '=admin' }),
  ];
  for (const [index, example] of examples.entries()) {
    const env = { KAFKA_PASSWORD: password };
    await reaches(['--command-config', file(`example-${index}.properties`, example)], { env });
  }
});

test('secrets stay where they are kept: in no file that kt writes, and in nothing that it prints', async () => {
  const home = join(folder, 'home');
  const places = ['CONFIG', 'CACHE', 'DATA', 'STATE'].map((name) => [`XDG_${name}_HOME`, join(home, name)] as const);
  const env = { HOME: home, ...Object.fromEntries(places), KAFKA_PASSWORD: password };
  const kept = file('kept-password', `${password}\n`);
  const login = { 'security.protocol': 'SASL_SSL', 'ssl.ca.location': ca, 'sasl.username': 'admin' };
  const references = [`\${env:KAFKA_PASSWORD}`, `\${file:${kept}}`, `\${command:cat "${kept}"}`];
  for (const [index, reference] of references.entries()) {
    const secured = properties({ ...login, 'sasl.mechanism': 'SCRAM-SHA-512', 'sasl.password': reference });
    await succeeds(['profile', 'add', `p${index}`, '-q', '-b', listeners.SASL_SSL!, ...secured], { env });
    await reaches(['--profile', `p${index}`], { env });
    assert.match(await succeeds(['profile', 'show', `p${index}`], { env }), /\$\{(env|file|command):/);
  }
  // What a run prints is looked through by `kt` itself.
  const plain = properties({ ...login, 'sasl.mechanism': 'PLAIN', 'sasl.password': password });
  const at = ['-b', listeners.SASL_SSL!, ...plain];
  for (const words of [
    ['topics', 'list', '-v', ...at],
    ['topics', 'list', '-v', ...at, '-X', 'sasl.mechanism=GSSAPI'],
    ['topics', 'list', ...at, '-X', `sasl.pasword=${password}`],
    ['topics', 'list', ...at, '-X', password],
    ['tail', topic, '-e', '-v', ...at, '--format', 'none'],
    ['aggregate', topic, '--count', '--print', 'flink-sql', ...at],
    ['complete', 'topic', ...at],
    ['profile', 'add', 'open', ...at],
    ['profile', 'show', 'open', '-o', 'json'],
    ['topics', 'list', '--profile', 'open', '-o', 'json'],
  ]) {
    await kt(words, { env });
  }
  const written = readdirSync(home, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  assert.ok(written.length > 0);
  for (const entry of written) {
    const path = join(entry.parentPath, entry.name);
    assert.equal(statSync(path).mode & 0o077, 0, path);
    // Only whoever puts the secret itself into a profile has it there.
    if (entry.name !== 'config.yaml') assert.deepEqual(secretsIn(readFileSync(path)), [], path);
  }
});

test('a mechanism that the broker does not offer, and sessions that end every two seconds (KIP-368)', async (t) => {
  const cluster = await ownCluster(t, {
    listeners: ['SASL_PLAINTEXT'],
    serverConfig: { 'connections.max.reauth.ms': '2000', 'listener.name.sasl_plaintext.sasl.enabled.mechanisms': 'PLAIN' },
  });
  const address = cluster.listeners.SASL_PLAINTEXT!;
  const settings = (mechanism: string) => [
    '-b',
    address,
    ...properties({ ...user(mechanism, cluster.credentials['admin']!), 'security.protocol': 'SASL_PLAINTEXT' }),
  ];
  for (const program of Object.keys(programs) as (keyof typeof programs)[]) {
    await fails(
      settings('SCRAM-SHA-512'),
      {
        what: /\(the broker does not offer SASL mechanism SCRAM-SHA-512, only PLAIN\)$/,
        hint: /^hint: -X sasl\.mechanism=PLAIN$/,
      },
      { program },
    );
    const sessions = `sessions-${program}`;
    await succeeds(['topics', 'create', sessions, ...settings('PLAIN')], { program });
    const tail = kt(['tail', sessions, '-v', '--from-beginning', '-n', '3', ...settings('PLAIN')], { program });
    for (const record of ['one', 'two', 'three']) {
      await succeeds(['produce', sessions, '-q', '-m', record, ...settings('PLAIN')], { program });
      // Longer than a session.
      if (record !== 'three') await new Promise((resolve) => setTimeout(resolve, 2_500));
    }
    const { code, stdout, stderr } = await tail;
    assert.deepEqual([code, stdout], [0, 'one\ntwo\nthree\n'], stderr);
    const renewed = stderr.split('\n').filter((line) => line.startsWith('SaslAuthenticate')).length;
    assert.ok(renewed >= 4, `authenticated ${renewed} times`);
    assert.ok(renewed < 12, `authenticated ${renewed} times`);
  }
});

/**
 * A TLS 1.3 server with a self-signed certificate that expires `days` from now.
 * @param behind the local port that it leads to
 */
async function tlsServer(days: number, behind?: number): Promise<{ address: string; certificate: string; close(): void }> {
  const keys = forge.pki.rsa.generateKeyPair(2048);
  const certificate = forge.pki.createCertificate();
  const subject = [{ name: 'commonName', value: 'localhost' }];
  certificate.publicKey = keys.publicKey;
  certificate.serialNumber = '01';
  certificate.validity.notBefore = new Date(Date.now() - 10 * 86_400_000);
  certificate.validity.notAfter = new Date(Date.now() + days * 86_400_000);
  certificate.setSubject(subject);
  certificate.setIssuer(subject);
  certificate.setExtensions([{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }]);
  certificate.sign(keys.privateKey, forge.md.sha256.create());
  const pem = forge.pki.certificateToPem(certificate);
  const key = forge.pki.privateKeyToPem(keys.privateKey);
  const server = tls.createServer({ key, cert: pem, minVersion: 'TLSv1.3' }, (socket) => {
    if (behind === undefined) return;
    const broker = net.connect(behind, '127.0.0.1');
    for (const each of [socket, broker]) each.on('error', () => each.destroy());
    socket.pipe(broker).pipe(socket);
  });
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { address: `localhost:${(server.address() as { port: number }).port}`, certificate: pem, close: () => server.close() };
}
