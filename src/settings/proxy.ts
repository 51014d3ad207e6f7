/** `--proxy`, `KT_PROXY` and the `proxy` of a profile: a URL, `env` or `none` → the proxy to connect through. */
import { usageError } from '../base/errors.ts';
import type { HostPort, ProxySettings } from '../kafka/connection/settings.ts';
import { parseAddress } from './addresses.ts';
import type { Environment } from './environment.ts';
import type { SettingsFiles } from './files.ts';
import { checkReferences, expandReferences, isReference } from './secrets.ts';

export interface GivenProxy {
  /** As written, references to secrets included. */
  readonly value: string;
  /** `--proxy`, `KT_PROXY`, `proxy of profile 'prod'`. */
  readonly origin: string;
}

/** Every one has the proxy look names up: kt never does it itself. */
const protocols: Readonly<Record<string, ProxySettings['protocol']>> = {
  socks5: 'socks5',
  socks5h: 'socks5',
  socks: 'socks5',
  http: 'http',
};
/** RFC 1928 has this port for SOCKS; proxies of HTTP have many. */
const defaultPorts: Readonly<Record<ProxySettings['protocol'], number | undefined>> = { socks5: 1080, http: undefined };
/** RFC 1929 has one byte for each length. */
const longestCredential = 255;

/**
 * The proxy; undefined for `none`. `env` stands for `ALL_PROXY` and `NO_PROXY`, as curl reads them.
 * @throws KtError `usage`; as the text may hold a password, it is not repeated
 */
export async function readProxy(
  { value, origin }: GivenProxy,
  env: Environment,
  files: SettingsFiles,
): Promise<ProxySettings | undefined> {
  if (value === 'none') return undefined;
  if (value === 'env') return environmentProxy(origin, env);
  const whole = isReference(value);
  const { protocol, user, password, address } = splitUrl(
    whole ? await expandReferences(value, origin, env, files) : value,
    origin,
  );
  const expand = async (text: string) => (whole ? unescaped(text, origin) : await credential(text, origin, env, files));
  return {
    protocol,
    ...parseAddress(whole ? address : await expandReferences(address, origin, env, files), origin, defaultPorts[protocol]),
    ...(user !== undefined && { username: checked(await expand(user), protocol, origin) }),
    ...(password !== undefined && { password: checked(await expand(password), protocol, origin) }),
  };
}

/** Every check of `readProxy` that needs no secret. @throws KtError `usage` */
export function checkProxy(value: string, origin: string): void {
  if (value === 'none' || value === 'env') return;
  checkReferences(value, origin);
  if (isReference(value)) return;
  const { protocol, address } = splitUrl(value, origin);
  if (!address.includes(`\${`)) parseAddress(address, origin, defaultPorts[protocol]);
}

/** The value for people to see: `********` in place of a password, but not of a reference to one. */
export function redactProxy(value: string): string {
  const hidden = '********';
  if (value === 'none' || value === 'env' || isReference(value)) return value;
  const [, start, credentials, rest] = /^([a-z][a-z\d+.-]*:\/\/)(?:(.*)@)?([^@]*)$/is.exec(value) ?? [];
  if (start === undefined) return hidden;
  if (credentials === undefined) return value;
  const { user, password } = splitCredentials(credentials);
  return password === undefined || password === '' || isReference(password) ? value : `${start}${user}:${hidden}@${rest}`;
}

function environmentProxy(origin: string, env: Environment): ProxySettings {
  const name = ['ALL_PROXY', 'all_proxy'].find((each) => env[each]);
  if (name === undefined) {
    throw usageError(
      `${origin}: neither ALL_PROXY nor all_proxy is set`,
      'export ALL_PROXY=socks5://host:1080, or use --proxy none',
    );
  }
  const { protocol, user, password, address } = splitUrl(env[name]!, name);
  const exempt = env['NO_PROXY'] || env['no_proxy'];
  return {
    protocol,
    ...parseAddress(address, name, defaultPorts[protocol]),
    ...(user !== undefined && { username: checked(unescaped(user, name), protocol, name) }),
    ...(password !== undefined && { password: checked(unescaped(password, name), protocol, name) }),
    ...(exempt && { leavesOut: exemptions(exempt) }),
  };
}

