/** Flags, variables, profile and files → the one value that says how to reach a cluster. */

import { usageError } from '../base/errors.ts';
import { shellWord } from '../base/shell-word.ts';
import type { ConnectionFlags } from '../cli/options.ts';
import type { ClusterSettings } from '../kafka/connection/settings.ts';
import type { RegistrySettings } from '../schemas/registry/settings.ts';
import { parseBootstrapServers } from './addresses.ts';
import type { Environment } from './environment.ts';
import { SettingsFiles } from './files.ts';
import { bare, type Layer, mergeLayers } from './layers.ts';
import type { Property } from './property.ts';
import { type GivenProxy, readProxy } from './proxy.ts';
import { isForRegistry } from './registry/names.ts';
import type { AskSecret } from './sasl/mechanism.ts';
import { expandReferences, holdsSecret, isReference } from './secrets.ts';
import { readSasl, securityProtocol } from './security.ts';
import { readSources, type Sources } from './sources.ts';

/** Settings with where the address came from. */
export interface ResolvedSettings extends ClusterSettings {
  /** `--bootstrap-server`, `profile 'prod'`, `client.properties, line 3`, `the default`. */
  readonly addressOrigin: string;
  /** Where the proxy comes from; absent without one. */
  readonly proxyOrigin?: string;
  /** What the user may not expect about the address. */
  readonly addressNote?: string;
  /** What is not checked of the broker's certificate. */
  readonly tlsWarning?: string;
}

/** How to reach the registry, in full. */
export interface ResolvedRegistry extends RegistrySettings, Pick<ResolvedSettings, 'proxy' | 'proxyOrigin'> {
  /** What is not checked of the registry's certificate. */
  readonly tlsWarning?: string;
}

/** Only where nobody named a cluster in any way. */
const defaultAddress: Property = { value: 'localhost:9092', label: 'the default', origin: 'the default', source: 'flag' };
/** Variables that say how to reach the one cluster of a run. */
const connectionVariables = ['BOOTSTRAP_SERVER', 'PROFILE', 'COMMAND_CONFIG', 'ADDRESS_MAP', 'PROXY', 'REGISTRY'].map(
  (name) => `KT_${name}`,
);
const defaultTimeoutMs = 10_000;
/** 23 days. A runtime's timers hold 2^31 - 1 ms; a longer one would fire at once. The rest is for what is added to a timeout. */
const longestTimeoutMs = 2_000_000_000;

/**
 * Reads every file that is named, whole and once, and makes the settings; connects to nothing.
 * @param signal ends the reading of files
 * @param ask asks for a password that is missing; absent where nobody is there
 * @throws KtError `usage` for anything wrong in them, and when what is named does not say where the cluster is; no error holds a secret
 */
export async function resolveSettings(
  flags: ConnectionFlags,
  env: Environment,
  signal: AbortSignal,
  ask?: AskSecret,
): Promise<ResolvedSettings> {
  return await clusterSettings(await readGiven(flags, env, signal), ask);
}

/**
 * How to reach the cluster of a profile, as it says itself: of what names the first cluster only the timeout counts.
 * @throws as `resolveSettings`
 */
export async function profileSettings(
  profile: string,
  flags: ConnectionFlags,
  env: Environment,
  signal: AbortSignal,
  ask?: AskSecret,
): Promise<ResolvedSettings> {
  return await clusterSettings(await profileGiven(profile, flags, env, signal), ask);
}

/** What a profile says itself, as `readGiven`. @throws as `resolveSettings` */
export async function profileGiven(
  profile: string,
  { timeoutMs }: ConnectionFlags,
  env: Environment,
  signal: AbortSignal,
): Promise<GivenSettings> {
  const own = Object.entries(env).filter(([name]) => !connectionVariables.includes(name));
  return await readGiven({ profile, property: [], addressMap: [], timeoutMs }, Object.fromEntries(own), signal);
}

