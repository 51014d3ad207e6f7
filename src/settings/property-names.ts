/** The client properties that kt knows, under Java's names, and what to type instead of one that it does not know. */
import { nearest } from '../base/nearest.ts';
import {
  isHeaderProperty,
  type RegistryPropertyName,
  registryAlternatives,
  registryNames,
  registryPrefix,
} from './registry/names.ts';
import type { SaslMechanism } from './sasl/mechanism.ts';
import { type SaslPropertyName, saslMechanisms } from './sasl/mechanisms.ts';

/** Java's names, but for those of SASL mechanisms. */
const connectionProperties = [
  'bootstrap.servers',
  'client.id',
  'request.timeout.ms',
  'security.protocol',
  'sasl.mechanism',
  'sasl.jaas.config',
  'ssl.truststore.location',
  'ssl.truststore.password',
  'ssl.truststore.type',
  'ssl.truststore.certificates',
  'ssl.keystore.location',
  'ssl.keystore.password',
  'ssl.keystore.type',
  'ssl.keystore.certificate.chain',
  'ssl.keystore.key',
  'ssl.certificate.location',
  'ssl.key.location',
  'ssl.key.password',
  'ssl.enabled.protocols',
  'ssl.protocol',
  'ssl.cipher.suites',
  'ssl.crl.location',
  'ssl.curves.list',
  'ssl.sigalgs.list',
  'ssl.engine.factory.class',
  'ssl.endpoint.identification.algorithm',
  'enable.ssl.certificate.verification',
] as const;

/** The only names that settings are made from. */
export type PropertyName = (typeof connectionProperties)[number] | SaslPropertyName | RegistryPropertyName;

/** librdkafka's names for the same things (its CONFIGURATION.md). */
const librdkafkaNames: Readonly<Record<string, PropertyName>> = {
  'metadata.broker.list': 'bootstrap.servers',
  'socket.timeout.ms': 'request.timeout.ms',
  'sasl.mechanisms': 'sasl.mechanism',
  'ssl.ca.location': 'ssl.truststore.location',
  'ssl.ca.pem': 'ssl.truststore.certificates',
  'ssl.certificate.pem': 'ssl.keystore.certificate.chain',
  'ssl.key.pem': 'ssl.keystore.key',
};

/** Properties of Java's and librdkafka's clients that are options of a command in kt. */
const options: Readonly<Record<string, string>> = {
  acks: '--acks of kt produce',
  'request.required.acks': '--acks of kt produce',
  'compression.type': '--compression of kt produce',
  'compression.codec': '--compression of kt produce',
  'enable.idempotence': 'nothing: kt produce is idempotent with --acks all',
  retries: '--retries of kt produce',
  'transactional.id': '--transactional-id of kt produce',
  'group.id': '--group of kt tail',
  'isolation.level': '--isolation of kt tail',
  'auto.offset.reset': '--from-beginning of kt tail',
};

const mechanisms: readonly SaslMechanism<SaslPropertyName>[] = saslMechanisms;

const tlsAlternatives = [
  ['ssl.truststore.location', 'ssl.truststore.certificates'],
  ['ssl.keystore.location', 'ssl.keystore.certificate.chain', 'ssl.certificate.location'],
  ['ssl.keystore.location', 'ssl.keystore.key', 'ssl.key.location'],
] as const satisfies readonly (readonly PropertyName[])[];

/** Properties that stand for the same: where one source sets one of them, the others in sources that count less are ignored. */
export const alternatives: readonly (readonly PropertyName[])[] = [
  ...tlsAlternatives,
  ...tlsAlternatives.map((names) => names.map((name) => `${registryPrefix}${name}` as const)),
  ...registryAlternatives,
  ...mechanisms.flatMap(({ alternatives }) => alternatives ?? []),
];

let byName: ReadonlyMap<string, PropertyName> | undefined;

/** Every name that kt knows, with Java's for it. Made when the first is looked up: most runs give no property. */
function namesKnown(): ReadonlyMap<string, PropertyName> {
  byName ??= allNames();
  return byName;
}

function allNames(): ReadonlyMap<string, PropertyName> {
  const clusterNames: readonly (readonly [name: string, known: PropertyName])[] = [
    ...Object.entries(librdkafkaNames),
    ...mechanisms.flatMap(({ otherNames }) => Object.entries(otherNames ?? {})),
    ...[...connectionProperties, ...saslMechanisms.flatMap(({ properties }) => properties)].map(
      (name) => [name, name] as const,
    ),
  ];
  // The names of the cluster's TLS stand for a registry's, too, after a prefix.
  const registryTlsNames = clusterNames.flatMap(([name, known]) =>
    isTls(name) && isTls(known) ? [[`${registryPrefix}${name}`, `${registryPrefix}${known}`] as const] : [],
  );
  return new Map<string, PropertyName>([...clusterNames, ...registryTlsNames, ...registryNames]);
}

function isTls(name: string): name is `ssl.${string}` {
  return name.startsWith('ssl.');
}

/** Java's name of a property by any of its names; undefined when kt does not know it. */
export function canonicalName(name: string): PropertyName | undefined {
  return namesKnown().get(name) ?? (isHeaderProperty(name) ? name : undefined);
}

/** What is wrong with a property that kt does not know, and what to type instead. */
export function unknownProperty(name: string): { readonly what: string; readonly hint: string } {
  const what = 'unknown client property';
  const instead = options[name];
  if (instead) return { what, hint: `use ${instead}` };
  const meant = nearest(name, namesKnown().keys());
  return {
    what,
    hint: meant
      ? `did you mean ${meant}?`
      : 'kt takes properties that connect and authenticate: security.protocol, sasl.*, ssl.*, …',
  };
}
