/** Client properties from several sources, laid over each other. */
import { readFileSync } from 'node:fs';
import { usageError } from '../base/errors.ts';
import { parseJaas } from './jaas.ts';
import { decodeProperties, parseProperties } from './properties-file.ts';
import { alternatives, canonicalName, type PropertyName, suggestion } from './property-names.ts';

/** Who gave a property: a flag or variable, a profile, or a properties file that other programs read too. */
export type Source = 'flag' | 'profile' | 'file';

export interface Property {
  /** As the user wrote it, with where: `-X ssl.ca.location`, `ssl.ca.location (client.properties, line 3)`. */
  readonly label: string;
  readonly value: string;
  readonly source: Source;
}

/** One source's properties under their Java names. */
export type Layer = ReadonlyMap<PropertyName, Property>;

export interface Given {
  readonly name: string;
  readonly value: string;
  /** As `Property` has it. */
  readonly label: string;
}

/**
 * Properties that the user gave to kt itself (-X, profile).
 * @throws KtError `usage` for a name that kt does not act on
 */
export function strictLayer(given: readonly Given[], source: Source): Layer {
  for (const { name, label } of given) {
    if (!canonicalName(name)) throw usageError(`${label}: kt has no use for this property`, suggestion(name));
  }
  return layerOf(given, source);
}

/**
 * A file as Kafka's own scripts take with --command-config; what kt does not know in it is ignored, as Java does.
 * @throws KtError `usage` when it cannot be read
 */
export function fileLayer(path: string, option: string): Layer {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw usageError(
      `${option}: cannot read ${path} (${(cause as NodeJS.ErrnoException).code})`,
      'give a Java client .properties file',
    );
  }
  const entries = parseProperties(decodeProperties(bytes), path);
  return layerOf(
    entries.map(({ name, value, line }) => ({ name, value, label: `${name} (${path}, line ${line})` })),
    'file',
  );
}

/** A property that a flag, a variable or a profile's key of its own stands for. */
export function singleLayer(name: PropertyName, value: string | undefined, label: string, source: Source = 'flag'): Layer {
  return new Map(value === undefined || value === '' ? [] : [[name, { label, value, source }]]);
}

function layerOf(given: readonly Given[], source: Source): Layer {
  const layer = new Map<PropertyName, Property>();
  for (const { name, value, label } of given) {
    const known = canonicalName(name);
    if (known) layer.set(known, { label, value, source });
  }
  return withJaasOptions(layer);
}

const passwordModules = /^org\.apache\.kafka\.common\.security\.(plain\.PlainLoginModule|scram\.ScramLoginModule)$/;

/** `sasl.jaas.config` taken apart into user name and password, so that layers with either style fit together. */
function withJaasOptions(layer: Map<PropertyName, Property>): Layer {
  const jaas = layer.get('sasl.jaas.config');
  if (!jaas) return layer;
  const login = parseJaas(jaas.value);
  if (typeof login === 'string') {
    throw usageError(
      `${jaas.label}: ${login}`,
      `org.apache.kafka.common.security.plain.PlainLoginModule required username="…" password="…";`,
    );
  }
  // A module of a mechanism that kt lacks: sasl.ts says so, if the connection uses SASL at all.
  if (!passwordModules.test(login.className)) return layer;
  for (const option of ['username', 'password'] as const) {
    const value = login.options.get(option);
    if (value !== undefined && !layer.has(`sasl.${option}`)) layer.set(`sasl.${option}`, { ...jaas, value });
  }
  return layer;
}

/** @param layers the one that counts most first */
export function mergeLayers(layers: readonly Layer[]): Layer {
  const merged = new Map<PropertyName, Property>();
  for (const layer of layers) {
    const above = new Set(merged.keys());
    const hidden = (name: PropertyName) =>
      above.has(name) || alternatives.some((names) => names.includes(name) && names.some((other) => above.has(other)));
    for (const [name, property] of layer) if (!hidden(name)) merged.set(name, property);
  }
  return merged;
}
