/** OAUTHBEARER: tokens of a real OpenID provider, taken by a real broker that checks them with the provider's keys. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { ownCluster } from '../support/clusters.ts';
import { quickJava } from '../support/java.ts';
import { type KtResult, kt, programs, startKt } from '../support/kt.ts';
import { oidcProvider } from '../support/oidc.ts';
import { keepSecret } from '../support/secrets.ts';
import { closedPort, mute } from '../support/servers.ts';
import { until } from '../support/until.ts';
import { wayIn } from '../support/ways-in.ts';

const folder = mkdtempSync(join(tmpdir(), 'kt-oauth-'));
after(() => rmSync(folder, { recursive: true }));
const provider = await oidcProvider({ after }, 'kafka', 'topics');
const { tokenUrl, clientId, clientSecret } = provider;
const start = 'org.apache.kafka.common.security.oauthbearer';
const allowed = `-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls=${provider.keysUrl},${tokenUrl}`;
const { listeners, classpath } = await ownCluster(
  { after },
  {
    listeners: ['SASL_PLAINTEXT', 'PLAINTEXT'],
    javaFlags: ['-XX:TieredStopAtLevel=1', allowed],
    serverConfig: {
      'listener.name.sasl_plaintext.sasl.enabled.mechanisms': 'OAUTHBEARER',
      'listener.name.sasl_plaintext.oauthbearer.sasl.jaas.config': `${start}.OAuthBearerLoginModule required;`,
      'listener.name.sasl_plaintext.oauthbearer.sasl.server.callback.handler.class': `${start}.OAuthBearerValidatorCallbackHandler`,
      'sasl.oauthbearer.jwks.endpoint.url': provider.keysUrl,
      'sasl.oauthbearer.expected.audience': 'kafka',
      'sasl.oauthbearer.expected.issuer': provider.issuer,
    },
  },
);
const topic = `tokens-${randomUUID()}`;
assert.equal((await kt(['topics', 'create', topic, '-b', listeners.PLAINTEXT!])).code, 0);
const address = listeners.SASL_PLAINTEXT!;

const base = { 'security.protocol': 'SASL_PLAINTEXT', 'sasl.mechanism': 'OAUTHBEARER' };
const client = {
  'sasl.oauthbearer.token.endpoint.url': tokenUrl,
  'sasl.oauthbearer.client.credentials.client.id': clientId,
  'sasl.oauthbearer.client.credentials.client.secret': clientSecret,
  'sasl.oauthbearer.scope': 'topics',
  'sasl.oauthbearer.header.urlencode': 'true',
};

type Properties = Readonly<Record<string, string>>;

function flags(properties: Properties): string[] {
  return ['-b', address, ...Object.entries({ ...base, ...properties }).flatMap(([name, value]) => ['-X', `${name}=${value}`])];
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

function reached({ code, stdout, stderr }: KtResult): void {
  assert.deepEqual([code, stderr], [0, '']);
  assert.ok(stdout.split('\n').includes(topic), stdout);
}

for (const program of Object.keys(programs) as (keyof typeof programs)[]) {
  const list = (args: readonly string[]) => kt(['topics', 'list', '-o', 'name', ...args], { program });

  test(`${program}: a token comes from the endpoint, a command, a file, or the settings`, async () => {
    const before = provider.asked();
    reached(await list(flags({ ...client, 'sasl.oauthbearer.extensions': 'logicalCluster=lkc-1,identityPoolId=a,b' })));
    assert.equal(provider.asked(), before + 1, 'one token for the whole run');
    const token = await provider.token();
    const path = file(`token-${program}`, `${token}\n`);
    reached(await list(flags({ 'sasl.oauthbearer.token': token })));
    reached(await list(flags({ 'sasl.oauthbearer.token.command': `cat "${path}"` })));
    reached(await list(flags({ 'sasl.oauthbearer.token.endpoint.url': `file://${path}` })));
  });

  test(`${program}: what gives no token is exit 4 with the cause, in time, and no secret is shown`, async () => {
    const silent = await mute();
    const hangs = /answer within|did not end/;
    const wrong = `wrong-${randomUUID()}`;
    const claims = { iss: 'me', exp: 1 };
    const expired = ['{}', JSON.stringify(claims), 'x'].map((part) => Buffer.from(part).toString('base64url')).join('.');
    const secret = file(`secret-${program}`, `two words ${wrong}`);
    const cases: [Properties, what: RegExp, hint: RegExp][] = [
      [
        { ...client, 'sasl.oauthbearer.client.credentials.client.secret': wrong },
        /no token: http\S+\/token answered HTTP 401: invalid_client: client authentication failed\)$/,
        /check the client id client-\S+, its secret and the scope topics/,
      ],
      [
        { ...client, 'sasl.oauthbearer.header.urlencode': 'false' },
        /answered HTTP 401/,
        /-X sasl\.oauthbearer\.header\.urlencode=true$/,
      ],
      [{ ...client, 'sasl.oauthbearer.token.endpoint.url': `${provider.issuer}/nowhere` }, /HTTP 404/, /well-known/],
      [
        { ...client, 'sasl.oauthbearer.token.endpoint.url': `http://127.0.0.1:${await closedPort()}` },
        /no answer from http:/,
        /check sasl\.oauthbearer\.token\.endpoint\.url/,
      ],
      [
        { ...client, 'sasl.oauthbearer.token.endpoint.url': `http://${silent.address}` },
        /no answer from http\S+ no answer within [\d.]+s/,
        /reaches it/,
      ],
      [{ 'sasl.oauthbearer.token.command': 'false' }, /no token: false ended with exit code 1/, /run the command/],
      [{ 'sasl.oauthbearer.token.command': 'no-such-program x' }, /no-such-program is not a program here/, /run the command/],
      [{ 'sasl.oauthbearer.token.command': `cat ${secret}` }, /what the command cat gives is no token/, /letters, digits/],
      [{ 'sasl.oauthbearer.token.command': 'sleep 60' }, /sleep did not end within [\d.]+s/, /run the command/],
      [{ 'sasl.oauthbearer.token.endpoint.url': 'file:///nope' }, /cannot read \/nope: no such file/, /endpoint\.url/],
      [{ 'sasl.oauthbearer.token': expired }, /expired at 1970-01-01T00:00:01/, /clock/],
      [
        { 'sasl.oauthbearer.token': `${(await provider.token()).slice(0, -8)}AAAAAAAA` },
        /refused the token of sasl\.oauthbearer\.token: invalid_token; its token has issuer http\S+, audience kafka/,
        /sasl\.oauthbearer\.expected/,
      ],
    ];
    const outcomes = await Promise.all(
      cases.map(async ([properties, what, hint]) => {
        const startedAt = performance.now();
        const { code, stdout, stderr } = await list([
          ...flags(properties),
          '-v',
          '--timeout',
          hangs.test(what.source) ? '3s' : '20s',
        ]);
        return { code, stdout, stderr, what, hint, ms: performance.now() - startedAt };
      }),
    );
    await silent.close();
    for (const { code, stdout, stderr, what, hint, ms } of outcomes) {
      const said = stderr.split('\n');
      assert.match(said.find((line) => line.startsWith('kt: no connection')) ?? stderr, what);
      assert.match(said.find((line) => line.startsWith('hint: ')) ?? stderr, hint);
      assert.deepEqual([code, stdout], [4, '']);
      assert.ok(ms < 18_000, `it took ${ms} ms`);
      for (const text of [wrong, clientSecret, encodeURIComponent(clientSecret), expired]) assert.ok(!stderr.includes(text));
    }
  });
}

test('a token for another audience is refused with what it is for', async (t) => {
  provider.tokens.audience = 'billing';
  t.after(() => {
    provider.tokens.audience = 'kafka';
  });
  const { code, stderr } = await kt(['topics', 'list', ...flags(client)]);
  assert.equal(code, 4);
  assert.match(
    stderr,
    /SASL OAUTHBEARER refused client client-\S+: invalid_token; its token has issuer http:\S+, audience billing,/,
  );
});

/** What the page's examples are replaced by. */
const here = { 'kafka.example.com:9094': address, SASL_SSL: 'SASL_PLAINTEXT' };

