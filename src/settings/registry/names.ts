/** The properties of a schema registry's clients that kt knows, under the names of Confluent's Java client; its TLS has the cluster's names. */

const plainNames = [
  'schema.registry.url',
  'schema.registry.enable.ssl.certificate.verification',
  'basic.auth.credentials.source',
  'basic.auth.user.info',
  'bearer.auth.credentials.source',
  'bearer.auth.token',
  'bearer.auth.issuer.endpoint.url',
  'bearer.auth.client.id',
  'bearer.auth.client.secret',
  'bearer.auth.scope',
  'bearer.auth.logical.cluster',
  'bearer.auth.identity.pool.id',
] as const;

/** Stands before a name of the cluster's TLS (`ssl.…`), and in other clients before all names. */
export const registryPrefix = 'schema.registry.';
const headerPrefix = 'request.header.';

type PlainName = (typeof plainNames)[number];
export type RegistryPropertyName = PlainName | `schema.registry.ssl.${string}` | `request.header.${string}`;

/** Names that stand for the same: what one source sets hides the others in sources that count less. */
export const registryAlternatives: readonly (readonly RegistryPropertyName[])[] = [
  ['basic.auth.user.info', 'bearer.auth.token'],
  ['basic.auth.user.info', 'bearer.auth.client.id'],
  ['bearer.auth.token', 'bearer.auth.client.id'],
];

/** All names but those of headers and of TLS, each with the longer one that .NET's and Python's clients have for it. */
export const registryNames: readonly (readonly [name: string, known: PlainName])[] = plainNames.flatMap((name) => [
  [name, name] as const,
  ...(name.startsWith(registryPrefix) ? [] : [[`${registryPrefix}${name}`, name] as const]),
]);

/** The name of the header that a property is for: `X-Team` of `request.header.X-Team`. */
export function headerOf(name: string): string | undefined {
  return name.startsWith(headerPrefix) && name.length > headerPrefix.length ? name.slice(headerPrefix.length) : undefined;
}

/** Whether only a registry reads it. */
export function isForRegistry(name: string): boolean {
  return /^(schema\.registry|basic\.auth|bearer\.auth|request\.header)\./.test(name);
}

export function isHeaderProperty(name: string): name is `request.header.${string}` {
  return headerOf(name) !== undefined;
}

const secrets: readonly string[] = ['basic.auth.user.info', 'bearer.auth.token', 'bearer.auth.client.secret'];

/** The part of a value that is a secret, or a reference to one; undefined where it has none. A header's text may be a key. */
export function registrySecret(name: string, value: string): string | undefined {
  if (name === 'schema.registry.url') return passwordsOf(value).join('') || undefined;
  if (name === 'basic.auth.user.info') return value.includes(':') ? value.slice(value.indexOf(':') + 1) : value;
  return secrets.includes(name) || isHeaderProperty(name) ? value : undefined;
}

/** Addresses with `********` for the passwords in them. */
export function withoutPasswords(urls: string): string {
  return urls.replace(
    inUrl,
    (_, before: string, password: string) => `${before}${password.startsWith(`\${`) ? password : '********'}@`,
  );
}

const inUrl = /(:\/\/[^/@:\s,]*:)((?:\$\{[^}]*\}|[^/@\s])*)@/g;

function passwordsOf(urls: string): string[] {
  return [...urls.matchAll(inUrl)].map(([, , password = '']) => password);
}
