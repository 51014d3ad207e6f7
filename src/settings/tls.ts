/** `ssl.*` properties → authorities, certificate and key, read and checked before anything connects. */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { usageError } from '../base/errors.ts';
import type { TlsPeer } from '../base/tls.ts';
import type { ClientIdentity, TlsSettings } from '../kafka/connection/settings.ts';
import type { SettingsFiles } from './files.ts';
import type { Layer } from './layers.ts';
import { certificates, type KeyEntry, type PemStore, pemBlocks } from './pem.ts';
import type { Property } from './property.ts';
import type { PropertyName } from './property-names.ts';
import { readRestrictions } from './tls-restrictions.ts';

/**
 * Takes stores in PEM, PKCS#12 and JKS, and tells them apart by their bytes, not by `ssl.truststore.type`.
 * @throws KtError `usage` naming property and file: unreadable, no certificate in it, a wrong password, a key that is not the certificate's
 */
export async function readTls(properties: Layer, files: SettingsFiles): Promise<TlsSettings> {
  const ca = await readAuthorities(properties, files);
  const identity = await readIdentity(properties, files);
  return {
    ...(ca !== undefined && { ca }),
    ...identity,
    ...readRestrictions(properties),
    verifyHostname: verifiesHostname(properties.get('ssl.endpoint.identification.algorithm')),
    ...(!isTrue(properties.get('enable.ssl.certificate.verification')) && { verifyCertificate: false }),
  };
}

/** What a user should know of a connection whose other end is not checked in full; undefined where it is. */
export function uncheckedPeer(
  { verifyHostname, verifyCertificate }: TlsPeer,
  properties: Layer,
  peer: 'broker' | 'registry',
): string | undefined {
  const label = (name: PropertyName) => properties.get(name)?.label;
  if (verifyCertificate === false) {
    return `the ${peer}'s certificate is not checked, so anybody can pose as the ${peer} (${label('enable.ssl.certificate.verification')})`;
  }
  if (verifyHostname) return undefined;
  return `the host name in the ${peer}'s certificate is not checked (${label('ssl.endpoint.identification.algorithm')})`;
}

async function readAuthorities(properties: Layer, files: SettingsFiles): Promise<string | undefined> {
  const inline = properties.get('ssl.truststore.certificates');
  if (inline) return certificates(inline.value, inline, 'it');
  const location = properties.get('ssl.truststore.location');
  if (!location) return undefined;
  const { trusted, entries } = await readStore(properties, files, location, 'ssl.truststore.password');
  if (trusted !== '') return trusted;
  throw usageError(
    `${location.label}: ${location.value} holds no certificate of an authority${entries.length === 0 ? '' : " (those of a key's chain do not count)"}`,
    'keytool -list shows what is in it: a trustedCertEntry is needed',
  );
}

/** The client's own certificates with their keys, from one store or from two texts or files. */
async function readIdentity(
  properties: Layer,
  files: SettingsFiles,
): Promise<(ClientIdentity & Pick<TlsSettings, 'otherIdentities'>) | undefined> {
  const location = properties.get('ssl.keystore.location');
  const certSource = properties.get('ssl.keystore.certificate.chain') ?? properties.get('ssl.certificate.location') ?? location;
  const keySource = properties.get('ssl.keystore.key') ?? properties.get('ssl.key.location') ?? location;
  if (!certSource && !keySource) return undefined;
  if (!certSource || !keySource) {
    const [given, missing] = certSource ? [certSource, 'key'] : [keySource!, 'certificate'];
    throw usageError(
      `${given.label}: its ${missing} is not given`,
      `add ssl.${missing}.location, or give both in one ssl.keystore.location`,
    );
  }
  const password = properties.get('ssl.key.password');
  const store =
    location && (certSource === location || keySource === location)
      ? await readStore(properties, files, location, 'ssl.keystore.password')
      : undefined;
  if (location && certSource === location && keySource === location) return usable(store!, location, password);
  const cert =
    certSource === location
      ? ownEntry(store!, location).chain
      : certificates(...(await textOf(properties, files, 'ssl.keystore.certificate.chain', certSource)));
  const key =
    keySource === location
      ? ownEntry(store!, location).key
      : (await textOf(properties, files, 'ssl.keystore.key', keySource))[0];
  return checkedIdentity({ chain: cert, key }, { certSource, keySource, password });
}

/** The entries of a key store that TLS can use, the first one first, as Java too passes over the others. @throws the first one's error */
async function usable(
  store: PemStore,
  location: Property,
  password: Property | undefined,
): Promise<ClientIdentity & Pick<TlsSettings, 'otherIdentities'>> {
  ownEntry(store, location);
  const sources = { certSource: location, keySource: location, password };
  const entries = store.entries.filter(({ chain }) => chain !== '');
  const checked = await Promise.allSettled(entries.map((entry) => checkedIdentity(entry, sources)));
  const [first, ...otherIdentities] = checked.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  if (!first) throw (checked[0] as PromiseRejectedResult).reason;
  return { ...first, ...(otherIdentities.length > 0 && { otherIdentities }) };
}

