/** Certificates that sign themselves, made for a test. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import forge from 'node-forge';

export interface SelfSigned {
  readonly cert: string;
  /** PKCS#8. */
  readonly pem: string;
  readonly privateKey: KeyObject;
}

const dayMs = 86_400_000;

/**
 * For a host of this name too.
 * @param endsInMs how long it is valid from now on; less than 0: it has expired
 */
export function selfSigned(commonName: string, endsInMs = dayMs): SelfSigned {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const certificate = forge.pki.createCertificate();
  const key = forge.pki.privateKeyFromPem(pem);
  certificate.publicKey = forge.pki.setRsaPublicKey(key.n, key.e);
  certificate.serialNumber = '01';
  certificate.validity.notBefore = new Date(Date.now() + Math.min(0, endsInMs) - dayMs);
  certificate.validity.notAfter = new Date(Date.now() + endsInMs);
  certificate.setSubject([{ name: 'commonName', value: commonName }]);
  certificate.setIssuer([{ name: 'commonName', value: commonName }]);
  certificate.setExtensions([{ name: 'subjectAltName', altNames: [{ type: 2, value: commonName }] }]);
  certificate.sign(key, forge.md.sha256.create());
  return { cert: forge.pki.certificateToPem(certificate), pem, privateKey };
}
