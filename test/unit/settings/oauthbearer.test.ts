/** OAUTHBEARER in settings: Kafka's, librdkafka's and Strimzi's ways to give the same, and what is refused. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { KtError } from '../../../src/base/errors.ts';
import { resolveSettings } from '../../../src/settings/resolve.ts';
import { redact } from '../../../src/settings/secrets.ts';
import { selfSigned } from './self-signed.ts';

const folder = mkdtempSync(join(tmpdir(), 'kt-oauth-settings-'));
after(() => rmSync(folder, { recursive: true }));

const base = ['security.protocol=SASL_SSL', 'sasl.mechanism=OAUTHBEARER'];
const url = 'https://login.example.com/token';
const none = { XDG_CONFIG_HOME: folder };

async function sasl(property: readonly string[]): Promise<unknown> {
  const { signal } = new AbortController();
  return (await resolveSettings({ property: [...base, ...property], addressMap: [] }, none, signal)).sasl;
}

async function fromFile(...lines: readonly string[]): Promise<unknown> {
  const commandConfig = join(folder, 'client.properties');
  writeFileSync(commandConfig, ['bootstrap.servers=b:1', ...base, ...lines].join('\n'), { mode: 0o600 });
  const { signal } = new AbortController();
  return (await resolveSettings({ property: [], addressMap: [], commandConfig }, none, signal)).sasl;
}

const client = {
  kind: 'endpoint',
  tokenUrl: url,
  clientId: 'me',
  clientSecret: 's"ecret',
  scope: undefined,
  isEncoded: false,
  ca: undefined,
};

test('a client of a token endpoint, in the words of Kafka 4.1, of older login lines, of librdkafka and of Strimzi', async () => {
  const endpoint = `sasl.oauthbearer.token.endpoint.url=${url}`;
  const wanted = { mechanism: 'OAUTHBEARER', source: client, extensions: {} };
  const kafka = 'sasl.oauthbearer.client.credentials.client';
  assert.deepEqual(await sasl([endpoint, `${kafka}.id=me`, `${kafka}.secret=s"ecret`]), wanted);
  assert.deepEqual(await sasl([endpoint, 'sasl.oauthbearer.client.id=me', 'sasl.oauthbearer.client.secret=s"ecret']), wanted);
  const login = 'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required';
  // A properties file halves the backslashes.
  assert.deepEqual(
    await fromFile(
      endpoint,
      `sasl.jaas.config=${login} clientId="me" clientSecret="s\\\\"ecret" scope="a b" extension_logicalCluster="lkc-1" extension_identityPoolId="p1,p2";`,
    ),
    {
      ...wanted,
      source: { ...client, scope: 'a b' },
      extensions: { logicalCluster: 'lkc-1', identityPoolId: 'p1,p2' },
    },
  );
  assert.deepEqual(
    await fromFile(
      `sasl.jaas.config=${login} oauth.client.id="me" oauth.client.secret="s\\\\"ecret" oauth.token.endpoint.uri="${url}";`,
    ),
    wanted,
  );
  assert.deepEqual(await fromFile(`sasl.jaas.config=${login} oauth.access.token="abc";`), {
    ...wanted,
    source: { kind: 'token', token: 'abc' },
  });
});

test('a token may come from elsewhere, and what counts more hides what counts less', async () => {
  const source = async (...property: string[]) => ((await sasl(property)) as { source: unknown }).source;
  assert.deepEqual(await source('sasl.oauthbearer.token.command=get-token --for "my cluster"'), {
    kind: 'command',
    command: 'get-token --for "my cluster"',
  });
  assert.deepEqual(await source('sasl.oauthbearer.token.endpoint.url=file:///run/a%20token'), {
    kind: 'file',
    path: '/run/a token',
  });
  const ca = join(folder, 'ca.pem');
  const { cert } = selfSigned('login.example.com');
  writeFileSync(ca, `text before\n${cert}`);
  const credentials = ['sasl.oauthbearer.client.id=me', 'sasl.oauthbearer.client.secret=x'];
  const trusted = await source(`sasl.oauthbearer.token.endpoint.url=${url}`, ...credentials, `https.ca.location=${ca}`);
  assert.match((trusted as { ca: string }).ca, /^-----BEGIN CERTIFICATE-----\n/);
  const commandConfig = join(folder, 'both.properties');
  writeFileSync(commandConfig, [...base, `sasl.oauthbearer.token.endpoint.url=${url}`].join('\n'), { mode: 0o600 });
  const settings = await resolveSettings(
    { property: ['sasl.oauthbearer.token=abc'], addressMap: [], commandConfig, bootstrapServer: 'b:1' },
    none,
    new AbortController().signal,
  );
  assert.deepEqual(settings.sasl, { mechanism: 'OAUTHBEARER', source: { kind: 'token', token: 'abc' }, extensions: {} });
});

test('what is missing or wrong is named, and no secret is repeated', async () => {
  const endpoint = `sasl.oauthbearer.token.endpoint.url=${url}`;
  const cases: [property: readonly string[], message: RegExp][] = [
    [[], /^sasl\.oauthbearer\.token\.endpoint\.url is not given \(OAUTHBEARER needs it\)/],
    [[endpoint], /^sasl\.oauthbearer\.client\.credentials\.client\.id is not given/],
    [
      [
        'sasl.jaas.config=org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required clientId="me";',
        endpoint,
      ],
      /^-X sasl\.jaas\.config: no clientSecret in it/,
    ],
    [['sasl.oauthbearer.token.endpoint.url=login.example.com'], /it is no address of a token endpoint/],
    [['sasl.oauthbearer.token.endpoint.url=file://run/token'], /it is no address of a token endpoint/],
    [['sasl.oauthbearer.token.endpoint.url=https://me:s3cret@login.example.com/token'], /it is no address/],
    [['sasl.oauthbearer.token=s3cret', 'sasl.oauthbearer.token.command=x'], /a token comes from one of them/],
    [['sasl.oauthbearer.token=s3cret', 'sasl.oauthbearer.extensions=auth=s3cret'], /extensions are name=value/],
    [['sasl.oauthbearer.token=s3cret', 'sasl.oauthbearer.extensions=a1=x'], /extensions are name=value/],
  ];
  for (const [property, message] of cases) {
    await assert.rejects(sasl(property), (error: KtError) => {
      assert.equal(error.kind, 'usage');
      assert.match(error.message, message);
      assert.doesNotMatch(`${error.message} ${error.hint}`, /s3cret/);
      return true;
    });
  }
});

test('secrets are hidden under each of their names', () => {
  for (const name of [
    'sasl.oauthbearer.token',
    'sasl.oauthbearer.client.secret',
    'sasl.oauthbearer.client.credentials.client.secret',
  ]) {
    assert.equal(redact(name, 's3cret'), '********');
    assert.equal(redact(name, `\${env:X}`), `\${env:X}`);
  }
  assert.equal(redact('sasl.oauthbearer.token.command', 'get-token'), 'get-token');
  assert.equal(redact('sasl.oauthbearer.token.command', 'curl -d client_secret=s3cret https://x'), 'curl …');
});

test('AWS_MSK_IAM in kt’s words and in those of AWS’s login line', async () => {
  const msk = ['security.protocol=SASL_SSL', 'sasl.mechanism=AWS_MSK_IAM'];
  const resolved = async (property: readonly string[], env = {}) => {
    const flags = { property: [...msk, ...property], addressMap: [] };
    return (await resolveSettings(flags, { ...none, ...env }, new AbortController().signal)).sasl;
  };
  const source = {
    kind: 'msk',
    region: undefined,
    usualRegion: undefined,
    profile: undefined,
    roleArn: undefined,
    roleSession: undefined,
  };
  const wanted = { mechanism: 'AWS_MSK_IAM', source, extensions: {} };
  assert.deepEqual(await resolved([]), wanted);
  assert.deepEqual(await resolved([], { AWS_DEFAULT_REGION: 'eu-west-1' }), {
    ...wanted,
    source: { ...source, usualRegion: 'eu-west-1' },
  });
  const login = 'sasl.jaas.config=software.amazon.msk.auth.iam.IAMLoginModule required';
  assert.deepEqual(await resolved([`${login};`]), wanted);
  assert.deepEqual(await resolved([`${login} awsProfileName="ops";`]), { ...wanted, source: { ...source, profile: 'ops' } });
  const role = 'sasl.aws.msk.iam.role.arn=arn:aws:iam::1:role/r';
  assert.deepEqual(await resolved([role, 'sasl.aws.msk.iam.region=eu-west-1', 'sasl.aws.msk.iam.role.session.name=me']), {
    ...wanted,
    source: { ...source, region: 'eu-west-1', roleArn: 'arn:aws:iam::1:role/r', roleSession: 'me' },
  });
  await assert.rejects(resolved([role, 'sasl.aws.msk.iam.profile=ops']), { kind: 'usage', message: /a profile as well/ });
});
