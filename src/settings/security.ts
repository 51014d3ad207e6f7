/** `security.protocol` and `sasl.*`: how the connection is protected, and as whom. */
import { type KtError, usageError } from '../base/errors.ts';
import type { SaslSettings } from '../kafka/connection/sasl.ts';
import type { Layer } from './layers.ts';
import type { Property } from './property.ts';
import { gssapi } from './sasl/gssapi.ts';
import type { SaslSources } from './sasl/mechanism.ts';
import { saslMechanisms } from './sasl/mechanisms.ts';

const protocols = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'] as const;
export type SecurityProtocol = (typeof protocols)[number];

/**
 * The protocol; PLAINTEXT where none is given, as in Java.
 * Credentials that such a connection never uses are nearly always a mistake, so they are refused, except in a properties file, where
 * Java ignores them, and in a profile whose protocol a flag overrides.
 * @throws KtError `usage`
 */
export function securityProtocol(properties: Layer): SecurityProtocol {
  const given = properties.get('security.protocol');
  const protocol = protocols.find((name) => name === (given?.value ?? 'PLAINTEXT').trim().toUpperCase());
  if (!protocol) throw usageError(`${given!.label}: no such protocol '${given!.value}'`, `use one of ${protocols.join(', ')}`);
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

/**
 * The mechanism with its credentials, of a connection with SASL.
 * @throws KtError `usage` when one is missing, or kt does not speak the mechanism
 */
export async function readSasl(properties: Layer, sources: SaslSources): Promise<SaslSettings> {
  const given = properties.get('sasl.mechanism');
  const named = given ? given.value.trim().toUpperCase() : impliedMechanism(properties);
  for (const mechanism of saslMechanisms) {
    const name = mechanism.names.find((each) => each === named);
    if (name)
      return await mechanism.read(
        name,
        properties,
        (property) => missing(property, name, mechanism.jaas.options, properties),
        sources,
      );
  }
  const known = saslMechanisms.flatMap(({ names }) => names).join(', ');
  throw usageError(
    given ? `${given.label}: kt does not speak the SASL mechanism '${given.value}'` : 'sasl.mechanism is not given',
    `use one of ${known}: -X sasl.mechanism=SCRAM-SHA-512 -X sasl.username=… -X sasl.password='\${env:NAME}'`,
  );
}

/** Java's default, GSSAPI, where anything says that Kerberos is meant; anybody else has forgotten the mechanism. */
function impliedMechanism(properties: Layer): string | undefined {
  const isKerberos = gssapi.properties.some((name) => properties.has(name));
  return isKerberos || /\.Krb5LoginModule\s/.test(properties.get('sasl.jaas.config')?.value ?? '') ? 'GSSAPI' : undefined;
}

/** @param options the properties that the options of the login line stand for */
function missing(property: string, mechanism: string, options: Readonly<Record<string, string>>, properties: Layer): KtError {
  const jaas = properties.get('sasl.jaas.config');
  const option = Object.keys(options).find((name) => options[name] === property && !name.includes('.'));
  return usageError(
    jaas && option
      ? `${jaas.label}: no ${option} in it (${mechanism} needs it)`
      : `${property} is not given (${mechanism} needs it)`,
    `-X ${property}=…${option ? ', or sasl.jaas.config in the --command-config file' : ''}`,
  );
}