/** `NO_PROXY` as curl reads it: `*`, hosts (with all that end in `.host`), addresses and networks (`10.0.0.0/8`), each with or without a port. */
function exemptions(text: string): (address: HostPort) => boolean {
  // Every run reads this file, and hardly any NO_PROXY: node:net takes 2 ms to load.
  const { BlockList, isIP } = process.getBuiltinModule('node:net');
  const entries = text.split(/[\s,]+/).filter((entry) => entry !== '');
  const networks = new BlockList();
  for (const entry of entries) {
    const [address = '', bits] = entry.split('/');
    const family = isIP(address);
    if (family !== 0 && /^\d+$/.test(bits ?? '') && Number(bits) <= (family === 4 ? 32 : 128)) {
      networks.addSubnet(address, Number(bits), family === 4 ? 'ipv4' : 'ipv6');
    }
  }
  return ({ host, port }) => {
    const name = host.toLowerCase().replace(/\.$/, '');
    const family = isIP(name);
    if (family !== 0 && networks.check(name, family === 4 ? 'ipv4' : 'ipv6')) return true;
    return entries.some((entry) => {
      const [, exempt = '', itsPort] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(isIP(entry) ? '' : entry.toLowerCase()) ?? [];
      if (entry === '*' || entry.toLowerCase() === name) return true;
      if (exempt === '' || (itsPort !== undefined && Number(itsPort) !== port)) return false;
      return name === exempt.replace(/^\[(.*)\]$/, '$1') || (family === 0 && name.endsWith(`.${exempt}`));
    });
  };
}

interface SplitUrl {
  readonly protocol: ProxySettings['protocol'];
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly address: string;
}

/** Not by the URL class: references to secrets are no part of a URL's syntax. */
function splitUrl(text: string, origin: string): SplitUrl {
  const [, scheme, credentials, address] = /^([a-z][a-z\d+.-]*):\/\/(?:(.*)@)?([^@]*?)\/?$/is.exec(text) ?? [];
  const example = 'for example --proxy socks5://host:1080, or http://host:8080';
  if (scheme === undefined || !address) throw usageError(`${origin} is not the URL of a proxy`, example);
  const protocol = Object.hasOwn(protocols, scheme.toLowerCase()) ? protocols[scheme.toLowerCase()] : undefined;
  if (!protocol)
    throw usageError(`${origin}: kt does not speak ${scheme}:// to a proxy`, `it speaks socks5:// and http://; ${example}`);
  return { protocol, address, ...(credentials !== undefined && splitCredentials(credentials)) };
}

/** At the first colon outside of a reference. */
function splitCredentials(text: string): { readonly user: string; readonly password: string | undefined } {
  const [, user = '', password] = /^((?:\$\{[^}]*\}|[^:])*)(?::(.*))?$/s.exec(text) ?? [];
  return { user, password };
}

/** A user name or password: what comes from a reference is taken as it is, the rest may be escaped as in URLs. */
async function credential(text: string, origin: string, env: Environment, files: SettingsFiles): Promise<string> {
  checkReferences(text, origin);
  const parts = text.split(/(\$\{[^}]*\})/);
  const read = parts.map((part) => (isReference(part) ? expandReferences(part, origin, env, files) : unescaped(part, origin)));
  return (await Promise.all(read)).join('');
}

function unescaped(text: string, origin: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw usageError(`${origin}: a % in the user name or password is no escape`, 'write %25 for a %');
  }
}

function checked(text: string, protocol: ProxySettings['protocol'], origin: string): string {
  if (protocol === 'http' || Buffer.byteLength(text) <= longestCredential) return text;
  throw usageError(
    `${origin}: SOCKS5 takes no user name or password of more than ${longestCredential} bytes`,
    'use a shorter one',
  );
}
