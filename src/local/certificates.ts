/** Creates a certificate authority, with a certificate for the brokers and one for the client, as PEM files. */
import { generateKeyPair, randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writePrivately } from './state.ts';

type Forge = typeof import('node-forge');

/** Where the PEM files of a secured cluster are. With `client*` a client is the user `admin` on an SSL listener. */
export interface CertificatePaths {
  readonly ca: string;
  readonly clientCertificate: string;
  readonly clientKey: string;
  /** Key and certificate in one file, as Java's PEM key stores require. */
  readonly clientStore: string;
}

interface Issued {
  readonly key: string;
  readonly certificate: string;
}

const validYears = 10;

/** Node's key generator is native; forge's own takes seconds. */
async function keyPair(forge: Forge) {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return {
    publicKey: forge.pki.publicKeyFromPem(publicKey),
    privateKey: forge.pki.privateKeyFromPem(privateKey),
    pem: privateKey,
  };
}

/** A certificate for `commonName`, signed by `issuer` or, as an authority, by itself. */
async function issue(forge: Forge, commonName: string, extensions: object[], issuer?: Issued): Promise<Issued> {
  const keys = await keyPair(forge);
  const certificate = forge.pki.createCertificate();
  const subject = [{ name: 'commonName', value: commonName }];
  certificate.publicKey = keys.publicKey;
  // A first byte of 01 keeps the number positive and in its shortest form, which DER demands: readers refuse other padding.
  certificate.serialNumber = `01${randomBytes(15).toString('hex')}`;
  // Starts a day early, since the clocks of host and container may differ.
  certificate.validity.notBefore = new Date(Date.now() - 86_400_000);
  certificate.validity.notAfter = new Date(Date.now() + validYears * 365 * 86_400_000);
  certificate.setSubject(subject);
  certificate.setIssuer(issuer ? forge.pki.certificateFromPem(issuer.certificate).subject.attributes : subject);
  certificate.setExtensions(extensions);
  certificate.sign(issuer ? forge.pki.privateKeyFromPem(issuer.key) : keys.privateKey, forge.md.sha256.create());
  return { key: keys.pem, certificate: forge.pki.certificateToPem(certificate).replace(/\r/g, '') };
}

const leaf = [
  { name: 'basicConstraints', cA: false, critical: true },
  { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
  { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
];

/** Type 7 is an IP address in a subjectAltName, 2 a DNS name. */
function altNames(hosts: readonly string[]) {
  const names = hosts.map((host) => (/^[\d.]+$|:/.test(host) ? { type: 7, ip: host } : { type: 2, value: host }));
  return { name: 'subjectAltName', altNames: names };
}

export function certificatePaths(clusterDirectory: string): CertificatePaths {
  const at = (file: string) => join(clusterDirectory, 'certificates', file);
  return {
    ca: at('ca.pem'),
    clientCertificate: at('client.crt.pem'),
    clientKey: at('client.key.pem'),
    clientStore: at('client.pem'),
  };
}

/** Writes the authority's certificate, the broker's key store and the client's files; the authority's key is not kept. */
export async function writeCertificates(clusterDirectory: string, hosts: readonly string[]): Promise<void> {
  const { default: forge } = await import('node-forge');
  const authority = await issue(forge, 'kt local CA', [
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
  ]);
  const [broker, client] = await Promise.all([
    issue(forge, 'broker', [...leaf, altNames(['localhost', '127.0.0.1', '::1', ...hosts])], authority),
    issue(forge, 'admin', leaf, authority),
  ]);
  const paths = certificatePaths(clusterDirectory);
  mkdirSync(join(clusterDirectory, 'certificates'), { recursive: true, mode: 0o700 });
  writePrivately(join(clusterDirectory, 'certificates', 'broker.pem'), broker.key + broker.certificate);
  writePrivately(paths.ca, authority.certificate);
  writePrivately(paths.clientCertificate, client.certificate);
  writePrivately(paths.clientKey, client.key);
  writePrivately(paths.clientStore, client.key + client.certificate);
}
