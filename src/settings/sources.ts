/** Where settings may come from, and the order in which the sources count. No other file says it. */
import { usageError } from '../base/errors.ts';
import { parseDuration } from '../base/units.ts';
import type { ConnectionFlags } from '../cli/options.ts';
import { parseAddressMap, parseBootstrapServers } from './addresses.ts';
import type { Environment } from './environment.ts';
import type { SettingsFiles } from './files.ts';
import { type FileLayer, fileLayer, type Layer, mergeLayers, singleLayer, strictLayer } from './layers.ts';
import type { Profile, ProfileFile } from './profile-file.ts';
import { isAbsent, profilePath } from './profile-path.ts';
import type { Given } from './property.ts';
import { checkProxy, type GivenProxy } from './proxy.ts';
import { checkReferences } from './secrets.ts';
import { securityProtocol } from './security.ts';

export interface Sources {
  /** Properties, the layer that counts most first; references to secrets are still references. */
  readonly layers: readonly Layer[];
  readonly addressMap: ReadonlyMap<string, string>;
  /** What gave the address map. */
  readonly addressMapOrigin: string;
  readonly proxy: GivenProxy | undefined;
  /** The properties file that a flag or variable names. */
  readonly file: CommandConfig | undefined;
  readonly profile: Profile | undefined;
  /** Whether the profile was asked for by name, rather than being the current one. */
  readonly isAsked: boolean;
  /** The current profile, where the config file no longer has it. */
  readonly removed: { readonly name: string; readonly others: readonly string[] } | undefined;
  /** The file with the profiles; undefined where there is no home. */
  readonly configPath: string | undefined;
}

interface CommandConfig extends FileLayer {
  readonly path: string;
  /** `--command-config` or `KT_COMMAND_CONFIG`. */
  readonly namedBy: string;
}

/**
 * Reads whatever is named, and puts it in order.
 * @throws KtError `usage` for an unknown property or profile, and a file that cannot be read
 */
export async function readSources(flags: ConnectionFlags, env: Environment, files: SettingsFiles): Promise<Sources> {
  const asked = nonEmpty(flags.profile) ?? nonEmpty(env['KT_PROFILE']);
  const isAsked = asked !== undefined;
  const { profile, ...chosen } = await chosenProfile(asked, env, files);
  const file = await commandConfig(flags, env, files);
  const its = profile && (await profileLayers(profile, isAsked || !file, files));
  const layers = [
    // Flags, and the variable that stands for one.
    singleLayer('bootstrap.servers', flags.bootstrapServer, '--bootstrap-server'),
    singleLayer('schema.registry.url', flags.registry, '--registry'),
    timeoutLayer(flags.timeoutMs ?? timeoutOf(env), flags.timeoutMs === undefined ? 'KT_TIMEOUT' : '--timeout'),
    strictLayer(flags.property.map(readProperty)),
    singleLayer('bootstrap.servers', env['KT_BOOTSTRAP_SERVER'], 'KT_BOOTSTRAP_SERVER'),
    // A profile that was asked for says where the cluster is before the file does, however it says so; one that is merely current does
    // not, so that a file for a test cluster is never used on the current one.
    singleLayer('schema.registry.url', env['KT_REGISTRY'], 'KT_REGISTRY'),
    ...(its && isAsked ? [...its.own, ...[its.properties, ...its.file].map(addressOnly)] : []),
    ...(file ? [file.layer] : []),
    ...(its ? [...its.own, its.properties, ...(file ? [] : its.file)] : []),
  ];
  return {
    layers,
    ...addressMapOf(flags, env, profile),
    proxy: proxyOf(flags, env, profile),
    file,
    profile,
    isAsked,
    ...chosen,
  };
}

/**
 * What a profile says by itself, its command config included; references to secrets stay references.
 * @throws KtError `usage` when its command config cannot be read
 */
export async function profileProperties(profile: Profile, files: SettingsFiles): Promise<Layer> {
  const { own, properties, file } = await profileLayers(profile, true, files);
  return mergeLayers([...own, properties, ...file]);
}

/**
 * The properties among flags that are to be kept for later, after every check that needs no secret and no connection.
 * @throws KtError `usage`
 */
export async function checkFlags(flags: ConnectionFlags, files: SettingsFiles): Promise<readonly Given[]> {
  const file = await commandConfig(flags, {}, files);
  const given = flags.property.map(readProperty);
  for (const { value, label } of given) checkReferences(value, label);
  if (flags.registry) {
    checkReferences(flags.registry, '--registry');
    const { readUrls } = await import('./registry/resolve.ts');
    if (!flags.registry.includes(`\${`)) readUrls({ value: flags.registry, label: '--registry' });
  }
  securityProtocol(mergeLayers([strictLayer(given), ...(file ? [file.layer] : [])]));
  if (flags.bootstrapServer) parseBootstrapServers(flags.bootstrapServer, '--bootstrap-server');
  parseAddressMap(flags.addressMap, '--address-map');
  if (flags.proxy) checkProxy(flags.proxy, '--proxy');
  return given;
}