test("the page's examples work, and the first one with Kafka's own tool too", async () => {
  const config = file(
    'client.properties',
    wayIn('OAUTHBEARER', 0, {
      ...here,
      'ssl.truststore.type=PEM\nssl.truststore.location=/etc/kafka/ca.pem\n': '',
      'https://login.example.com/oauth2/token': tokenUrl,
      'clientId="me"': `clientId="${clientId}"`,
      '"secret"': `"${encodeURIComponent(clientSecret)}"`,
      'scope="kafka"': 'scope="topics"',
    }),
  );
  reached(await kt(['topics', 'list', '-o', 'name', '--command-config', config]));
  const tool = ['org.apache.kafka.tools.TopicCommand', '--list', '--bootstrap-server', address, '--command-config', config];
  const { stdout } = await promisify(execFile)('java', [allowed, ...quickJava(classpath!), ...tool]);
  assert.ok(stdout.split('\n').includes(topic), stdout);
  const command = { 'gcloud auth print-access-token': `cat ${file('token', await provider.token())}` };
  const other = wayIn('OAUTHBEARER', 1, { ...here, 'ssl.truststore.location=/etc/kafka/ca.pem\n': '', ...command });
  reached(await kt(['topics', 'list', '-o', 'name', '--command-config', file('command.properties', other)]));
});

