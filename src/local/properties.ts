/** The `.properties` files of a local cluster: its brokers' and its clients'. */

import { type Protocol, versionAtLeast } from './spec.ts';
import type { ClusterState, NodeState } from './state.ts';

export type Properties = Readonly<Record<string, string | number | boolean>>;

/** In Java's syntax: Latin-1 with escapes, backslashes doubled. */
export function formatProperties(properties: Properties): string {
  const escaped = (text: string) =>
    text
      .replace(/\\/g, '\\\\')
      .replace(/\n/g, '\\n')
      .replace(/^[ #!]/, '\\$&')
      .replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return Object.entries(properties)
    .map(([key, value]) => `${escaped(key).replace(/[=: ]/g, '\\$&')}=${escaped(String(value))}\n`)
    .join('');
}

/** Whether any listener uses TLS or SASL, so that certificates and users are needed. */
export function isSecured(state: Pick<ClusterState, 'security' | 'listeners'>): boolean {
  return state.security !== 'plaintext' || state.listeners.some((protocol) => protocol !== 'PLAINTEXT');
}

const mechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'];
const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule required';
const plain = 'org.apache.kafka.common.security.plain.PlainLoginModule required';

/** A listener's SASL users: PLAIN knows them from its configuration, SCRAM from the cluster's metadata. */
function saslProperties(protocol: Protocol, users: Readonly<Record<string, string>>): Properties {
  const prefix = `listener.name.${protocol.toLowerCase()}`;
  const entries = Object.entries(users).map(([name, password]) => ` user_${name}="${password}"`);
  return {
    [`${prefix}.sasl.enabled.mechanisms`]: mechanisms.join(),
    [`${prefix}.plain.sasl.jaas.config`]: `${plain}${entries.join('')};`,
    [`${prefix}.scram-sha-256.sasl.jaas.config`]: `${scram};`,
    [`${prefix}.scram-sha-512.sasl.jaas.config`]: `${scram};`,
  };
}

/** TLS for every listener; nodes identify each other by the broker's certificate, so no listener trusts an unauthenticated connection. */
function securityProperties(state: ClusterState): Properties {
  const sasl = state.listeners.filter((protocol) => protocol.startsWith('SASL_'));
  const anonymous = state.security === 'sasl_ssl' && state.listeners.some((protocol) => !protocol.startsWith('SASL_'));
  return {
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': '../certificates/broker.pem',
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': '../certificates/ca.pem',
    'ssl.principal.mapping.rules': 'RULE:^CN=([^,]+).*$/$1/,DEFAULT',
    'listener.name.broker.ssl.client.auth': 'required',
    'listener.name.controller.ssl.client.auth': 'required',
    ...(state.listeners.includes('SSL') && { 'listener.name.ssl.ssl.client.auth': 'requested' }),
    ...Object.assign({}, ...sasl.map((protocol) => saslProperties(protocol, state.users))),
    ...(state.security === 'sasl_ssl' && {
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'super.users': ['broker', 'admin', ...(anonymous ? ['ANONYMOUS'] : [])].map((user) => `User:${user}`).join(';'),
    }),
  };
}

/**
 * A node's `server.properties`: controller and broker in one. Paths are relative to the node's folder, which is the process's working
 * directory, so that the same file serves Java here and Java in a container.
 * @param bind the address to listen on: the loopback's here, all in a container, whose ports Docker publishes
 */
export function serverProperties(state: ClusterState, node: NodeState, bind: string): Properties {
  const replicas = Math.min(3, state.brokers);
  const internal = isSecured(state) ? 'SSL' : 'PLAINTEXT';
  const { host, brokerPort, controllerPort } = node.internal;
  const clients = state.listeners.map((protocol) => [protocol, node.ports[protocol]] as const);
  return {
    'process.roles': 'broker,controller',
    'node.id': node.id,
    'controller.quorum.voters': state.nodes.map(({ id, internal: at }) => `${id}@${at.host}:${at.controllerPort}`).join(),
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'BROKER',
    listeners: [
      ...clients.map(([protocol, port]) => `${protocol}://${bind}:${port}`),
      `BROKER://${bind}:${brokerPort}`,
      `CONTROLLER://${bind}:${controllerPort}`,
    ].join(),
    'advertised.listeners': [
      ...clients.map(([protocol, port]) => `${protocol}://localhost:${port}`),
      `BROKER://${host}:${brokerPort}`,
    ].join(),
    'listener.security.protocol.map': [
      ...state.listeners.map((protocol) => `${protocol}:${protocol}`),
      `BROKER:${internal}`,
      `CONTROLLER:${internal}`,
    ].join(),
    'log.dirs': 'data',
    'auto.create.topics.enable': false,
    'default.replication.factor': replicas,
    'min.insync.replicas': 1,
    // With Kafka's default the first group and the first transaction wait for 50 new partitions; 10 still spread over all brokers.
    'offsets.topic.num.partitions': 10,
    'offsets.topic.replication.factor': replicas,
    'transaction.state.log.num.partitions': 10,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': 1,
    ...(versionAtLeast(state.kafkaVersion, 4, 1) && {
      'share.coordinator.state.topic.num.partitions': 10,
      'share.coordinator.state.topic.replication.factor': replicas,
      'share.coordinator.state.topic.min.isr': 1,
    }),
    'group.initial.rebalance.delay.ms': 0,
    // A killed broker can rejoin only after its old session has expired: 9 s with Kafka's defaults.
    'broker.session.timeout.ms': 5_000,
    'broker.heartbeat.interval.ms': 1_000,
    // Kafka allocates its default of 128 MiB at once; a local cluster's compacted topics need far less.
    'log.cleaner.dedupe.buffer.size': 16 * 1024 * 1024,
    ...(isSecured(state) && securityProperties(state)),
    ...state.serverConfig,
  };
}

/** A client's settings for the main listener, as Kafka's own scripts and `kt --command-config` take them. */
export function clientProperties(state: ClusterState, bootstrapServers: string, caPath: string, user: string): Properties {
  const protocol = state.listeners[0] as Protocol;
  return {
    'bootstrap.servers': bootstrapServers,
    'security.protocol': protocol,
    ...(protocol.startsWith('SASL_') && {
      'sasl.mechanism': 'SCRAM-SHA-512',
      'sasl.jaas.config': `${scram} username="${user}" password="${state.users[user]}";`,
    }),
    ...(protocol.endsWith('SSL') && { 'ssl.truststore.type': 'PEM', 'ssl.truststore.location': caPath }),
  };
}
