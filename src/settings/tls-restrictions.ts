/** What a user allows of TLS: protocol versions and cipher suites, under Java's and OpenSSL's names. */
import { getCiphers } from 'node:tls';
import { usageError } from '../base/errors.ts';
import type { TlsRestrictions, TlsVersion } from '../base/tls.ts';
import type { Layer } from './layers.ts';
import type { Property } from './property.ts';
import type { PropertyName } from './property-names.ts';

const versions: readonly TlsVersion[] = ['TLSv1.2', 'TLSv1.3'];
/** Names that Java knows too, of protocols that neither kt nor a current Java speaks. */
const outdated = ['SSL', 'SSLv2', 'SSLv2Hello', 'SSLv3', 'TLSv1', 'TLSv1.1'];

/** Restrictions that other clients honour and kt cannot: ignoring one would make a connection that its user has ruled out. */
const unsupported: readonly PropertyName[] = [
  'ssl.crl.location',
  'ssl.curves.list',
  'ssl.sigalgs.list',
  'ssl.engine.factory.class',
];

/**
 * Reads `ssl.enabled.protocols`, `ssl.protocol` (which is an upper limit, as in Java: KIP-573) and `ssl.cipher.suites`.
 * @throws KtError `usage` for unknown names, for restrictions that leave nothing, and for those that kt cannot keep
 */
export function readRestrictions(properties: Layer): TlsRestrictions {
  for (const name of unsupported) {
    const given = properties.get(name);
    if (given?.value) {
      throw usageError(`${given.label}: kt cannot keep to this restriction`, 'connect without it, or use a client that can');
    }
  }
  const suites = cipherSuites(properties.get('ssl.cipher.suites'));
  const allowed = allowedVersions(properties).filter(
    (version) => !suites || suites.some((suite) => versionOf(suite) === version),
  );
  const [lowest] = allowed;
  const highest = allowed.at(-1);
  if (!lowest || !highest) {
    const given = restricting.flatMap((name) => properties.get(name) ?? []);
    throw usageError(
      `${given.map(({ label }) => label).join(', ')}: no TLS version is left`,
      `allow one of ${versions.join(', ')}`,
    );
  }
  return {
    ...(lowest !== versions[0] && { minVersion: lowest }),
    ...(highest !== versions.at(-1) && { maxVersion: highest }),
    ...(suites && { cipherSuites: suites }),
  };
}

const restricting: readonly PropertyName[] = ['ssl.enabled.protocols', 'ssl.protocol', 'ssl.cipher.suites'];

function allowedVersions(properties: Layer): readonly TlsVersion[] {
  const enabled = properties.get('ssl.enabled.protocols');
  const limit = properties.get('ssl.protocol');
  const named = enabled && listOf(enabled.value);
  for (const name of named ?? []) checkVersion(name, enabled!);
  if (limit && limit.value !== 'TLS') checkVersion(limit.value, limit);
  return versions.filter(
    (version) =>
      (!named || named.length === 0 || named.includes(version)) &&
      (!limit || limit.value === 'TLS' || limit.value === '' || version <= limit.value),
  );
}

function checkVersion(name: string, { label }: Property): void {
  if (name === '' || (versions as readonly string[]).includes(name) || outdated.includes(name)) return;
  throw usageError(`${label}: no such TLS version '${name}'`, `use ${versions.join(', ')}`);
}

/** As the runtime names them; undefined where any will do. */
function cipherSuites(property: Property | undefined): readonly string[] | undefined {
  const named = listOf(property?.value ?? '');
  if (named.length === 0) return undefined;
  const known = new Set(getCiphers().map((name) => name.toUpperCase()));
  return named.map((name) => {
    const suite = openSslName(name);
    if (known.has(suite)) return suite;
    throw usageError(
      `${property!.label}: kt does not know the cipher suite '${name}'`,
      'name suites as Java does, for example TLS_AES_256_GCM_SHA384,TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
    );
  });
}

/** `TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256` → `ECDHE-RSA-AES128-SHA256`; suites of TLS 1.3 have one name everywhere. */
function openSslName(name: string): string {
  const [, exchange, cipher] = /^(?:TLS|SSL)_(\w+)_WITH_(\w+)$/.exec(name.toUpperCase()) ?? [];
  if (!exchange || !cipher) return name.toUpperCase();
  const words = cipher
    .replace(/^AES_(\d+)_/, 'AES$1_')
    .replace(/^(AES\d+)_CBC_/, '$1_')
    .replace(/^CHACHA20_POLY1305_.*/, 'CHACHA20_POLY1305');
  return `${exchange === 'RSA' ? '' : `${exchange}_`}${words}`.replaceAll('_', '-');
}

function versionOf(suite: string): TlsVersion {
  return suite.startsWith('TLS_') ? 'TLSv1.3' : 'TLSv1.2';
}

function listOf(text: string): string[] {
  return text
    .split(/[,:]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
