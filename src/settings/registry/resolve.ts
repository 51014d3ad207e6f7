/** Properties → what it takes to reach a schema registry. */
import { join } from 'node:path';
import { usageError } from '../../base/errors.ts';
import { ktFolder } from '../../base/folders.ts';
import { logicalClusterHeader } from '../../schemas/registry/disk-cache.ts';
import type { RegistrySettings } from '../../schemas/registry/settings.ts';
import type { Environment } from '../environment.ts';
import type { SettingsFiles } from '../files.ts';
import type { Layer } from '../layers.ts';
import type { Property } from '../property.ts';
import type { PropertyName } from '../property-names.ts';
import { readRegistryAuth } from './auth.ts';
import { headerOf, registryPrefix, withoutPasswords } from './names.ts';

/** Settings with what is not checked of the registry's certificate. */
interface ReadRegistry extends RegistrySettings {
  readonly tlsWarning?: string;
}

/**
 * @param properties whose references are expanded
 * @returns undefined where nothing names a registry
 * @throws KtError `usage` for anything wrong in them; no error holds a secret
 */
export async function readRegistry(
  properties: Layer,
  timeoutMs: number,
  env: Environment,
  files: SettingsFiles,
): Promise<ReadRegistry | undefined> {
  const given = properties.get('schema.registry.url');
  if (!given || given.value.trim() === '') return undefined;
  const urls = readUrls(given);
  const auth = readRegistryAuth(properties, urls);
  const isSecure = urls.some(({ protocol }) => protocol === 'https:');
  const secured = await registryTls(properties, files, isSecure);
  const cache = ktFolder('cache', env);
  const cacheDirectory = cache && join(cache, 'schemas');
  return {
    urls: [...new Set(urls.map(bareUrl))],
    origin: given.origin,
    timeoutMs,
    headers: readHeaders(properties),
    ...(auth && { auth }),
    ...secured,
    ...(cacheDirectory !== undefined && { cacheDirectory }),
  };
}

/** @throws KtError `usage` for what is no address, and where there is none; it holds no password */
export function readUrls(given: Pick<Property, 'value' | 'label'>): readonly URL[] {
  const parts = given.value.split(',').map((part) => part.trim());
  const urls = parts.filter((part) => part !== '').map((part) => readUrl(part, given.label));
  if (urls.length === 0) throw usageError(`${given.label} names no address`, example);
  return urls;
}

const example = 'for example --registry http://localhost:8081';

function readUrl(text: string, label: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '') return url;
  const shown = withoutPasswords(text);
  throw usageError(
    `${label}: '${shown}' is no address of a registry`,
    url && !/^https?:$/.test(url.protocol) && !text.includes('//') ? `perhaps http://${shown}` : example,
  );
}

/** Without credentials and the slash at its end, so that one registry has one name. */
function bareUrl({ origin, pathname }: URL): string {
  return `${origin}${pathname.replace(/\/+$/, '')}`;
}

function readHeaders(properties: Layer): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, { value, label }] of properties) {
    const header = headerOf(name);
    if (header === undefined) continue;
    // RFC 9110, 5.1 and 5.5.
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(header) || /[^\t\x20-\x7e\x80-\xff]/.test(value)) {
      throw usageError(`${label}: this cannot be an HTTP header`, 'for example -X request.header.X-Team=payments');
    }
    headers[header] = value;
  }
  const cluster = properties.get('bearer.auth.logical.cluster')?.value;
  const pool = properties.get('bearer.auth.identity.pool.id')?.value;
  if (cluster) headers[logicalClusterHeader] = cluster;
  if (pool) headers['Confluent-Identity-Pool-Id'] = pool;
  return headers;
}

/** `schema.registry.ssl.*` read as the cluster's `ssl.*` are; without them an https address has what the system trusts. */
async function registryTls(
  properties: Layer,
  files: SettingsFiles,
  isSecure: boolean,
): Promise<Pick<ReadRegistry, 'tls' | 'tlsWarning'>> {
  const its = new Map<PropertyName, Property>();
  for (const [name, property] of properties) {
    if (name.startsWith(`${registryPrefix}ssl.`) || name === 'schema.registry.enable.ssl.certificate.verification')
      its.set(name.slice(registryPrefix.length) as PropertyName, property);
  }
  if (its.size === 0) return {};
  const { readTls, uncheckedPeer } = await import('../tls.ts');
  const tls = await readTls(its, files);
  const tlsWarning = isSecure ? uncheckedPeer(tls, its, 'registry') : undefined;
  return { tls, ...(tlsWarning !== undefined && { tlsWarning }) };
}
