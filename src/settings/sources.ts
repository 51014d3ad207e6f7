/** Where each property may come from: flags, variables, files and the profile, in the order in which they count. */
import { usageError } from '../base/errors.ts';
import { parseDuration } from '../base/units.ts';
import { parseAddressMap, parseBootstrapServers } from './addresses.ts';
import { fileLayer, type Given, type Layer, mergeLayers, singleLayer, strictLayer } from './layers.ts';
import type { Profile } from './profile-file.ts';
import type { ConnectionFlags } from './resolve.ts';
import { securityProtocol } from './security.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The sources, the one that counts most first.
 * @param asked whether the profile was asked for by name, rather than being the current one
 * @throws KtError `usage` for a property without meaning, a file that cannot be read
 */
export function propertyLayers(
  flags: ConnectionFlags,
  env: Environment,
  profile: Profile | undefined,
  asked: boolean,
): Layer[] {
  const [file, option] = nonEmpty(flags.commandConfig)
    ? [flags.commandConfig, '--command-config']
    : [nonEmpty(env['KT_COMMAND_CONFIG']), 'KT_COMMAND_CONFIG'];
  return [
    singleLayer('bootstrap.servers', flags.bootstrapServer, '--bootstrap-server'),
    timeoutLayer(flags.timeoutMs ?? timeoutOf(env), '--timeout'),
    strictLayer(flags.property.map(readProperty), 'flag'),
    singleLayer('bootstrap.servers', env['KT_BOOTSTRAP_SERVER'], 'KT_BOOTSTRAP_SERVER'),
    // A profile that was asked for names the cluster before the file does; the profile that is merely current does not, so that
    // a file for a test cluster never ends up at the current one.
    ...(profile && asked ? ownLayers(profile) : []),
    ...(file ? [fileLayer(file, option)] : []),
    ...(profile ? profileLayers(file ? withoutCommandConfig(profile) : profile) : []),
  ];
}

/**
 * What a profile says by itself, its command config included; references to secrets stay references.
 * @throws KtError `usage` when its command config cannot be read
 */
export function profileProperties(profile: Profile): Layer {
  return mergeLayers(profileLayers(profile));
}

/**
 * The properties of flags that are to be kept for later, after every check that needs no secret and no connection.
 * @throws KtError `usage`
 */
export function checkFlags(flags: ConnectionFlags): readonly Given[] {
  securityProtocol(mergeLayers(propertyLayers(flags, {}, undefined, false)));
  if (flags.bootstrapServer) parseBootstrapServers(flags.bootstrapServer, '--bootstrap-server');
  parseAddressMap(flags.addressMap, '--address-map');
  return flags.property.map(readProperty);
}

/**
 * Splits what `-X` was given.
 * @throws KtError `usage`, which does not repeat the text: it may be a password
 */
function readProperty(text: string): Given {
  const at = text.indexOf('=');
  if (at < 1) throw usageError('-X is not key=value', 'for example -X security.protocol=SASL_SSL');
  const name = text.slice(0, at).trim();
  return { name, value: text.slice(at + 1), label: `-X ${name}` };
}

/** A variable set to nothing counts as not set, as shell scripts have it. */
export function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

function profileLayers(profile: Profile): Layer[] {
  return [
    ...ownLayers(profile),
    strictLayer(profile.properties, 'profile'),
    ...(profile.commandConfig ? [fileLayer(profile.commandConfig, `profile '${profile.name}'`)] : []),
  ];
}

/** What a profile has keys of its own for. */
function ownLayers({ name, bootstrapServer, timeoutMs }: Profile): Layer[] {
  const source = `profile '${name}'`;
  return [singleLayer('bootstrap.servers', bootstrapServer, source, 'profile'), timeoutLayer(timeoutMs, source)];
}

function withoutCommandConfig({ commandConfig: _, ...profile }: Profile): Profile {
  return profile;
}

function timeoutLayer(ms: number | undefined, label: string): Layer {
  return singleLayer('request.timeout.ms', ms?.toString(), label);
}

function timeoutOf(env: Environment): number | undefined {
  const text = nonEmpty(env['KT_TIMEOUT']);
  if (text === undefined) return undefined;
  const ms = parseDuration(text);
  if (ms === undefined || ms <= 0) throw usageError(`KT_TIMEOUT: '${text}' is not a duration`, 'for example 500ms, 10s or 1m');
  return ms;
}
