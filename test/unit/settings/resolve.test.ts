/** Flags, variables, profile and files to one value: which counts, and what is refused. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import type { KtError } from '../../../src/base/errors.ts';
import type { ConnectionFlags } from '../../../src/cli/options.ts';
import { addressText } from '../../../src/kafka/connection/address.ts';
import type { ClusterSettings } from '../../../src/kafka/connection/settings.ts';
import { type ResolvedSettings, resolveSettings } from '../../../src/settings/resolve.ts';
import { userOf } from '../../support/user-of.ts';

const folder = mkdtempSync(join(tmpdir(), 'kt-settings-'));
after(() => rmSync(folder, { recursive: true }));

function file(text: string, name = `${randomUUID()}.properties`): string {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

/** An environment whose config file has this text. */
function withConfig(text: string, mode = 0o600): { XDG_CONFIG_HOME: string; path: string } {
  const home = join(folder, randomUUID());
  const path = join(home, 'kt', 'config.yaml');
  mkdirSync(join(home, 'kt'), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, mode);
  return { XDG_CONFIG_HOME: home, path };
}

type Flags = Partial<ConnectionFlags>;

function resolve(flags: Flags = {}, env: Record<string, string> = {}): Promise<ResolvedSettings> {
  return resolveSettings({ property: [], addressMap: [], ...flags }, env, new AbortController().signal);
}

async function refusal(flags: Flags, env: Record<string, string> = {}): Promise<KtError> {
  const error = await resolve(flags, env).then(
    () => assert.fail('nothing was refused'),
    (error: KtError) => error,
  );
  assert.equal(error.kind, 'usage', error.stack);
  return error;
}

const servers = (settings: ClusterSettings) => settings.bootstrapServers.map(addressText).join();

test('without anything given, the local broker is meant', async () => {
  assert.deepEqual(await resolve(), {
    bootstrapServers: [{ host: 'localhost', port: 9092 }],
    clientId: 'kt',
    timeoutMs: 10_000,
    addressMap: new Map(),
    addressOrigin: 'the default',
  });
});

test('a flag counts before a variable, a variable before the profile, the profile before the default', async () => {
  const config = withConfig(`
profiles:
  prod:
    bootstrapServer: profile:1
    addressMap: [a=profile]
    timeout: 4s
    properties: { client.id: profile, bootstrap.servers: property:1, request.timeout.ms: 5 }
`);
  const env = { ...config, KT_PROFILE: 'prod' };
  const variables = { ...env, KT_BOOTSTRAP_SERVER: 'env:1', KT_TIMEOUT: '3s', KT_ADDRESS_MAP: 'a=env,b=env' };
  const flags = { bootstrapServer: 'flag:1', timeoutMs: 2000, addressMap: ['a=flag'] };
  const seen = (settings: ClusterSettings) => [servers(settings), settings.timeoutMs, Object.fromEntries(settings.addressMap)];
  assert.deepEqual(seen(await resolve(flags, variables)), ['flag:1', 2000, { a: 'flag' }]);
  assert.deepEqual(seen(await resolve({}, variables)), ['env:1', 3000, { a: 'env', b: 'env' }]);
  assert.deepEqual(seen(await resolve({}, env)), ['profile:1', 4000, { a: 'profile' }]);
  assert.deepEqual(seen(await resolve({}, config)), ['localhost:9092', 10_000, {}]);
  const property = ['bootstrap.servers=x:1', 'socket.timeout.ms=1500', 'client.id=x'];
  assert.deepEqual(seen(await resolve({ property }, variables)), ['x:1', 3000, { a: 'env', b: 'env' }]);
  assert.deepEqual(seen(await resolve({ property }, env)), ['x:1', 1500, { a: 'profile' }]);
  assert.equal((await resolve({ property }, env)).clientId, 'x');
  assert.equal((await resolve({}, env)).clientId, 'profile');
});

test('a variable set to nothing is not set', async () => {
  const empty = { KT_BOOTSTRAP_SERVER: '', KT_PROFILE: '', KT_COMMAND_CONFIG: '', KT_ADDRESS_MAP: '', KT_TIMEOUT: '' };
  assert.deepEqual(await resolve({}, empty), await resolve());
});

