import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { defaultKafkaVersion, defaultPort } from '../../../src/local/spec.ts';

interface Service {
  readonly image: string;
  readonly hostname?: string;
  readonly ports: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly healthcheck?: object;
}
const compose = parse(readFileSync(new URL('../../../compose.yaml', import.meta.url), 'utf8')) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};
const kafka = compose.services['kafka'] as Service;
const ui = compose.services['kafka-ui'] as Service;

/** `NAME://host:port,…` by name. */
const listeners = (text: string | undefined) =>
  Object.fromEntries((text ?? '').split(',').map((entry) => entry.split('://') as [string, string]));

test('compose.yaml runs the Kafka that kt local runs, with its data in a named volume', () => {
  assert.equal(kafka.image, `apache/kafka:${defaultKafkaVersion}`);
  const [volume, path] = (kafka.volumes?.[0] ?? '').split(':') as [string, string];
  assert.ok(volume in compose.volumes);
  assert.equal(kafka.environment['KAFKA_LOG_DIRS'], path);
  assert.ok(kafka.healthcheck);
  assert.match(ui.image, /:v\d+\.\d+\.\d+$/, 'a pinned release');
});

test('programs on the host and containers are each sent to an address they can reach', () => {
  const bound = listeners(kafka.environment['KAFKA_LISTENERS']);
  const advertised = listeners(kafka.environment['KAFKA_ADVERTISED_LISTENERS']);
  assert.equal(advertised['HOST'], `localhost:${defaultPort}`);
  assert.equal(advertised['CONTAINERS'], `${kafka.hostname}:29092`);
  for (const [name, address] of Object.entries(advertised)) {
    assert.equal(bound[name], `:${address.split(':')[1]}`, `${name} listens on the port it advertises`);
  }
  assert.deepEqual(kafka.ports, [`127.0.0.1:${defaultPort}:${defaultPort}`]);
  assert.equal(ui.environment['KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS'], advertised['CONTAINERS']);
});

test('controller and inter-broker listeners are wired to listeners that exist', () => {
  const bound = listeners(kafka.environment['KAFKA_LISTENERS']);
  const { KAFKA_CONTROLLER_LISTENER_NAMES, KAFKA_INTER_BROKER_LISTENER_NAME, KAFKA_CONTROLLER_QUORUM_VOTERS } =
    kafka.environment;
  assert.equal(KAFKA_CONTROLLER_QUORUM_VOTERS, `1@${kafka.hostname}${bound[KAFKA_CONTROLLER_LISTENER_NAMES as string]}`);
  assert.ok(KAFKA_INTER_BROKER_LISTENER_NAME && KAFKA_INTER_BROKER_LISTENER_NAME in bound);
  const mapped = (kafka.environment['KAFKA_LISTENER_SECURITY_PROTOCOL_MAP'] ?? '')
    .split(',')
    .map((entry) => entry.split(':')[0]);
  assert.deepEqual([...mapped].sort(), Object.keys(bound).sort());
});
