import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blankIn, connectionOptions } from '../../../../../src/records/aggregate/flink/connection.ts';

function options(properties: Readonly<Record<string, string | undefined>>) {
  return Object.fromEntries(connectionOptions(new Map(Object.entries({ 'bootstrap.servers': 'kafka:9092', ...properties }))));
}

test('a password is a place to fill in, and the login module is the one inside the connector', () => {
  const given = options({
    'security.protocol': 'SASL_SSL',
    'sasl.mechanism': 'SCRAM-SHA-512',
    'sasl.username': 'al"ice',
    'sasl.password': undefined,
    'sasl.jaas.config': undefined,
    'ssl.truststore.location': '/etc/ca.pem',
    'ssl.keystore.location': '/etc/me.p12',
    'ssl.keystore.password': undefined,
  });
  assert.deepEqual(given, {
    'properties.bootstrap.servers': 'kafka:9092',
    'properties.security.protocol': 'SASL_SSL',
    'properties.sasl.mechanism': 'SCRAM-SHA-512',
    'properties.ssl.truststore.location': '/etc/ca.pem',
    'properties.ssl.truststore.type': 'PEM',
    'properties.ssl.keystore.location': '/etc/me.p12',
    'properties.ssl.keystore.type': 'PKCS12',
    'properties.ssl.keystore.password': '<ssl.keystore.password>',
    'properties.sasl.jaas.config':
      'org.apache.flink.kafka.shaded.org.apache.kafka.common.security.scram.ScramLoginModule required username="al\\"ice" password="<sasl.password>";',
  });
  assert.deepEqual(Object.values(given).flatMap(blankIn), ['<ssl.keystore.password>', '<sasl.password>']);
});

test('a connection without security has nothing of it', () => {
  assert.deepEqual(options({ 'ssl.truststore.location': '/etc/ca.pem', 'client.id': 'me', 'request.timeout.ms': '5' }), {
    'properties.bootstrap.servers': 'kafka:9092',
  });
});

test("what Java's client does not know is refused", () => {
  assert.throws(
    () => options({ 'security.protocol': 'SSL', 'ssl.certificate.location': 'me.pem' }),
    /ssl\.certificate\.location/,
  );
  assert.throws(
    () => options({ 'security.protocol': 'SSL', 'enable.ssl.certificate.verification': 'false' }),
    /enable\.ssl\.certificate\.verification/,
  );
  assert.throws(() => options({ 'security.protocol': 'SASL_SSL', 'sasl.mechanism': 'GSSAPI' }), /sasl\.mechanism GSSAPI/);
});