test('the profile is named where it chose the servers, itself or by its file, and only there', async () => {
  const profileOf = async (...given: Parameters<typeof resolve>) => (await resolve(...given)).profile;
  const own = withConfig('current: p\nprofiles: { p: { bootstrapServer: a:1 } }');
  assert.equal(await profileOf({}, own), 'p');
  assert.equal(await profileOf({ profile: 'p' }, own), 'p');
  assert.equal(await profileOf({ bootstrapServer: 'b:1' }, own), undefined);
  assert.equal(await profileOf({}, { ...own, KT_BOOTSTRAP_SERVER: 'b:1' }), undefined);
  assert.equal(await profileOf({}, withConfig('current: p\nprofiles: { p: { properties: { bootstrap.servers: a:1 } } }')), 'p');
  const silent = withConfig('current: p\nprofiles: { p: { properties: { client.id: x } } }');
  assert.equal(await profileOf({ bootstrapServer: 'b:1' }, silent), undefined);
});

test('-X counts before --command-config, the flag before its variable, and both before the profile', async () => {
  const bootstrapServer = 'b:1';
  const own = file('client.id=own');
  const config = withConfig(`current: p\nprofiles: { p: { commandConfig: ${own}, properties: { client.id: property } } }`);
  const bare = withConfig(`current: p\nprofiles: { p: { commandConfig: ${own} } }`);
  const env = { ...config, KT_COMMAND_CONFIG: file('client.id=variable') };
  const commandConfig = file('client.id=file');
  assert.equal((await resolve({ bootstrapServer, commandConfig, property: ['client.id=x'] }, env)).clientId, 'x');
  assert.equal((await resolve({ bootstrapServer, commandConfig }, env)).clientId, 'file');
  assert.equal((await resolve({ bootstrapServer }, env)).clientId, 'variable');
  assert.equal((await resolve({ bootstrapServer }, config)).clientId, 'property');
  assert.equal((await resolve({ bootstrapServer }, bare)).clientId, 'own');
});

test("a profile's command config is found beside the config file", async () => {
  const config = withConfig('current: p\nprofiles: { p: { commandConfig: client.properties } }');
  writeFileSync(join(config.XDG_CONFIG_HOME, 'kt', 'client.properties'), 'bootstrap.servers=beside:1');
  assert.equal(servers(await resolve({}, config)), 'beside:1');
});

test('the file names the servers before the current profile, but after a profile that was asked for', async () => {
  const config = withConfig('current: prod\nprofiles: { prod: { bootstrapServer: prod:1 } }');
  const commandConfig = file('bootstrap.servers=test:1');
  assert.equal(servers(await resolve({ commandConfig }, config)), 'test:1');
  assert.equal(servers(await resolve({ commandConfig, profile: 'prod' }, config)), 'prod:1');
  assert.equal(servers(await resolve({ commandConfig, bootstrapServer: 'flag:1' }, config)), 'flag:1');
});

const plain = 'org.apache.kafka.common.security.plain.PlainLoginModule';
const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule';

test("a file for Kafka's own scripts works as it is", async () => {
  const commandConfig = file(`# admin
security.protocol=SASL_PLAINTEXT
sasl.mechanism=SCRAM-SHA-512
sasl.jaas.config=${scram} required \\
  username="admin" \\
  password="b\\\\"c";
key.deserializer=org.apache.kafka.common.serialization.StringDeserializer
group.id=g
no.such.property=1
`);
  const settings = await resolve({ bootstrapServer: 'b:1', commandConfig });
  assert.deepEqual(settings.sasl, { mechanism: 'SCRAM-SHA-512', username: 'admin', password: 'b"c' });
  assert.equal(settings.tls, undefined);
});

test("librdkafka's names mean the same", async () => {
  const property = [
    'metadata.broker.list=a:1',
    'security.protocol=sasl_ssl',
    'sasl.mechanisms=plain',
    'sasl.username=u',
    'sasl.password=p',
  ];
  const settings = await resolve({ property: [...property, 'ssl.endpoint.identification.algorithm=none'] });
  assert.equal(servers(settings), 'a:1');
  assert.deepEqual(settings.sasl, { mechanism: 'PLAIN', username: 'u', password: 'p' });
  assert.deepEqual(settings.tls, { verifyHostname: false });
});

