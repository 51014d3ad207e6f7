/** Settings for people to see: each with where it came from, and no secret. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readGiven } from '../../../src/settings/resolve.ts';
import { shownSettings } from '../../../src/settings/shown.ts';

const folder = mkdtempSync(join(tmpdir(), 'kt-shown-'));
after(() => rmSync(folder, { recursive: true }));

test('each setting that counts is shown with its source, and secrets are hidden', async () => {
  const file = join(folder, 'client.properties');
  const login = 'org.apache.kafka.common.security.plain.PlainLoginModule required username="alice" password="S3cret-1";';
  writeFileSync(
    file,
    [
      'bootstrap.servers=kafka:9092',
      'security.protocol=SASL_SSL',
      'sasl.mechanism=PLAIN',
      `sasl.jaas.config=${login}`,
      '',
    ].join('\n'),
    { mode: 0o600 },
  );
  const flags = {
    bootstrapServer: undefined,
    commandConfig: file,
    property: [
      'ssl.keystore.password=S3cret-2',
      'ssl.truststore.certificates=-----BEGIN CERTIFICATE-----\nMII=',
      'basic.auth.user.info=a:b',
    ],
    addressMap: ['kafka:9092=localhost:19092'],
    proxy: 'socks5://me:S3cret-3@bastion:1080',
  };
  const shown = shownSettings(await readGiven(flags, { KT_TIMEOUT: '5s' }, new AbortController().signal));
  assert.deepEqual(
    shown.map(({ name, value, origin }) => `${name}=${value} (${origin.replace(folder, '…')})`),
    [
      'bootstrap.servers=kafka:9092 (…/client.properties, line 1)',
      'request.timeout.ms=5000 (KT_TIMEOUT)',
      'ssl.keystore.password=******** (-X ssl.keystore.password)',
      'ssl.truststore.certificates=-----BEGIN CERTIFICATE-----… (-X ssl.truststore.certificates)',
      'security.protocol=SASL_SSL (…/client.properties, line 2)',
      'sasl.mechanism=PLAIN (…/client.properties, line 3)',
      'sasl.username=alice (…/client.properties, line 4)',
      'sasl.password=******** (…/client.properties, line 4)',
      'address map=kafka:9092=localhost:19092 (--address-map)',
      'proxy=socks5://me:********@bastion:1080 (--proxy)',
    ],
  );
  assert.doesNotMatch(JSON.stringify(shown), /S3cret/);
});

test('where nothing is given, the default address is shown as one', async () => {
  const given = await readGiven({ property: [], addressMap: [] }, {}, new AbortController().signal);
  assert.deepEqual(shownSettings(given), [{ name: 'bootstrap.servers', value: 'localhost:9092', origin: 'the default' }]);
});
