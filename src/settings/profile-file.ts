/** The config file with the named clusters: where it is, what it holds, and what is wrong with it. */

import { dirname, resolve } from 'node:path';
import { usageError } from '../base/errors.ts';
import { type NamedFile, readNamedFile, whyUnreadable } from '../base/named-file.ts';
import { nearest } from '../base/nearest.ts';
import { shellWord } from '../base/shell-word.ts';
import { parseDuration } from '../base/units.ts';
import { utf8Text } from '../base/utf8-text.ts';
import { parseYaml, type YamlItem, type YamlNode, YamlReader } from '../base/yaml-file.ts';
import type { Environment } from './environment.ts';
import { largestText } from './files.ts';
import { profilePath } from './profile-path.ts';
import type { Given } from './property.ts';
import { canonicalName, unknownProperty } from './property-names.ts';
import { redactProxy } from './proxy.ts';
import { holdsSecret } from './secrets.ts';

export interface Profile {
  readonly name: string;
  readonly bootstrapServer?: string;
  /** Addresses of the schema registry, with commas between them. */
  readonly registry?: string;
  readonly properties: readonly Given[];
  /** Absolute. */
  readonly commandConfig?: string;
  readonly addressMap: readonly string[];
  /** As written, references included. */
  readonly proxy?: string;
  readonly timeoutMs?: number;
}

export interface ProfileFile {
  readonly path: string;
  readonly current: string | undefined;
  readonly profiles: ReadonlyMap<string, Profile>;
}

/**
 * What the file holds; nothing when there is none.
 * @param signal ends the reading
 * @throws KtError `usage` with the line of what is wrong, or when others can change the file or read a secret in it
 */
export async function readProfiles(path: string, signal: AbortSignal): Promise<ProfileFile> {
  return await parseProfiles(await readIfThere(path, signal), path);
}

/** The file for a command that works on it. @throws KtError `usage` where there is no home, and as `readProfiles` */
export async function openProfiles(env: Environment, signal: AbortSignal): Promise<ProfileFile> {
  return await readProfiles(requiredPath(env), signal);
}

/** Where the file is, or is to be. @throws KtError `usage` where there is no home */
export function requiredPath(env: Environment): string {
  const path = profilePath(env);
  if (path !== undefined) return path;
  throw usageError('no place for the config file (HOME is not set)', 'export XDG_CONFIG_HOME=/an/absolute/path');
}

/** The file; undefined when there is none. @throws KtError `usage` when it cannot be read */
export async function readIfThere(path: string, signal: AbortSignal): Promise<NamedFile | undefined> {
  try {
    return await readNamedFile(path, { signal, largest: largestText });
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw usageError(`cannot read ${path} (${whyUnreadable(cause)})`, 'check its permissions');
  }
}

/** @param before what the hint begins with: the words to type before the name @throws KtError `usage` naming the profiles there are */
export function profileNamed(profiles: ReadonlyMap<string, Profile>, name: string, before = '--profile'): Profile {
  const profile = profiles.get(name);
  if (profile) return profile;
  const names = [...profiles.keys()];
  const near = nearest(name, names);
  throw usageError(
    `no profile '${name}' (${names.length > 0 ? `there are: ${names.join(', ')}` : 'there are none yet'})`,
    near
      ? `${before} ${shellWord(near)}`
      : names.length > 0
        ? 'kt profile list shows them'
        : `kt profile add ${shellWord(name)} -b host:9092`,
  );
}

/** @throws KtError `usage` with the line of what is wrong, or when others can change the file or read a secret in it */
export async function parseProfiles(
  file: NamedFile | undefined,
  path: string,
  platform: NodeJS.Platform = process.platform,
): Promise<ProfileFile> {
  const profiles = new Map<string, Profile>();
  if (!file) return { path, current: undefined, profiles };
  // Windows has no such modes; there the file is as private as the home folder.
  const othersMay = (rights: number): boolean => platform !== 'win32' && (file.mode & rights) !== 0;
  if (othersMay(0o022)) {
    throw usageError(`${path} can be changed by others, who could send kt to a cluster of theirs`, `chmod go-w ${path}`);
  }
  const reader = new ProfileReader(path, await parseYaml(utf8Text(file.bytes, path), path));
  const root = reader.map(reader.root, 'the file', ['current', 'profiles']);
  for (const [name, { node }] of reader.map(root.get('profiles')?.node, 'profiles'))
    profiles.set(name, reader.profile(name, node));
  const current = root.has('current') ? reader.text(root.get('current')!, 'current') : undefined;
  const secret = [...profiles.values()].map(secretIn).find((label) => label !== undefined);
  if (secret && othersMay(0o077))
    throw usageError(`${path} can be read by others and holds a secret (${secret})`, `chmod 600 ${path}`);
  return { path, current: current || undefined, profiles };
}

/** The label of the first value that is a secret itself. */
function secretIn({ name, properties, proxy, registry }: Profile): string | undefined {
  if (registry !== undefined && holdsSecret('schema.registry.url', registry)) return `registry of '${name}'`;
  const property = properties.find(({ name, value }) => holdsSecret(name, value));
  return property?.label ?? (proxy !== undefined && redactProxy(proxy) !== proxy ? `proxy of profile '${name}'` : undefined);
}

const profileKeys = ['bootstrapServer', 'registry', 'properties', 'commandConfig', 'addressMap', 'proxy', 'timeout'];

/** Reads what a profile may hold. */
class ProfileReader extends YamlReader {
  profile(name: string, node: YamlNode): Profile {
    const items = this.map(node, `profile '${name}'`, profileKeys);
    const text = (key: string) => {
      const item = items.get(key);
      return item && (this.text(item, key) || undefined);
    };
    const bootstrapServer = text('bootstrapServer');
    const registry = text('registry');
    const commandConfig = text('commandConfig');
    const proxy = text('proxy');
    const timeout = text('timeout');
    const timeoutMs = timeout === undefined ? undefined : parseDuration(timeout);
    if (timeout !== undefined && !(timeoutMs! > 0)) {
      throw this.error(items.get('timeout')!.node, `timeout: '${timeout}' is not a duration`, 'for example 500ms, 10s or 1m');
    }
    return {
      name,
      ...(bootstrapServer !== undefined && { bootstrapServer }),
      ...(registry !== undefined && { registry }),
      properties: [...this.map(items.get('properties')?.node, 'properties')].map(([property, item]) =>
        this.#property(name, property, item),
      ),
      ...(commandConfig !== undefined && { commandConfig: resolve(dirname(this.path), commandConfig) }),
      addressMap: this.#texts(items.get('addressMap'), 'addressMap'),
      ...(proxy !== undefined && { proxy }),
      ...(timeoutMs !== undefined && { timeoutMs }),
    };
  }

  #property(profile: string, name: string, item: YamlItem): Given {
    if (!canonicalName(name)) {
      const { what, hint } = unknownProperty(name);
      throw this.error(item.key, `properties: ${what} '${name}'`, hint);
    }
    return {
      name,
      value: this.text(item, name),
      label: `${name} (${this.at(item.key)})`,
      origin: `profile '${profile}'`,
    };
  }

  #texts(item: YamlItem | undefined, name: string): string[] {
    if (!item) return [];
    const items = this.list(item.node, name, `${name}: [advertised:9092=reachable:9092]`);
    return items.map((node) => this.text({ node, key: item.key }, name));
  }
}