interface IdentitySources {
  readonly certSource: Property;
  readonly keySource: Property;
  readonly password: Property | undefined;
}

/** @throws KtError `usage` when certificate and key do not fit, or TLS has no use for them */
async function checkedIdentity(
  { alias, chain, key: keyText }: KeyEntry,
  { certSource, keySource, password }: IdentitySources,
): Promise<ClientIdentity> {
  const key = await privateKey(keyText, keySource, password);
  if (key.asymmetricKeyType === 'dsa') {
    throw usageError(
      `${keySource.label}: it is a DSA key (TLS 1.3 has none, and hardly any broker takes one)`,
      'use an RSA or an EC key',
    );
  }
  const certificate = new X509Certificate(chain);
  if (!certificate.checkPrivateKey(key)) {
    throw usageError(
      `${keySource.label}: the key does not belong to the certificate (${certSource.label})`,
      'give a certificate and its own key',
    );
  }
  const { validFrom, validTo, issuer } = certificate;
  return {
    cert: chain,
    key: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certFacts: {
      ...(alias && { alias }),
      issuer: issuer.replaceAll('\n', ', '),
      validFrom: Date.parse(validFrom),
      validTo: Date.parse(validTo),
    },
  };
}

/** The first entry that has a certificate. */
function ownEntry({ entries }: PemStore, { label, value }: Property): KeyEntry {
  const entry = entries.find(({ chain }) => chain !== '');
  if (entry) return entry;
  throw usageError(`${label}: ${value} holds no key with its certificate`, 'keytool -list shows what is in it');
}

/** The text itself where the property holds it, else the text of the file it names. */
async function textOf(
  properties: Layer,
  files: SettingsFiles,
  inline: PropertyName,
  source: Property,
): Promise<[text: string, source: Property, where: string]> {
  if (properties.get(inline) === source) return [source.value, source, 'it'];
  return [(await files.store(source.value, source.label)).toString('utf8'), source, source.value];
}

async function readStore(
  properties: Layer,
  files: SettingsFiles,
  location: Property,
  passwordName: 'ssl.keystore.password' | 'ssl.truststore.password',
): Promise<PemStore> {
  const bytes = await files.store(location.value, location.label);
  const text = bytes.toString('latin1');
  if (text.includes('-----BEGIN ')) {
    const all = certificates(text, location, location.value);
    return { entries: [{ chain: all, key: text }], trusted: all };
  }
  const { readKeyStore } = await import('./key-store.ts');
  const value = (name: PropertyName) => properties.get(name)?.value;
  return readKeyStore(bytes, location, passwordName, { store: value(passwordName), key: value('ssl.key.password') });
}

async function privateKey(text: string | undefined, source: Property, password: Property | undefined): Promise<KeyObject> {
  const block = pemBlocks(text ?? '').find(({ label }) => label.endsWith('PRIVATE KEY'));
  if (!block)
    throw usageError(`${source.label}: there is no private key in it`, 'it must have a -----BEGIN PRIVATE KEY----- line');
  const encrypted = block.label.startsWith('ENCRYPTED') || block.pem.includes('Proc-Type');
  if (encrypted && !password)
    throw usageError(`${source.label}: the key is encrypted (ssl.key.password is not given)`, '-X ssl.key.password=…');
  try {
    if (block.label.startsWith('ENCRYPTED')) {
      const { openScryptKey } = await import('./scrypt-key.ts');
      const opened = openScryptKey(block.pem, password!.value);
      if (opened) return opened;
    }
    return createPrivateKey({ key: block.pem, ...(encrypted && { passphrase: password!.value }) });
  } catch (cause) {
    const { code = '', message } = cause as NodeJS.ErrnoException;
    if (encrypted && /unsupported|unknown/i.test(`${code} ${message}`)) {
      throw usageError(
        `${source.label}: the key is encrypted in a way that kt does not know`,
        'encrypt it anew: openssl pkcs8 -topk8 -v2 aes-256-cbc -in OLD -out NEW (OpenSSL 3: -provider legacy -provider default)',
      );
    }
    throw usageError(
      encrypted
        ? `${source.label}: cannot decrypt the key (ssl.key.password is wrong)`
        : `${source.label}: the private key cannot be read`,
      encrypted ? 'check ssl.key.password' : 'openssl pkey -text shows what is in it',
    );
  }
}

function verifiesHostname(property: Property | undefined): boolean {
  const algorithm = property?.value.trim().toLowerCase();
  if (algorithm === undefined || algorithm === 'https') return true;
  if (algorithm === '' || algorithm === 'none') return false;
  throw usageError(`${property!.label}: no such algorithm '${property!.value}'`, 'use https, or none');
}

function isTrue(property: Property | undefined): boolean {
  const value = property?.value.trim().toLowerCase() ?? 'true';
  if (value !== 'true' && value !== 'false')
    throw usageError(`${property!.label}: '${property!.value}' is not true or false`, 'use true, or false');
  return value === 'true';
}
