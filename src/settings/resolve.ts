/** Everything kt knows about reaching a cluster, as one plain value: flags over environment over profile over defaults. */
import { usageError } from '../base/errors.ts';
import { parseAddressMap, parseBootstrapServers } from './addresses.ts';
import { type Layer, mergeLayers, type Property } from './layers.ts';
import type { Profile } from './profile-file.ts';
import { expandReferences } from './secrets.ts';
import { readSasl, securityProtocol } from './security.ts';
import { nonEmpty, propertyLayers } from './sources.ts';

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

export interface TlsSettings {
  /** PEM texts, whatever form they were given in; absent: the system's authorities. */
  readonly ca?: string;
  readonly cert?: string;
  /** Decrypted. */
  readonly key?: string;
  /** `ssl.endpoint.identification.algorithm` set to empty turns this off. */
  readonly verifyHostname: boolean;
  /** False with librdkafka's `enable.ssl.certificate.verification=false`: any certificate is taken. */
  readonly verifyCertificate?: false;
}

export interface SaslSettings {
  readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
  readonly username: string;
  readonly password: string;
}

export interface ClusterSettings {
  readonly bootstrapServers: readonly HostPort[];
  readonly clientId: string;
  /** Bound on each request and on the whole of connecting, in ms. */
  readonly timeoutMs: number;
  /** `host:port` (or `host`) as the cluster advertises it → what to connect to instead. */
  readonly addressMap: ReadonlyMap<string, string>;
  /** The profile that chose the bootstrap servers; absent when something nearer did. */
  readonly profile?: string;
  readonly tls?: TlsSettings;
  readonly sasl?: SaslSettings;
}

/** The global flags as typed, as far as they say how to reach a cluster. */
export interface ConnectionFlags {
  readonly bootstrapServer?: string | undefined;
  readonly profile?: string | undefined;
  readonly commandConfig?: string | undefined;
  /** `key=value`. */
  readonly property: readonly string[];
  /** `advertised=reachable`. */
  readonly addressMap: readonly string[];
  readonly timeoutMs?: number | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

const defaultTimeoutMs = 10_000;

/**
 * The settings that flags, `KT_…` variables, the profile and defaults make together, in this order, value by value; files are read here.
 * Among properties: -X, then --command-config, then the profile's, then the profile's own command config.
 * @throws KtError `usage` for anything in them that cannot be meant; no error ever holds a secret
 */
export async function resolveSettings(flags: ConnectionFlags, env: Environment): Promise<ClusterSettings> {
  const profile = await findProfile(flags, env);
  const properties = expand(mergeLayers(propertyLayers(flags, env, profile, profileName(flags, env) !== undefined)), env);
  const servers = properties.get('bootstrap.servers');
  const protocol = securityProtocol(properties);
  const tls = protocol.endsWith('SSL') ? await (await import('./tls.ts')).readTls(properties) : undefined;
  return {
    bootstrapServers: parseBootstrapServers(servers?.value ?? 'localhost:9092', servers?.label ?? 'the default'),
    clientId: properties.get('client.id')?.value || 'kt',
    timeoutMs: readTimeout(properties.get('request.timeout.ms')),
    addressMap: addressMapOf(flags, env, profile),
    ...(profile && servers && isOfProfile(servers, flags, env) && { profile: profile.name }),
    ...(tls && { tls }),
    ...(protocol.startsWith('SASL_') && { sasl: readSasl(properties) }),
  };
}

/** A file counts as the profile's when the profile is what named it. */
function isOfProfile({ source }: Property, flags: ConnectionFlags, env: Environment): boolean {
  if (source === 'file') return !nonEmpty(flags.commandConfig) && !nonEmpty(env['KT_COMMAND_CONFIG']);
  return source === 'profile';
}

function profileName(flags: ConnectionFlags, env: Environment): string | undefined {
  return nonEmpty(flags.profile) ?? nonEmpty(env['KT_PROFILE']);
}

async function findProfile(flags: ConnectionFlags, env: Environment): Promise<Profile | undefined> {
  const { profileNamed, profilePath, readProfiles } = await import('./profile-file.ts');
  const path = profilePath(env);
  const file = path === undefined ? undefined : await readProfiles(path);
  const name = profileName(flags, env) ?? file?.current;
  return name === undefined ? undefined : profileNamed(file?.profiles ?? new Map(), name);
}

function expand(properties: Layer, env: Environment): Layer {
  const expanded = (property: Property) => ({ ...property, value: expandReferences(property.value, property.label, env) });
  return new Map([...properties].map(([name, property]) => [name, expanded(property)]));
}

function readTimeout(property: Property | undefined): number {
  if (!property) return defaultTimeoutMs;
  const ms = Number(property.value.trim());
  if (!Number.isSafeInteger(ms) || ms < 1)
    throw usageError(
      `${property.label}: '${property.value}' is not a number of milliseconds`,
      '--timeout 10s says it with a unit',
    );
  return ms;
}

function addressMapOf(flags: ConnectionFlags, env: Environment, profile: Profile | undefined): Map<string, string> {
  if (flags.addressMap.length > 0) return parseAddressMap(flags.addressMap, '--address-map');
  const text = nonEmpty(env['KT_ADDRESS_MAP']);
  if (text !== undefined) return parseAddressMap(text.split(','), 'KT_ADDRESS_MAP');
  return parseAddressMap(profile?.addressMap ?? [], `addressMap of profile '${profile?.name}'`);
}