/** Everything that was given, read and put in order; references to secrets are still references. */
export interface GivenSettings {
  readonly flags: ConnectionFlags;
  readonly env: Environment;
  readonly files: SettingsFiles;
  readonly sources: Sources;
  readonly properties: Layer;
}

/** Reads every file that is named, once. @throws as `resolveSettings` */
export async function readGiven(flags: ConnectionFlags, env: Environment, signal: AbortSignal): Promise<GivenSettings> {
  const files = new SettingsFiles(signal);
  const sources = await readSources(flags, env, files);
  const properties = mergeLayers(sources.layers);
  const timeoutMs = Number(properties.get('request.timeout.ms')?.value) || defaultTimeoutMs;
  files.commandMs = Math.min(timeoutMs, longestTimeoutMs);
  return { flags, env, files, sources, properties };
}

/** How to reach the schema registry; undefined where nothing names one. @throws KtError `usage` as `resolveSettings` */
export async function registrySettings(given: GivenSettings): Promise<ResolvedRegistry | undefined> {
  if (!given.properties.has('schema.registry.url')) return undefined;
  const isInherited = given.properties.get('basic.auth.credentials.source')?.value.toUpperCase() === 'SASL_INHERIT';
  // What only the cluster needs, such as its password, may be missing.
  const properties = await expanded(
    given,
    (name) => isForRegistry(name) || name === 'request.timeout.ms' || (isInherited && name.startsWith('sasl.')),
  );
  const { readRegistry } = await import('./registry/resolve.ts');
  const { env, files, sources } = given;
  const registry = await readRegistry(properties, readTimeout(properties.get('request.timeout.ms')), env, files);
  return registry && { ...registry, ...(sources.proxy && (await proxySettings(sources.proxy, env, files))) };
}

/** @throws as `resolveSettings` */
export async function clusterSettings(given: GivenSettings, ask?: AskSecret): Promise<ResolvedSettings> {
  const { flags, env, files, sources } = given;
  const properties = await expanded(given, (name) => !isForRegistry(name));
  const address = addressOf(properties, sources);
  const protocol = securityProtocol(properties);
  const secured = protocol.endsWith('SSL') ? await secureSettings(properties, files) : {};
  return {
    bootstrapServers: parseBootstrapServers(address.value, address.label),
    addressOrigin: address.origin,
    ...addressNote(flags, address, sources),
    clientId: properties.get('client.id')?.value || 'kt',
    timeoutMs: readTimeout(properties.get('request.timeout.ms')),
    addressMap: sources.addressMap,
    ...(sources.proxy && (await proxySettings(sources.proxy, env, files))),
    ...(address.profile !== undefined && { profile: address.profile }),
    ...secured,
    ...(protocol.startsWith('SASL_') && { sasl: await readSasl(properties, { env, files, ask }) }),
  };
}

/**
 * What was given of the connection to the cluster, under Java's names; undefined for a secret, and for what refers to one.
 * @throws KtError `usage` when what is named does not say where the cluster is
 */
export function openProperties({ properties, sources }: GivenSettings): ReadonlyMap<string, string | undefined> {
  const all = new Map<string, Property>([...properties].filter(([name]) => !isForRegistry(name)));
  all.set('bootstrap.servers', addressOf(properties, sources));
  return new Map(
    [...all].map(([name, { value }]) => [name, holdsSecret(name, value) || isReference(value) ? undefined : value]),
  );
}

