/** What may be shown of the settings, for other clients of the same cluster. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openProperties, readGiven } from '../../../src/settings/resolve.ts';

async function shown(property: readonly string[], bootstrapServer?: string) {
  const given = await readGiven({ property, addressMap: [], bootstrapServer }, {}, new AbortController().signal);
  return Object.fromEntries(openProperties(given));
}

test('secrets are not among them, nor what refers to one; the address always is', async () => {
  assert.deepEqual(await shown([]), { 'bootstrap.servers': 'localhost:9092' });
  const given = await shown(
    [
      'security.protocol=SASL_SSL',
      'sasl.mechanism=PLAIN',
      'sasl.username=alice',
      'sasl.password=secret-1',
      'ssl.ca.location=/etc/ca.pem',
      ['ssl.keystore.password=$', '{env:STORE_PASSWORD}'].join(''),
    ],
    'kafka:9092',
  );
  assert.deepEqual(given, {
    'bootstrap.servers': 'kafka:9092',
    'security.protocol': 'SASL_SSL',
    'sasl.mechanism': 'PLAIN',
    'sasl.username': 'alice',
    'sasl.password': undefined,
    'ssl.truststore.location': '/etc/ca.pem',
    'ssl.keystore.password': undefined,
  });
});

test('a registry is no part of the connection to the cluster', async () => {
  assert.deepEqual(await shown(['schema.registry.url=http://localhost:8081', 'basic.auth.user.info=a:b']), {
    'bootstrap.servers': 'localhost:9092',
  });
});
