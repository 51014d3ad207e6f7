/** `security.protocol` and `sasl.*`: how the connection is protected, and as whom. */
import { type KtError, usageError } from '../base/errors.ts';
import type { Layer, Property } from './layers.ts';
import type { SaslSettings } from './resolve.ts';

const protocols = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'] as const;
export type SecurityProtocol = (typeof protocols)[number];

/**
 * The protocol, Java's default being PLAINTEXT.
 * Credentials that such a connection never uses are nearly always a mistake, so they are refused; except from a properties file,
 * where Java ignores them, and from a profile whose protocol a flag overrides.
 * @throws KtError `usage`
 */
export function securityProtocol(properties: Layer): SecurityProtocol {
  const given = properties.get('security.protocol');
  const protocol = protocols.find((name) => name === (given?.value ?? 'PLAINTEXT').trim().toUpperCase());
  if (!protocol) throw usageError(`${given!.label}: no such protocol '${given!.value}'`, `one of ${protocols.join(', ')}`);
  const tls = protocol.endsWith('SSL');
  for (const [name, property] of properties) {
    if (property.source === 'file' || (property.source === 'profile' && given?.source === 'flag')) continue;
    if (name.startsWith('sasl.') && !protocol.startsWith('SASL_')) {
      throw unused(property, protocol, tls ? ['SASL_SSL'] : ['SASL_SSL', 'SASL_PLAINTEXT']);
    }
    if (name.startsWith('ssl.') && !tls)
      throw unused(property, protocol, protocol === 'PLAINTEXT' ? ['SSL', 'SASL_SSL'] : ['SASL_SSL']);
  }
  return protocol;
}

function unused(property: Property, protocol: SecurityProtocol, instead: readonly SecurityProtocol[]): KtError {
  return usageError(
    `${property.label} has no effect (security.protocol is ${protocol})`,
    `add ${instead.map((name) => `-X security.protocol=${name}`).join(', or ')}`,
  );
}

const mechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;

/**
 * The mechanism with its user name and password, of a connection with SASL.
 * @throws KtError `usage` when one is missing, or the mechanism is one that kt lacks
 */
export function readSasl(properties: Layer): SaslSettings {
  const given = properties.get('sasl.mechanism');
  const named = given?.value.trim().toUpperCase();
  const mechanism = mechanisms.find((name) => name === named);
  if (!mechanism) {
    throw usageError(
      given
        ? `${given.label}: kt does not speak the SASL mechanism '${given.value}'`
        : 'sasl.mechanism is not given (kt does not speak GSSAPI, the default in Java)',
      `use a user with one of ${mechanisms.join(', ')}: -X sasl.mechanism=SCRAM-SHA-512 -X sasl.username=… -X sasl.password='\${env:NAME}'`,
    );
  }
  const username = properties.get('sasl.username')?.value;
  const password = properties.get('sasl.password')?.value;
  if (username === undefined || password === undefined) {
    const missing = username === undefined ? 'sasl.username' : 'sasl.password';
    const jaas = properties.get('sasl.jaas.config');
    throw usageError(
      jaas
        ? `${jaas.label}: it names no ${missing.slice(5)} for ${mechanism}`
        : `${missing} is not given (${mechanism} needs it)`,
      `-X ${missing}=…, or sasl.jaas.config in the --command-config file`,
    );
  }
  return { mechanism, username, password };
}