/** A file or profile that is named but says nothing of its cluster must not lead to the default one. */
export function addressOf(properties: Layer, { file, profile, isAsked, removed, configPath }: Sources): Property {
  const given = properties.get('bootstrap.servers');
  if (file?.isEmpty && (!given || (given.profile !== undefined && !isAsked))) {
    // Whoever names a file means its cluster, and it is empty by accident: the command in <(…) failed, or something is still writing it.
    throw usageError(
      `${file.namedBy}: ${file.path} does not say where the cluster is (it is empty)`,
      'check what writes it, or give -b host:9092',
    );
  }
  if (given) return given;
  if (file) {
    throw usageError(
      `${file.namedBy}: ${file.path} does not say where the cluster is (no bootstrap.servers in it)`,
      'give -b host:9092, or add the line bootstrap.servers=host:9092 to the file',
    );
  }
  if (removed) {
    const { name, others } = removed;
    throw usageError(
      `the current profile '${name}' is gone (${configPath} has ${others.length > 0 ? `only ${others.join(', ')}` : 'no profile'})`,
      others.length > 0
        ? `kt profile use ${shellWord(others[0]!)}, or give -b host:9092`
        : `kt profile add ${shellWord(name)} -b host:9092`,
    );
  }
  if (profile) {
    const file = profile.commandConfig ? `, nor bootstrap.servers in ${profile.commandConfig}` : '';
    throw usageError(
      `profile '${profile.name}' does not say where the cluster is (no bootstrapServer in it${file})`,
      `give -b host:9092, or add bootstrapServer: host:9092 to the profile in ${configPath}`,
    );
  }
  return defaultAddress;
}

/** A variable counts before a profile, even before one that the command line names: that may be another cluster than the user thinks of. */
function addressNote(
  flags: ConnectionFlags,
  { value, origin }: Property,
  { profile, isAsked }: Sources,
): { addressNote?: string } {
  const own = profile?.bootstrapServer;
  if (profile && origin === '--bootstrap-server' && !isAsked && own !== value && hasOtherSettings(profile)) {
    return { addressNote: `-b ${value} is used with the other settings of the current profile '${profile.name}'` };
  }
  if (!flags.profile || origin !== 'KT_BOOTSTRAP_SERVER' || own === undefined || own === value) return {};
  return { addressNote: `KT_BOOTSTRAP_SERVER counts before profile '${flags.profile}': using ${value}, not ${own}` };
}

function hasOtherSettings({
  properties,
  commandConfig,
  addressMap,
  proxy,
  registry,
}: NonNullable<Sources['profile']>): boolean {
  return properties.length > 0 || commandConfig !== undefined || addressMap.length > 0 || (proxy ?? registry) !== undefined;
}

async function secureSettings(properties: Layer, files: SettingsFiles): Promise<Pick<ResolvedSettings, 'tls' | 'tlsWarning'>> {
  const { readTls, uncheckedPeer } = await import('./tls.ts');
  const tls = await readTls(properties, files);
  const tlsWarning = uncheckedPeer(tls, properties, 'broker');
  return { tls, ...(tlsWarning !== undefined && { tlsWarning }) };
}

async function proxySettings(
  given: GivenProxy,
  env: Environment,
  files: SettingsFiles,
): Promise<Pick<ResolvedSettings, 'proxy' | 'proxyOrigin'>> {
  const proxy = await readProxy(given, env, files);
  return proxy ? { proxy, proxyOrigin: given.origin } : {};
}

async function expanded({ properties, env, files }: GivenSettings, isWanted: (name: string) => boolean): Promise<Layer> {
  const wanted = [...properties].filter(([name]) => isWanted(name));
  const all = new Map(wanted);
  for (const [name, property] of wanted) {
    const value = await expandReferences(property.value, property.label, env, files);
    // In a file too, credentials may stand for an option of the login line, where blanks count.
    all.set(name, { ...property, value: bare(name, value, 'flag') });
  }
  return all;
}

function readTimeout(property: Property | undefined): number {
  if (!property) return defaultTimeoutMs;
  const ms = Number(property.value.trim());
  if (Number.isSafeInteger(ms) && ms >= 1) return Math.min(ms, longestTimeoutMs);
  throw usageError(
    `${property.label}: '${property.value}' is not a number of milliseconds`,
    'use --timeout, which takes a unit: --timeout 10s',
  );
}