test('the host name is checked unless the algorithm is empty or none', async () => {
  const verifies = async (...property: string[]) => (await resolve({ property: ['security.protocol=SSL', ...property] })).tls;
  assert.deepEqual(await verifies(), { verifyHostname: true });
  assert.deepEqual(await verifies('ssl.endpoint.identification.algorithm=HTTPS'), { verifyHostname: true });
  assert.deepEqual(await verifies('ssl.endpoint.identification.algorithm='), { verifyHostname: false });
  assert.deepEqual(await verifies('enable.ssl.certificate.verification=false'), {
    verifyHostname: true,
    verifyCertificate: false,
  });
});

test('user name and password from different places go together', async () => {
  const commandConfig = file(
    `security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN\nsasl.jaas.config=${plain} required username="u" password="old";`,
  );
  const settings = await resolve(
    { bootstrapServer: 'b:1', commandConfig, property: [`sasl.password=\${env:PW}`] },
    { PW: 'new' },
  );
  assert.deepEqual(settings.sasl, { mechanism: 'PLAIN', username: 'u', password: 'new' });
});

test('a secret comes from a variable or a file, its last newline cut off', async () => {
  const base = ['security.protocol=SASL_PLAINTEXT', 'sasl.mechanism=PLAIN', 'sasl.username=u'];
  const path = file('from file\n\n');
  const password = async (value: string, env = {}) =>
    userOf(await resolve({ property: [...base, `sasl.password=${value}`] }, env)).password;
  assert.equal(await password(`\${env:PW}`, { PW: 'a"b;$&' }), 'a"b;$&');
  assert.equal(await password(`\${file:${path}}`), 'from file\n');
  assert.equal(await password(`x\${command:cat '${path}'}x`), 'xfrom file\nx');
  const commandConfig = file(
    `security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN\nsasl.jaas.config=${plain} required username="u" password="\${env:PW}";`,
  );
  assert.equal(userOf(await resolve({ bootstrapServer: 'b:1', commandConfig }, { PW: 'a"b;$&' })).password, 'a"b;$&');
});

test('a command runs once, however often it is named, and a password that nobody gave is asked for', async () => {
  const counter = file('');
  const once = `\${command:sh -c "echo x >> ${counter}; wc -l < ${counter}"}`;
  const base = ['security.protocol=SASL_PLAINTEXT', 'sasl.mechanism=PLAIN'];
  const settings = await resolve({ property: [...base, `sasl.username=${once}`, `sasl.password=${once}`] });
  assert.deepEqual([userOf(settings).username.trim(), userOf(settings).password.trim()], ['1', '1']);
  const asked: string[] = [];
  const ask = async (question: string) => {
    asked.push(question);
    return 'typed';
  };
  const flags = { property: [...base, 'sasl.username=ada'], addressMap: [] };
  const answered = await resolveSettings(flags, {}, new AbortController().signal, ask);
  assert.deepEqual([userOf(answered).password, asked], ['typed', ['Password of ada for the cluster']]);
});

test('blanks around a value do not count, as in Java, but those between quotes do', async () => {
  const lines = [
    'security.protocol=SASL_PLAINTEXT \t',
    'bootstrap.servers=a:1 , b:2 ',
    'client.id=\\ me\\u0000 ',
    'sasl.mechanism=PLAIN ',
  ];
  const jaas = `sasl.jaas.config= ${plain} required username="u " password=" p ";  `;
  const settings = await resolve({ commandConfig: file([...lines, jaas].join('\n')) });
  assert.deepEqual([servers(settings), settings.clientId, userOf(settings).password], ['a:1,b:2', 'me', ' p ']);
  assert.equal(userOf(settings).username, 'u ');
  const own = await resolve({ commandConfig: file([...lines, 'sasl.username=u ', 'sasl.password=p '].join('\n')) });
  assert.deepEqual([userOf(own).username, userOf(own).password], ['u', 'p']);
  const base = ['security.protocol= SASL_PLAINTEXT ', 'sasl.mechanism= PLAIN', 'sasl.username=u', 'request.timeout.ms= 1500 '];
  const typed = await resolve({ property: [...base, 'sasl.password= p ', `client.id=\${env:ID}`] }, { ID: ' me ' });
  assert.deepEqual([userOf(typed).password, typed.clientId, typed.timeoutMs], [' p ', 'me', 1500]);
});

