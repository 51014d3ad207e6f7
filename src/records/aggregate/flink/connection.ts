/** How Flink's Kafka connector reaches the cluster: kt's own settings, without a secret. */
import { usageError } from '../../../base/errors.ts';
import type { TableOptions } from './job.ts';

/** Kafka's classes have another place in the connector. */
const security = 'org.apache.flink.kafka.shaded.org.apache.kafka.common.security';
const loginModules: Readonly<Record<string, string>> = {
  PLAIN: `${security}.plain.PlainLoginModule`,
  'SCRAM-SHA-256': `${security}.scram.ScramLoginModule`,
  'SCRAM-SHA-512': `${security}.scram.ScramLoginModule`,
};

/** Properties that Java's client has and that are passed on. */
const passed = [
  'bootstrap.servers',
  'security.protocol',
  'sasl.mechanism',
  'ssl.truststore.location',
  'ssl.truststore.password',
  'ssl.truststore.type',
  'ssl.truststore.certificates',
  'ssl.keystore.location',
  'ssl.keystore.password',
  'ssl.keystore.type',
  'ssl.keystore.certificate.chain',
  'ssl.keystore.key',
  'ssl.key.password',
  'ssl.enabled.protocols',
  'ssl.protocol',
  'ssl.cipher.suites',
  'ssl.endpoint.identification.algorithm',
];
/** Those that only kt and librdkafka have. */
const untold = ['ssl.certificate.location', 'ssl.key.location', 'ssl.crl.location', 'ssl.curves.list', 'ssl.sigalgs.list'];

/** What stands for a secret in what is printed. */
function blank(name: string): string {
  return `<${name}>`;
}

/** The places in a value that have to be filled in. */
export function blankIn(value: string): readonly string[] {
  return value.match(/<(?:sasl|ssl)\.[a-z.]+>/g) ?? [];
}

/**
 * @param properties under Java's names; undefined for a secret
 * @throws KtError `usage` for what Java's client has no property for
 */
export function connectionOptions(properties: ReadonlyMap<string, string | undefined>): TableOptions {
  const protocol = (properties.get('security.protocol') ?? 'PLAINTEXT').toUpperCase();
  const isUsed = (name: string) =>
    name.startsWith('ssl.') ? protocol.endsWith('SSL') : name.startsWith('sasl.') ? protocol.startsWith('SASL_') : true;
  const other = [...properties.keys()].find(
    (name) =>
      isUsed(name) &&
      (untold.includes(name) || (name === 'enable.ssl.certificate.verification' && properties.get(name) === 'false')),
  );
  if (other !== undefined) {
    throw usageError(
      `${other} (Java's client has no such property)`,
      'give a key store and a trust store: -X ssl.keystore.location=…',
    );
  }
  const given = passed.filter((name) => properties.has(name) && isUsed(name));
  const plain = given.map((name) => [`properties.${name}`, properties.get(name) ?? blank(name)] as const);
  return [...plain, ...storeTypes(properties, isUsed), ...(protocol.startsWith('SASL_') ? [jaas(properties)] : [])];
}

/** kt tells kinds of stores apart by their bytes; Java has to be told. */
function storeTypes(properties: ReadonlyMap<string, string | undefined>, isUsed: (name: string) => boolean): TableOptions {
  return ['truststore', 'keystore'].flatMap((store) => {
    const name = `ssl.${store}.type`;
    if (properties.has(name) || !isUsed(name)) return [];
    const isInline = properties.has('ssl.truststore.certificates') && store === 'truststore';
    const location = properties.get(`ssl.${store}.location`) ?? '';
    const type =
      isInline || properties.has(`ssl.${store}.key`) || /\.(pem|crt|cer|key)$/i.test(location)
        ? 'PEM'
        : /\.(p12|pfx)$/i.test(location)
          ? 'PKCS12'
          : undefined;
    return type === undefined ? [] : [[`properties.${name}`, type] as const];
  });
}

function jaas(properties: ReadonlyMap<string, string | undefined>): readonly [string, string] {
  const module = loginModules[(properties.get('sasl.mechanism') ?? '').toUpperCase()];
  if (module === undefined) {
    throw usageError(
      `sasl.mechanism ${properties.get('sasl.mechanism') ?? 'is not given'} (--print flink-sql cannot say it)`,
      `it knows ${Object.keys(loginModules).join(', ')}`,
    );
  }
  const quoted = (text: string) => `"${text.replaceAll(/[\\"]/g, '\\$&')}"`;
  const user = properties.get('sasl.username') ?? blank('sasl.username');
  return [
    'properties.sasl.jaas.config',
    `${module} required username=${quoted(user)} password=${quoted(blank('sasl.password'))};`,
  ];
}
