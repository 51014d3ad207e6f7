/** Tokens for Amazon MSK: what AWS's signer signs, checked against AWS's own description of Signature Version 4. */
import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { mskToken } from '../../../../../src/kafka/connection/bearer/msk.ts';
import type { MskSource } from '../../../../../src/kafka/connection/bearer/source.ts';
import type { ClusterSettings } from '../../../../../src/kafka/connection/settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'kt-msk-'));
after(() => rmSync(folder, { recursive: true }));
/** The key of AWS's published examples. */
const secretKey = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const now = Date.UTC(2015, 7, 30, 12, 36, 0);

const source: MskSource = {
  kind: 'msk',
  region: undefined,
  usualRegion: undefined,
  profile: undefined,
  roleArn: undefined,
  roleSession: undefined,
};

function settings(host: string): ClusterSettings {
  return { bootstrapServers: [{ host, port: 9098 }], clientId: 'kt', timeoutMs: 5_000, addressMap: new Map() };
}

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

function signingKey(day: string, region: string, service: string): Buffer {
  return [region, service, 'aws4_request'].reduce(hmac, hmac(`AWS4${secretKey}`, day)) as Buffer;
}

/** The signature that AWS computes for a URL with its signature in the query. */
function signatureOf(url: URL): string {
  const signed = [...url.searchParams].filter(([name]) => name !== 'X-Amz-Signature' && name !== 'User-Agent');
  const escaped = (text: string) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  const query = signed
    .map(([name, value]) => `${escaped(name)}=${escaped(value)}`)
    .sort()
    .join('&');
  const canonical = ['GET', '/', query, `host:${url.host}`, '', 'host', createHash('sha256').digest('hex')].join('\n');
  const time = url.searchParams.get('X-Amz-Date')!;
  const [, day = '', region = '', service = ''] = url.searchParams.get('X-Amz-Credential')!.split('/');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', time, scope, createHash('sha256').update(canonical).digest('hex')].join('\n');
  return hmac(signingKey(day, region, service), text).toString('hex');
}

/** Runs with only these variables of AWS's. */
async function withAws<T>(variables: Readonly<Record<string, string>>, work: () => Promise<T>): Promise<T> {
  const before = { ...process.env };
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  const files = { AWS_CONFIG_FILE: join(folder, 'config'), AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials') };
  Object.assign(process.env, { AWS_EC2_METADATA_DISABLED: 'true', ...files, ...variables });
  try {
    return await work();
  } finally {
    for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
    Object.assign(process.env, before);
  }
}

test('the signing key is the one of AWS’s documentation', () => {
  assert.equal(
    signingKey('20150830', 'us-east-1', 'iam').toString('hex'),
    'c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9',
  );
});

test('the token is the signed URL of kafka-cluster:Connect, for the region in the brokers’ names', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now });
  const variables = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: secretKey };
  const { text, lifeMs } = await withAws(variables, () =>
    mskToken(source, settings('b-1.orders.abc123.c2.kafka.eu-central-1.amazonaws.com'), 5_000),
  );
  const url = new URL(Buffer.from(text, 'base64url').toString('utf8'));
  assert.equal(`${url.origin}${url.pathname}`, 'https://kafka.eu-central-1.amazonaws.com/');
  const query = Object.fromEntries(url.searchParams);
  assert.deepEqual(
    [query['Action'], query['X-Amz-Credential'], query['X-Amz-Date'], query['X-Amz-Expires']],
    ['kafka-cluster:Connect', 'AKIDEXAMPLE/20150830/eu-central-1/kafka-cluster/aws4_request', '20150830T123600Z', '900'],
  );
  assert.equal(query['X-Amz-Signature'], signatureOf(url));
  assert.equal(lifeMs, 900_000);
});

test('a region that is given counts first, then the brokers’ names, then the variable', async () => {
  const variables = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: secretKey };
  const regionIn = async (more: Partial<MskSource>, host: string) => {
    const { text } = await withAws(variables, () => mskToken({ ...source, ...more }, settings(host), 5_000));
    return new URL(Buffer.from(text, 'base64url').toString('utf8')).host.split('.')[1];
  };
  const name = 'boot-x.c1.kafka-serverless.us-west-2.amazonaws.com';
  assert.equal(await regionIn({ region: 'eu-west-1', usualRegion: 'eu-west-2' }, name), 'eu-west-1');
  assert.equal(await regionIn({ usualRegion: 'eu-west-2' }, name), 'us-west-2');
  assert.equal(await regionIn({ usualRegion: 'eu-west-2' }, 'localhost'), 'eu-west-2');
  await assert.rejects(mskToken(source, settings('localhost'), 5_000), {
    message: 'no token: the AWS region of the cluster is not known',
    hint: /sasl\.aws\.msk\.iam\.region/,
  });
});

test('a profile’s credentials are AWS’s own files; a profile that is not there is named', async () => {
  writeFileSync(
    join(folder, 'credentials'),
    `[kafka]\naws_access_key_id = AKIDPROFILE\naws_secret_access_key = ${secretKey}\n`,
  );
  const tokenOf = (profile: string) =>
    withAws({}, () => mskToken({ ...source, profile, region: 'us-east-1' }, settings('b'), 5_000));
  const url = new URL(Buffer.from((await tokenOf('kafka')).text, 'base64url').toString('utf8'));
  assert.match(url.searchParams.get('X-Amz-Credential')!, /^AKIDPROFILE\//);
  assert.equal(url.searchParams.get('X-Amz-Signature'), signatureOf(url));
  await assert.rejects(tokenOf('nobody'), (error: Error & { hint: string }) => {
    assert.match(error.message, /^no token: .*nobody/);
    assert.match(error.hint, /aws sts get-caller-identity/);
    return true;
  });
});
