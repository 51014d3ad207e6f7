/** `basic.auth.*` and `bearer.auth.*`: as whom kt speaks to a schema registry. */
import { usageError } from '../../base/errors.ts';
import type { RegistryAuth } from '../../schemas/registry/settings.ts';
import type { Layer } from '../layers.ts';
import type { Property } from '../property.ts';
import type { PropertyName } from '../property-names.ts';

const basicSources = ['URL', 'USER_INFO', 'SASL_INHERIT'] as const;
const bearerSources = ['STATIC_TOKEN', 'OAUTHBEARER'] as const;

/**
 * Takes what `….credentials.source` names; without it, whatever is given.
 * @param urls as given, perhaps with credentials
 * @throws KtError `usage` for credentials that are missing or of two kinds at once; it holds no secret
 */
export function readRegistryAuth(properties: Layer, urls: readonly URL[]): RegistryAuth | undefined {
  const basic = readBasic(properties, urls);
  const bearer = readBearer(properties);
  if (basic && bearer) {
    const [one, other] = [basic, bearer].map(({ from }) => from.label);
    throw usageError(`${one} and ${other}: a registry takes one of them`, 'leave one out');
  }
  return (basic ?? bearer)?.auth;
}

interface Found {
  readonly auth: RegistryAuth;
  readonly from: Pick<Property, 'label'>;
}

function readBasic(properties: Layer, urls: readonly URL[]): Found | undefined {
  const info = properties.get('basic.auth.user.info');
  const named = oneOf(properties, 'basic.auth.credentials.source', basicSources);
  const source = named ?? (info?.value ? 'USER_INFO' : 'URL');
  if (source === 'SASL_INHERIT') return inherited(properties);
  if (source === 'URL') return fromUrl(properties.get('schema.registry.url')!, urls);
  if (!info?.value) throw missing(properties, 'basic.auth.credentials.source', 'basic.auth.user.info');
  const colon = info.value.indexOf(':');
  if (colon < 0) throw usageError(`${info.label}: there is no : between user and password in it`, `USER:\${env:PASSWORD}`);
  return { auth: { kind: 'basic', user: info.value.slice(0, colon), password: info.value.slice(colon + 1) }, from: info };
}

/** The cluster's user. */
function inherited(properties: Layer): Found {
  const from = properties.get('sasl.username');
  const password = properties.get('sasl.password');
  if (!from || !password) throw missing(properties, 'basic.auth.credentials.source', from ? 'sasl.password' : 'sasl.username');
  return { auth: { kind: 'basic', user: from.value, password: password.value }, from };
}

function fromUrl(from: Property, urls: readonly URL[]): Found | undefined {
  const url = urls.find(({ username, password }) => username !== '' || password !== '');
  if (!url) return undefined;
  try {
    const [user, password] = [url.username, url.password].map(decodeURIComponent) as [string, string];
    return { auth: { kind: 'basic', user, password }, from };
  } catch {
    throw usageError(`${from.label}: the credentials in it have a % that encodes nothing`, 'write % as %25');
  }
}

function readBearer(properties: Layer): Found | undefined {
  const token = properties.get('bearer.auth.token');
  const client = properties.get('bearer.auth.client.id');
  const named = oneOf(properties, 'bearer.auth.credentials.source', bearerSources);
  const source = named ?? (token?.value ? 'STATIC_TOKEN' : client?.value ? 'OAUTHBEARER' : undefined);
  if (source === undefined) return undefined;
  if (source === 'STATIC_TOKEN') {
    if (!token?.value) throw missing(properties, 'bearer.auth.credentials.source', 'bearer.auth.token');
    if (/[^\x21-\x7e]/.test(token.value))
      throw usageError(`${token.label}: this cannot be a token`, 'it has letters, digits and - . _ ~ + / = only');
    return { auth: { kind: 'bearer', token: token.value }, from: token };
  }
  const needed = (name: PropertyName): Property => {
    const property = properties.get(name);
    if (property?.value) return property;
    throw missing(properties, client ? 'bearer.auth.client.id' : 'bearer.auth.credentials.source', name);
  };
  const clientId = needed('bearer.auth.client.id');
  const endpoint = needed('bearer.auth.issuer.endpoint.url');
  if (!/^https?:\/\//i.test(endpoint.value) || !URL.canParse(endpoint.value)) {
    throw usageError(
      `${endpoint.label}: '${endpoint.value}' is no address`,
      'for example https://login.example.com/oauth2/token',
    );
  }
  return {
    auth: {
      kind: 'oauth',
      tokenUrl: endpoint.value,
      clientId: clientId.value,
      clientSecret: needed('bearer.auth.client.secret').value,
      scope: properties.get('bearer.auth.scope')?.value,
    },
    from: clientId,
  };
}

function oneOf<const T extends readonly string[]>(properties: Layer, name: PropertyName, words: T): T[number] | undefined {
  const given = properties.get(name);
  if (!given || given.value === '') return undefined;
  const word = words.find((each) => each === given.value.toUpperCase());
  if (word) return word;
  throw usageError(`${given.label}: kt does not know '${given.value}'`, `use one of ${words.join(', ')}`);
}

function missing(properties: Layer, because: PropertyName, name: PropertyName): Error {
  const { label, value } = properties.get(because)!;
  const why = because.endsWith('.source') ? `${label} is ${value}` : `${label} is given`;
  return usageError(`${name} is not given (${why})`, `-X ${name}=…`);
}
