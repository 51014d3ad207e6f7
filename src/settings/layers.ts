/** Client properties of one source under Java's names, and sources laid over each other. */
import { usageError } from '../base/errors.ts';
import { parseJaas } from './jaas.ts';
import { decodeProperties, parseProperties } from './properties-file.ts';
import type { Given, Property, Source } from './property.ts';
import { alternatives, canonicalName, type PropertyName, unknownProperty } from './property-names.ts';
import { saslMechanisms } from './sasl/mechanisms.ts';

/** One source's properties. */
export type Layer = ReadonlyMap<PropertyName, Property>;

export interface FileLayer {
  readonly layer: Layer;
  /** No entry at all in the file, not even one that kt ignores. */
  readonly isEmpty: boolean;
}

/**
 * Properties that the user gave to kt itself (-X, profile).
 * @param profile the profile that they are part of
 * @throws KtError `usage` for a name that kt does not know
 */
export function strictLayer(given: readonly Given[], profile?: string): Layer {
  for (const { name, label } of given) {
    if (canonicalName(name)) continue;
    const { what, hint } = unknownProperty(name);
    throw usageError(`${label}: ${what}`, hint);
  }
  return layerOf(given, { source: profile === undefined ? 'flag' : 'profile', profile });
}

/**
 * A file as Kafka's own scripts take it with --command-config; what kt does not know in it is ignored, as in Java.
 * @param path for errors
 * @param profile the profile that names the file
 * @throws KtError `usage` for what cannot be parsed, and for a slip in `bootstrap.servers`: the cluster would be another one
 */
export function fileLayer(bytes: Buffer, path: string, profile?: string): FileLayer {
  const given = parseProperties(decodeProperties(bytes), path).map(({ name, value, line }) => {
    const at = `${path}, line ${line}`;
    return { name, value, label: `${name} (${at})`, origin: profile === undefined ? at : `profile '${profile}': ${at}` };
  });
  const slip = given.find(({ name }) => !canonicalName(name) && /^bootstrap[._-]?servers?$/i.test(name));
  if (slip) throw usageError(`${slip.label}: unknown client property`, 'did you mean bootstrap.servers?');
  return { layer: layerOf(given, { source: 'file', profile }), isEmpty: given.length === 0 };
}

/** A property that a flag, a variable or a profile's own key stands for; an empty one counts as not given. */
export function singleLayer(name: PropertyName, value: string | undefined, origin: string, profile?: string): Layer {
  if (value === undefined || value === '') return new Map();
  return new Map([[name, { value, label: origin, origin, source: profile === undefined ? 'flag' : 'profile', profile }]]);
}

function layerOf(given: readonly Given[], from: { source: Source; profile: string | undefined }): Layer {
  const layer = new Map<PropertyName, Property>();
  for (const { name, ...facts } of given) {
    const known = canonicalName(name);
    if (known) layer.set(known, { ...facts, value: bare(known, facts.value, from.source), ...from });
  }
  return withJaasOptions(layer);
}

/**
 * A value without the blanks around it, which Java cuts off of every client property (ConfigDef.parseType). Only a user name or a password
 * that a shell or a YAML file quotes stays as it is: neither is a property of Java's.
 */
export function bare(name: PropertyName, value: string, source: Source): string {
  return source !== 'file' && (exactNames as readonly string[]).includes(name) ? value : trimmed(value);
}

const exactNames = saslMechanisms.flatMap(({ properties }) => properties);

/** As Java's `String.trim`: without all that is not above a blank. */
function trimmed(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text.charCodeAt(start) <= 0x20) start++;
  while (end > start && text.charCodeAt(end - 1) <= 0x20) end--;
  return text.slice(start, end);
}

/** `sasl.jaas.config` taken apart into the properties that its options stand for, so that layers with either style fit together. */
function withJaasOptions(layer: Map<PropertyName, Property>): Layer {
  const given = layer.get('sasl.jaas.config');
  if (!given) return layer;
  const login = parseJaas(given.value);
  if (typeof login === 'string') {
    throw usageError(
      `${given.label}: ${login}`,
      `org.apache.kafka.common.security.plain.PlainLoginModule required username="…" password="…";`,
    );
  }
  // A module of a mechanism that kt does not speak is an error only if the connection uses SASL: security.ts reports it.
  for (const { jaas } of saslMechanisms.filter(({ jaas }) => jaas.module.test(login.className))) {
    for (const [option, name] of Object.entries(jaas.options)) {
      const needed = jaas.onlyWith?.[option];
      if (needed !== undefined && login.options.get(needed)?.toLowerCase() !== 'true') continue;
      const value = login.options.get(option);
      if (value !== undefined && !layer.has(name)) layer.set(name, { ...given, value });
    }
    const { listed } = jaas;
    const all = [...login.options].filter(([option]) => listed && option.startsWith(listed.start));
    if (!listed || all.length === 0 || layer.has(listed.name)) continue;
    const value = all.map(([option, text]) => `${option.slice(listed.start.length)}=${text}`).join(',');
    layer.set(listed.name, { ...given, value });
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
