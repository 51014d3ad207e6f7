/** PKCS#12 stores, as Java and OpenSSL write them, → PEM; loaded only when one is given. */
import forge from 'node-forge';
import { usageError } from '../../errors.ts';
import type { Property } from './layers.ts';
import { toPem } from './pem.ts';

export interface Store {
  /** PEM, the key's own certificate first. */
  readonly certificates: string;
  /** PEM; absent from a trust store. */
  readonly key?: string | undefined;
}

/**
 * Node's own `pfx` takes no store without a key, none of before 2021 (RC2), and Bun takes none at all: hence this.
 * @throws KtError `usage` when it is no such store or the password does not open it
 */
export function readKeyStore(bytes: Buffer, location: Property, password: Property | undefined): Store {
  if (bytes.length >= 4 && bytes.readUInt32BE(0) === 0xfeedfeed) {
    throw usageError(
      `${location.label}: ${location.value} is a JKS store (kt takes PEM and PKCS#12)`,
      `keytool -importkeystore -srckeystore ${location.value} -destkeystore store.p12 -deststoretype PKCS12`,
    );
  }
  const bags = openPkcs12(bytes, location, password);
  const keyBag = bags.find(({ type }) => type === forge.pki.oids['pkcs8ShroudedKeyBag'] || type === forge.pki.oids['keyBag']);
  const keyId = keyBag?.attributes?.['localKeyId']?.[0];
  const certBags = bags.filter(({ type }) => type === forge.pki.oids['certBag']);
  const own = certBags.filter(({ attributes }) => keyId !== undefined && attributes?.['localKeyId']?.[0] === keyId);
  const certificates = [...own, ...certBags.filter((bag) => !own.includes(bag))].map((bag) =>
    toPem('CERTIFICATE', der(bag.cert ? forge.pki.certificateToAsn1(bag.cert) : bag.asn1)),
  );
  if (certificates.length === 0)
    throw usageError(`${location.label}: ${location.value} holds no certificate`, 'keytool -list shows what is in it');
  return { certificates: certificates.join(''), key: keyBag && keyPem(keyBag) };
}

function openPkcs12(bytes: Buffer, location: Property, password: Property | undefined): forge.pkcs12.Bag[] {
  let asn1: forge.asn1.Asn1;
  try {
    asn1 = forge.asn1.fromDer(bytes.toString('binary'));
  } catch {
    throw usageError(`${location.label}: ${location.value} is neither PEM nor PKCS#12`, 'give a .pem, .p12 or .pfx file');
  }
  const passwordName = location.label.replace(/\.location\b.*/, '.password').replace(/^-X /, '');
  try {
    return forge.pkcs12.pkcs12FromAsn1(asn1, false, password?.value ?? '').safeContents.flatMap(({ safeBags }) => safeBags);
  } catch {
    throw usageError(
      `${location.label}: ${location.value} does not open (${passwordName} is ${password ? 'wrong' : 'not given'})`,
      `-X ${passwordName}='\${env:NAME}'`,
    );
  }
}

/** An RSA key comes parsed, any other one as the PrivateKeyInfo it was. */
function keyPem(bag: forge.pkcs12.Bag): string {
  return bag.key ? toPem('RSA PRIVATE KEY', der(forge.pki.privateKeyToAsn1(bag.key))) : toPem('PRIVATE KEY', der(bag.asn1));
}

function der(asn1: forge.asn1.Asn1): Buffer {
  return Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'binary');
}