async function chosenProfile(
  asked: string | undefined,
  env: Environment,
  files: SettingsFiles,
): Promise<Pick<Sources, 'profile' | 'removed' | 'configPath'>> {
  const configPath = profilePath(env);
  if (asked === undefined && (configPath === undefined || isAbsent(configPath)))
    return { profile: undefined, removed: undefined, configPath };
  const { profileNamed, readProfiles } = await import('./profile-file.ts');
  const file = configPath === undefined ? undefined : await readProfiles(configPath, files.signal);
  const profiles: ProfileFile['profiles'] = file?.profiles ?? new Map();
  if (asked !== undefined) return { profile: profileNamed(profiles, asked), removed: undefined, configPath };
  const name = file?.current;
  const profile = name === undefined ? undefined : profiles.get(name);
  const removed = name === undefined || profile ? undefined : { name, others: [...profiles.keys()] };
  return { profile, removed, configPath };
}

async function commandConfig(
  flags: ConnectionFlags,
  env: Environment,
  files: SettingsFiles,
): Promise<CommandConfig | undefined> {
  const flag = nonEmpty(flags.commandConfig);
  const path = flag ?? nonEmpty(env['KT_COMMAND_CONFIG']);
  if (path === undefined) return undefined;
  const namedBy = flag === undefined ? 'KT_COMMAND_CONFIG' : '--command-config';
  return { path, namedBy, ...(await propertiesFile(path, namedBy, files)) };
}

async function propertiesFile(path: string, namedBy: string, files: SettingsFiles, profile?: string): Promise<FileLayer> {
  return fileLayer(await files.text(path, namedBy, 'give a Java client .properties file'), path, profile);
}

/** A profile's layers, in the order in which they count. */
interface ProfileLayers {
  /** Keys of its own: `bootstrapServer`, `registry`, `timeout`. */
  readonly own: readonly Layer[];
  readonly properties: Layer;
  /** Its command config, if it has one. */
  readonly file: readonly Layer[];
}

async function profileLayers(profile: Profile, withFile: boolean, files: SettingsFiles): Promise<ProfileLayers> {
  const { name, bootstrapServer, registry, timeoutMs, properties, commandConfig } = profile;
  const origin = `profile '${name}'`;
  const file = withFile && commandConfig ? [(await propertiesFile(commandConfig, origin, files, name)).layer] : [];
  return {
    own: [
      singleLayer('bootstrap.servers', bootstrapServer, origin, name),
      singleLayer('schema.registry.url', registry, origin, name),
      timeoutLayer(timeoutMs, origin),
    ],
    properties: strictLayer(properties, name),
    file,
  };
}

function addressOnly(layer: Layer): Layer {
  return new Map([...layer].filter(([name]) => name === 'bootstrap.servers' || name === 'schema.registry.url'));
}

/** Flag, variable, profile: the first that has entries counts, alone. */
function addressMapOf(
  flags: ConnectionFlags,
  env: Environment,
  profile: Profile | undefined,
): Pick<Sources, 'addressMap' | 'addressMapOrigin'> {
  const mapped = (entries: readonly string[], addressMapOrigin: string) => {
    return { addressMap: parseAddressMap(entries, addressMapOrigin), addressMapOrigin };
  };
  if (flags.addressMap.length > 0) return mapped(flags.addressMap, '--address-map');
  const text = nonEmpty(env['KT_ADDRESS_MAP']);
  if (text !== undefined) return mapped(text.split(','), 'KT_ADDRESS_MAP');
  return mapped(profile?.addressMap ?? [], `addressMap of profile '${profile?.name}'`);
}

/** Flag, variable, profile: the first that has one counts. */
function proxyOf(flags: ConnectionFlags, env: Environment, profile: Profile | undefined): GivenProxy | undefined {
  const flag = nonEmpty(flags.proxy);
  if (flag !== undefined) return { value: flag, origin: '--proxy' };
  const variable = nonEmpty(env['KT_PROXY']);
  if (variable !== undefined) return { value: variable, origin: 'KT_PROXY' };
  return profile?.proxy === undefined ? undefined : { value: profile.proxy, origin: `proxy of profile '${profile.name}'` };
}

/**
 * Splits what `-X` was given.
 * @throws KtError `usage`, which does not repeat the text: it may be a password
 */
function readProperty(text: string): Given {
  const at = text.indexOf('=');
  if (at < 1) throw usageError('-X is not key=value', 'for example -X security.protocol=SASL_SSL');
  const name = text.slice(0, at).trim();
  const label = `-X ${name}`;
  return { name, value: text.slice(at + 1), label, origin: label };
}

/** A variable set to nothing counts as not set, as shell scripts have it. */
function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

function timeoutLayer(ms: number | undefined, origin: string): Layer {
  return singleLayer('request.timeout.ms', ms?.toString(), origin);
}

function timeoutOf(env: Environment): number | undefined {
  const text = nonEmpty(env['KT_TIMEOUT']);
  if (text === undefined) return undefined;
  const ms = parseDuration(text);
  if (ms === undefined || ms <= 0) throw usageError(`KT_TIMEOUT: '${text}' is not a duration`, 'for example 500ms, 10s or 1m');
  return ms;
}
