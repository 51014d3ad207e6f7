/** PKCS#12 stores, as Java and OpenSSL write them, to PEM; loaded only when one is given. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import forge from 'node-forge';
import { type KtError, usageError } from '../base/errors.ts';
import { readJks } from './jks.ts';
import { type KeyEntry, LockedKey, type PemStore, type StorePasswords, toPem } from './pem.ts';
import type { Property } from './property.ts';

/**
 * Reads PKCS#12 and JKS. Node's own `pfx` option takes no store without a key and none with RC2 (Java before 8u301), and Bun has no
 * such option.
 * @throws KtError `usage` when it is neither, or the password does not open it
 */
export function readKeyStore(
  bytes: Buffer,
  location: Property,
  passwordName: 'ssl.keystore.password' | 'ssl.truststore.password',
  passwords: StorePasswords,
): PemStore {
  const password = passwords.store;
  const isJks = bytes.length >= 4 && bytes.readUInt32BE(0) === 0xfeedfeed;
  if (!isJks && bytes[0] !== 0x30) {
    throw usageError(
      `${location.label}: ${location.value} is neither PEM nor PKCS#12 nor JKS`,
      'give a .pem, .p12 or .jks file',
    );
  }
  try {
    const only = passwordName === 'ssl.keystore.password' ? 'identity' : 'authorities';
    return isJks ? readJks(bytes, passwords, only) : readPkcs12(bytes, password);
  } catch (error) {
    if (error instanceof LockedKey) throw lockedKey(location, passwords);
    throw usageError(
      `${location.label}: cannot open ${location.value} (${passwordName} is ${password === undefined ? 'not given' : 'wrong, or the file is damaged'})`,
      password === undefined
        ? `-X ${passwordName}='\${env:NAME}'`
        : `check the password with keytool -list -keystore ${location.value}`,
    );
  }
}

function lockedKey({ label, value }: Property, { key }: StorePasswords): KtError {
  return usageError(
    `${label}: cannot open the key in ${value} (${key === undefined ? 'it has another password than the store' : 'ssl.key.password is wrong'})`,
    `-X ssl.key.password='\${env:NAME}'`,
  );
}

const { oids } = forge.pki;
/** By this attribute Java knows a certificate of a trust store from one of a key's chain. */
const trustedKeyUsage = '2.16.840.1.113894.746875.1.1';
// node-forge keeps only attributes that it has a name for.
oids[trustedKeyUsage] = 'trustedKeyUsage';
oids['trustedKeyUsage'] = trustedKeyUsage;

function readPkcs12(bytes: Buffer, password: string | undefined): PemStore {
  const file = forge.pkcs12.pkcs12FromAsn1(forge.asn1.fromDer(bytes.toString('binary')), false, password ?? '');
  const bags = file.safeContents.flatMap(({ safeBags }) => safeBags);
  const keyBags = bags.filter(({ type }) => type === oids['pkcs8ShroudedKeyBag'] || type === oids['keyBag']);
  const certBags = bags.filter(({ type }) => type === oids['certBag']);
  const marked = certBags.filter(({ attributes }) => attributes && 'trustedKeyUsage' in attributes);
  const ofKeys = certBags.filter((bag) => !marked.includes(bag));
  const entries = keyBags.map((bag): KeyEntry => {
    const key = keyPem(bag);
    const chain = keyBags.length === 1 ? onlyChain(bag, ofKeys) : chainOf(key, ofKeys);
    return { alias: bag.attributes?.['friendlyName']?.[0], chain, key };
  });
  // OpenSSL marks nothing: what it writes without a key is meant as a trust store.
  return { entries, trusted: pemOf(keyBags.length > 0 ? marked : certBags) };
}

/** All certificates that are no authorities of the owner: they belong to the only key, its own first. */
function onlyChain(key: forge.pkcs12.Bag, certificates: readonly forge.pkcs12.Bag[]): string {
  const keyId = localKeyId(key);
  const own = certificates.filter((bag) => keyId !== undefined && localKeyId(bag) === keyId);
  return pemOf([...own, ...certificates.filter((bag) => !own.includes(bag))]);
}

/** The certificate of one key among several, and those that issued it. */
function chainOf(keyText: string, certificates: readonly forge.pkcs12.Bag[]): string {
  const key = createPrivateKey(keyText);
  const all = certificates.map((bag) => pemOf([bag])).map((pem) => ({ pem, certificate: new X509Certificate(pem) }));
  const chain: typeof all = [];
  for (let next = all.find(({ certificate }) => certificate.checkPrivateKey(key)); next; ) {
    chain.push(next);
    const { certificate } = next;
    next = all.find((other) => !chain.includes(other) && certificate.checkIssued(other.certificate));
  }
  return chain.map(({ pem }) => pem).join('');
}

function pemOf(certificates: readonly forge.pkcs12.Bag[]): string {
  return certificates
    .map((bag) => toPem('CERTIFICATE', der(bag.cert ? forge.pki.certificateToAsn1(bag.cert) : bag.asn1)))
    .join('');
}

/** The attribute that links a key with its certificate. */
function localKeyId(bag: forge.pkcs12.Bag): string | undefined {
  return bag.attributes?.['localKeyId']?.[0];
}

/** node-forge parses RSA keys, and leaves any other as the PrivateKeyInfo that it was. */
function keyPem(bag: forge.pkcs12.Bag): string {
  return bag.key ? toPem('RSA PRIVATE KEY', der(forge.pki.privateKeyToAsn1(bag.key))) : toPem('PRIVATE KEY', der(bag.asn1));
}

function der(asn1: forge.asn1.Asn1): Buffer {
  return Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'binary');
}
