import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientProperties, formatProperties, serverProperties } from '../../../src/local/properties.ts';
import { protocols } from '../../../src/local/spec.ts';
import { someState } from './clusters.ts';

test('a properties file escapes what Java would read as something else', () => {
  assert.equal(
    formatProperties({ 'log.dirs': 'C:\\kafka', a: ' lead', é: 'ü\nx', 'k=y': true }),
    ['log.dirs=C:\\\\kafka', 'a=\\ lead', '\\u00e9=\\u00fc\\nx', 'k\\=y=true', ''].join('\n'),
  );
});

test('three brokers vote together, and replicate three times what Kafka keeps for itself', () => {
  const state = someState({ brokers: 3 });
  const properties = serverProperties(state, state.nodes[1]!, '127.0.0.1');
  assert.equal(properties['node.id'], 2);
  assert.equal(properties['controller.quorum.voters'], '1@host-1:29093,2@host-2:29093,3@host-3:29093');
  assert.equal(properties['listeners'], 'PLAINTEXT://127.0.0.1:9093,BROKER://127.0.0.1:29092,CONTROLLER://127.0.0.1:29093');
  assert.equal(properties['advertised.listeners'], 'PLAINTEXT://localhost:9093,BROKER://host-2:29092');
  for (const name of ['offsets.topic', 'transaction.state.log', 'share.coordinator.state.topic']) {
    assert.equal(properties[`${name}.replication.factor`], 3, name);
  }
  assert.equal(properties['authorizer.class.name'], undefined);
  assert.equal(properties['ssl.keystore.location'], undefined);
});

test('one broker replicates once, and Kafka 3.7 is told nothing about share groups', () => {
  const state = someState({ kafkaVersion: '3.7.0' });
  const properties = serverProperties(state, state.nodes[0]!, '127.0.0.1');
  assert.equal(properties['offsets.topic.replication.factor'], 1);
  assert.deepEqual(
    Object.keys(properties).filter((key) => key.startsWith('share.')),
    [],
  );
});

test("the caller's own settings win over kt's", () => {
  const state = someState({ serverConfig: { 'min.insync.replicas': '2', 'num.io.threads': '3' } });
  const properties = serverProperties(state, state.nodes[0]!, '127.0.0.1');
  assert.equal(properties['min.insync.replicas'], '2');
  assert.equal(properties['num.io.threads'], '3');
});

test('a sasl_ssl cluster refuses whom it does not know, and its nodes prove themselves with a certificate', () => {
  const state = someState({ security: 'sasl_ssl' });
  const properties = serverProperties(state, state.nodes[0]!, '127.0.0.1');
  assert.equal(properties['authorizer.class.name'], 'org.apache.kafka.metadata.authorizer.StandardAuthorizer');
  assert.equal(properties['super.users'], 'User:broker;User:admin');
  assert.equal(properties['listener.security.protocol.map'], 'SASL_SSL:SASL_SSL,BROKER:SSL,CONTROLLER:SSL');
  assert.equal(properties['listener.name.broker.ssl.client.auth'], 'required');
  assert.equal(properties['listener.name.controller.ssl.client.auth'], 'required');
  assert.match(
    String(properties['listener.name.sasl_ssl.plain.sasl.jaas.config']),
    new RegExp(`user_alice="${state.users['alice']}"`),
  );
});

test('all four protocols have a listener each, and those without a user may do everything', () => {
  const state = someState({ security: 'sasl_ssl', listeners: protocols });
  const properties = serverProperties(state, state.nodes[0]!, '127.0.0.1');
  assert.match(
    String(properties['advertised.listeners']),
    /^PLAINTEXT:\/\/localhost:9092,SSL:\/\/localhost:9093,SASL_PLAINTEXT:\/\/localhost:9094,SASL_SSL:\/\/localhost:9095,/,
  );
  assert.equal(properties['listener.name.ssl.ssl.client.auth'], 'requested');
  assert.match(String(properties['super.users']), /;User:ANONYMOUS$/);
});

test('client settings hold what the main listener needs and nothing more', () => {
  const plain = someState();
  assert.deepEqual(clientProperties(plain, 'localhost:9092', '/ca.pem', 'admin'), {
    'bootstrap.servers': 'localhost:9092',
    'security.protocol': 'PLAINTEXT',
  });
  const secure = someState({ security: 'sasl_ssl' });
  const properties = clientProperties(secure, 'localhost:9092', '/ca.pem', 'alice');
  assert.equal(properties['ssl.truststore.location'], '/ca.pem');
  assert.match(String(properties['sasl.jaas.config']), new RegExp(`username="alice" password="${secure.users['alice']}";$`));
});