test('what looks like a reference and is none is refused, without being repeated', async () => {
  for (const value of [`\${vault:hush}`, `\${env:hush`, `\${hush}`, `x\${env:A}\${hush`, `\${`]) {
    for (const flags of [
      { property: [`client.id=${value}`] },
      { bootstrapServer: 'b:1', commandConfig: file(`client.id=${value}`) },
    ]) {
      const error = await refusal(flags, { A: 'a' });
      assert.match(error.message, /client\.id.*: a \$\{ in it begins no reference that kt knows$/);
      assert.doesNotMatch(`${error.message}${error.hint}`, /hush/);
    }
  }
  for (const name of ['toString', '__proto__', 'constructor']) {
    assert.match((await refusal({ property: [`client.id=\${env:${name}}`] })).message, /is not set$/);
  }
  const { clientId } = await resolve({ property: [`client.id=\${env:A}`] }, { A: `\${vault:x}` });
  assert.equal(clientId, `\${vault:x}`, 'what a variable holds is the value itself');
});

test('what cannot be meant is refused before anything is connected, saying what to type', async () => {
  const sasl = ['security.protocol=SASL_SSL', 'sasl.username=u', 'sasl.password=p'];
  const table: [Flags, RegExp, RegExp][] = [
    [{ property: ['nonsense'] }, /^-X is not key=value$/, /-X security\.protocol/],
    [{ property: ['sasl.kerberos.kinit.cmd=kinit'] }, /^-X sasl\.kerberos\.kinit\.cmd: unknown client property$/, /sasl/],
    [{ property: ['sasl.usrname=u'] }, /^-X sasl\.usrname: unknown client property$/, /did you mean sasl\.username\?/],
    [{ property: ['acks=1'] }, /^-X acks/, /--acks of kt produce/],
    [{ property: ['security.protocol=TLS'] }, /no such protocol 'TLS'/, /PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL/],
    [{ property: ['sasl.username=u'] }, /sasl\.username has no effect \(security\.protocol is PLAINTEXT\)/, /SASL_SSL/],
    [{ property: ['security.protocol=SSL', 'sasl.username=u'] }, /security\.protocol is SSL/, /SASL_SSL$/],
    [{ property: ['ssl.ca.location=ca.pem'] }, /ssl\.ca\.location has no effect/, /security\.protocol=SSL/],
    [{ property: sasl }, /sasl\.mechanism is not given/, /SCRAM-SHA-512/],
    [{ property: [...sasl, 'sasl.mechanism=DIGEST-MD5'] }, /SASL mechanism 'DIGEST-MD5'/, /PLAIN, SCRAM-SHA-256/],
    [
      { property: ['security.protocol=SASL_SSL', 'sasl.mechanism=PLAIN', 'sasl.username=u'] },
      /^sasl\.password is not given/,
      /sasl\.password=/,
    ],
    [{ property: ['request.timeout.ms=soon'] }, /'soon' is not a number of milliseconds/, /--timeout/],
    [{ property: [`client.id=\${env:NOPE}`] }, /^-X client\.id: the environment variable NOPE is not set/, /export NOPE/],
    [
      { property: [`client.id=\${command:cat /nope}`] },
      /^-X client\.id: there is no secret \(cat ended with exit code 1\)$/,
      /run the command by itself/,
    ],
    [{ property: [`client.id=\${keyring:kafka}`] }, /does not name a service and an account/, /SERVICE\/ACCOUNT/],
    [{ property: [`client.id=\${file:/nope}`] }, /^-X client\.id: cannot read \/nope \(no such file\)/, /path/],
    [
      { property: ['security.protocol=SSL', 'ssl.endpoint.identification.algorithm=x'] },
      /no such algorithm 'x'/,
      /https, or none/,
    ],
    [{ commandConfig: '/nope/client.properties' }, /^--command-config: cannot read \/nope\/client\.properties/, /properties/],
    [{ profile: 'nope' }, /no profile 'nope' \(there are none yet\)/, /kt profile add nope/],
  ];
  for (const [flags, message, hint] of table) {
    const error = await refusal(flags);
    assert.match(error.message, message);
    assert.match(error.hint ?? '', hint, error.message);
  }
  assert.match((await refusal({}, { KT_TIMEOUT: '10' })).message, /^KT_TIMEOUT: '10' is not a duration/);
  assert.match((await refusal({}, { KT_BOOTSTRAP_SERVER: 'a:99999' })).message, /^KT_BOOTSTRAP_SERVER: .*port '99999'/);
});

test('what Java ignores in a file is ignored', async () => {
  const commandConfig = file(`sasl.jaas.config=${plain} required username="u" password="p";\nssl.truststore.location=/nope`);
  const settings = await resolve({ bootstrapServer: 'b:1', commandConfig });
  assert.equal(settings.sasl, undefined);
  assert.equal(settings.tls, undefined);
});

test('a flag may take the protection of a profile away', async () => {
  const config = withConfig('current: p\nprofiles: { p: { properties: { security.protocol: SASL_SSL, sasl.username: u } } }');
  assert.equal((await resolve({ bootstrapServer: 'b:1', property: ['security.protocol=PLAINTEXT'] }, config)).sasl, undefined);
});

test('a profile that does not exist is refused, naming those that do', async () => {
  const config = withConfig('profiles: { prod: {}, staging: {} }');
  const error = await refusal({ profile: 'prd' }, config);
  assert.equal(error.message, "no profile 'prd' (there are: prod, staging)");
  assert.equal(error.hint, '--profile prod');
});

test('a secret is in no error, whatever is wrong with the settings', async () => {
  const kinds: ((secret: string) => { flags: Flags; env?: Record<string, string> })[] = [
    (secret) => ({ flags: { property: [secret] } }),
    (secret) => ({ flags: { property: [`sasl.password=${secret}`] } }),
    (secret) => ({ flags: { property: [`sasl.passwrd=${secret}`] } }),
    (secret) => ({ flags: { bootstrapServer: `user:${secret}@host:9092` } }),
    (secret) => ({ flags: { property: [`sasl.jaas.config=${plain} required username="u" password="${secret}"`] } }),
    (secret) => ({ flags: { property: [`sasl.jaas.config=X required ${secret};`] } }),
    (secret) => ({ flags: { property: ['security.protocol=SASL_SSL', `sasl.password=${secret}`, 'sasl.username=u'] } }),
    (secret) => ({
      flags: { property: ['security.protocol=SSL', `ssl.keystore.key=${secret}`, `ssl.keystore.certificate.chain=${secret}`] },
    }),
    (secret) => ({
      flags: {
        property: ['security.protocol=SSL', `ssl.truststore.location=${file('0')}`, `ssl.truststore.password=${secret}`],
      },
    }),
    (secret) => ({ flags: { commandConfig: file(`sasl.password=${secret}\\u12`) } }),
    (secret) => ({
      flags: {},
      env: withConfig(`current: p\nprofiles: { p: { properties: { sasl.password: ${secret} } } }`, 0o644),
    }),
    (secret) => ({ flags: {}, env: withConfig(`current: p\nprofiles: { p: { properties: { sasl.password: *${secret} } } }`) }),
    (secret) => ({
      flags: {},
      env: withConfig(`current: p\nprofiles: { p: { properties: { sasl.password: {${secret}: 1} } } }`),
    }),
    (secret) => ({ flags: {}, env: withConfig(`current: p\nprofiles: { p: { properties: { sasl.password: "${secret}\n`) }),
    (secret) => ({
      flags: {},
      env: withConfig(`current: p\nprofiles: { p: { properties: { sasl.password: !${secret} x } } }`),
    }),
  ];
  const secrets = fc.stringMatching(/^[a-zA-Z0-9]{12,20}$/);
  await fc.assert(
    fc.asyncProperty(secrets, fc.constantFrom(...kinds), async (secret, kind) => {
      const { flags, env } = kind(secret);
      const error = await refusal(flags, env);
      assert.ok(!`${error.message} ${error.hint} ${String(error.cause)} ${error.stack}`.includes(secret), `${kind}`);
    }),
  );
});
