/** PKCS#12 stores, as Java and OpenSSL write them, to PEM; loaded only when one is given. */
import forge from 'node-forge';
import { type KtError, usageError } from '../base/errors.ts';
import { readJks } from './jks.ts';
import { LockedKey, type PemStore, type StorePasswords, toPem } from './pem.ts';
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
  const keyBag = bags.find(({ type }) => type === oids['pkcs8ShroudedKeyBag'] || type === oids['keyBag']);
  const keyId = keyBag && localKeyId(keyBag);
  const certBags = bags.filter(({ type }) => type === oids['certBag']);
  const own = certBags.filter((bag) => keyId !== undefined && localKeyId(bag) === keyId);
  const pem = (bags: readonly forge.pkcs12.Bag[]) =>
    bags.map((bag) => toPem('CERTIFICATE', der(bag.cert ? forge.pki.certificateToAsn1(bag.cert) : bag.asn1))).join('');
  const marked = certBags.filter(({ attributes }) => attributes && 'trustedKeyUsage' in attributes);
  return {
    chain: keyBag ? pem([...own, ...certBags.filter((bag) => !own.includes(bag) && !marked.includes(bag))]) : '',
    // OpenSSL marks nothing: what it writes without a key is meant as a trust store.
    trusted: pem(keyBag ? marked : certBags),
    key: keyBag && keyPem(keyBag),
  };
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