test('a token of AWS goes over the wire as OAUTHBEARER, and who has no credentials learns it', async () => {
  const config = file(
    'msk.properties',
    wayIn('AWS_MSK_IAM', 0, {
      'b-1.orders.abc123.c2.kafka.eu-central-1.amazonaws.com:9098': address,
      SASL_SSL: 'SASL_PLAINTEXT',
    }),
  );
  const nothing = { AWS_EC2_METADATA_DISABLED: 'true', AWS_REGION: 'eu-central-1', HOME: folder };
  const keys = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: keepSecret(`aws-${randomUUID()}`) };
  for (const program of Object.keys(programs) as (keyof typeof programs)[]) {
    const list = (env: Record<string, string>) => kt(['topics', 'list', '--command-config', config], { program, env });
    const refused = await list({ ...nothing, ...keys });
    assert.match(
      refused.stderr,
      /\(SASL AWS_MSK_IAM refused the token of AWS: invalid_token; its token is no JWT\)\nhint: .*IAM/,
    );
    const without = await list(nothing);
    assert.match(without.stderr, /\(no token: .*credentials.*\)\nhint: aws sts get-caller-identity/i);
    assert.deepEqual([refused.code, without.code], [4, 4]);
  }
});

test('a tail outlives its tokens: each session is renewed with a new one (KIP-368)', async (t) => {
  provider.tokens.seconds = 2;
  t.after(() => {
    provider.tokens.seconds = 300;
  });
  const before = provider.asked();
  const tail = startKt(['tail', topic, '-v', '--from-beginning', '-n', '3', ...flags(client)]);
  t.after(() => tail.kill('SIGKILL'));
  let stdout = '';
  let stderr = '';
  tail.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  tail.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise((resolve) => tail.on('close', resolve));
  for (const [index, record] of ['one', 'two', 'three'].entries()) {
    const { code } = await kt(['produce', topic, '-q', '-m', record, '-b', listeners.PLAINTEXT!]);
    assert.equal(code, 0);
    if (record !== 'three') await until(() => provider.asked() > before + index + 1, 'another token');
  }
  assert.equal(await ended, 0, stderr);
  assert.equal(stdout, 'one\ntwo\nthree\n');
  const renewed = stderr.split('\n').filter((line) => line.startsWith('SaslAuthenticate')).length;
  assert.ok(renewed >= 3, stderr);
});
