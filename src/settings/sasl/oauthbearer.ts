/** OAUTHBEARER: a token, or where tokens come from. */
import { fileURLToPath } from 'node:url';
import { usageError } from '../../base/errors.ts';
import type { TokenSource } from '../../kafka/connection/bearer/source.ts';
import type { SettingsFiles } from '../files.ts';
import type { Property } from '../property.ts';
import type { SaslMechanism } from './mechanism.ts';

/** Kafka's names (KIP-768, KIP-1139), and kt's own for what Kafka has no name for. */
const properties = [
  'sasl.oauthbearer.token.endpoint.url',
  'sasl.oauthbearer.client.credentials.client.id',
  'sasl.oauthbearer.client.credentials.client.secret',
  'sasl.oauthbearer.scope',
  'sasl.oauthbearer.header.urlencode',
  'sasl.oauthbearer.token',
  'sasl.oauthbearer.token.command',
  'sasl.oauthbearer.extensions',
  'https.ca.location',
] as const;

type Name = (typeof properties)[number];
interface Given {
  get(name: Name): Property | undefined;
}

const sources = ['sasl.oauthbearer.token.command', 'sasl.oauthbearer.token', 'sasl.oauthbearer.token.endpoint.url'] as const;

export const oauthbearer: SaslMechanism<Name> = {
  names: ['OAUTHBEARER'],
  properties,
  secrets: ['sasl.oauthbearer.client.credentials.client.secret', 'sasl.oauthbearer.token'],
  alternatives: [sources],
  otherNames: {
    'sasl.oauthbearer.client.id': 'sasl.oauthbearer.client.credentials.client.id',
    'sasl.oauthbearer.client.secret': 'sasl.oauthbearer.client.credentials.client.secret',
  },
  jaas: {
    module: /^org\.apache\.kafka\.common\.security\.oauthbearer\.OAuthBearerLoginModule$/,
    options: {
      clientId: 'sasl.oauthbearer.client.credentials.client.id',
      clientSecret: 'sasl.oauthbearer.client.credentials.client.secret',
      scope: 'sasl.oauthbearer.scope',
      // Strimzi's login callback handler.
      'oauth.token.endpoint.uri': 'sasl.oauthbearer.token.endpoint.url',
      'oauth.client.id': 'sasl.oauthbearer.client.credentials.client.id',
      'oauth.client.secret': 'sasl.oauthbearer.client.credentials.client.secret',
      'oauth.scope': 'sasl.oauthbearer.scope',
      'oauth.access.token': 'sasl.oauthbearer.token',
    },
    listed: { start: 'extension_', name: 'sasl.oauthbearer.extensions' },
  },
  async read(_mechanism, given, missing, { files }) {
    const source = await readSource(given, missing, files);
    return { mechanism: 'OAUTHBEARER', source, extensions: readExtensions(given.get('sasl.oauthbearer.extensions')) };
  },
};

async function readSource(given: Given, missing: (name: Name) => Error, files: SettingsFiles): Promise<TokenSource> {
  const [source, other] = sources.flatMap((name) => (given.get(name)?.value ? [{ name, ...given.get(name)! }] : []));
  if (!source) throw missing('sasl.oauthbearer.token.endpoint.url');
  if (other) throw usageError(`${source.label} and ${other.label}: a token comes from one of them`, 'leave one out');
  if (source.name === 'sasl.oauthbearer.token') return { kind: 'token', token: source.value };
  if (source.name === 'sasl.oauthbearer.token.command') return { kind: 'command', command: source.value };
  const url = URL.canParse(source.value) ? new URL(source.value) : undefined;
  if (url?.protocol === 'file:') return { kind: 'file', path: pathOf(url, source) };
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') throw noEndpoint(source);
  const needed = (name: Name) => {
    const value = given.get(name)?.value;
    if (value) return value;
    throw missing(name);
  };
  return {
    kind: 'endpoint',
    tokenUrl: url.href,
    clientId: needed('sasl.oauthbearer.client.credentials.client.id'),
    clientSecret: needed('sasl.oauthbearer.client.credentials.client.secret'),
    scope: given.get('sasl.oauthbearer.scope')?.value || undefined,
    isEncoded: given.get('sasl.oauthbearer.header.urlencode')?.value.trim().toLowerCase() === 'true',
    ca: await readAuthority(given.get('https.ca.location'), files),
  };
}

/** @throws KtError `usage` for a host, as in `file://run/token` */
function pathOf(url: URL, source: Property): string {
  try {
    return fileURLToPath(url);
  } catch {
    throw noEndpoint(source);
  }
}

function noEndpoint({ label }: Property): Error {
  return usageError(
    `${label}: it is no address of a token endpoint`,
    'for example https://login.example.com/oauth2/token, or file:///run/token for a file',
  );
}

async function readAuthority(location: Property | undefined, files: SettingsFiles): Promise<string | undefined> {
  if (!location?.value) return undefined;
  const text = (await files.store(location.value, location.label)).toString('latin1');
  const { certificates } = await import('../pem.ts');
  return certificates(text, location, location.value);
}

/** `name=value`, several separated by commas; a comma before anything else is part of the value. The alphabets are those of RFC 7628, 3.1. */
function readExtensions(property: Property | undefined): Readonly<Record<string, string>> {
  if (!property?.value) return {};
  const entries = property.value.split(/,\s*(?=[A-Za-z]+=)/).map((entry) => {
    const [, name = '', value = ''] = /^\s*([A-Za-z]+)=([\x20-\x7e\t\r\n]+)$/.exec(entry) ?? [];
    if (name !== '' && name.toLowerCase() !== 'auth') return [name, value] as const;
    throw usageError(
      `${property.label}: extensions are name=value with letters as names, separated by commas`,
      'for example logicalCluster=lkc-1,identityPoolId=pool-1',
    );
  });
  return Object.fromEntries(entries);
}
