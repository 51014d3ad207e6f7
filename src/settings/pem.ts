/** PEM text as Kafka's properties carry it, and as stores of other formats are turned into it. */
import { X509Certificate } from 'node:crypto';
import { usageError } from '../base/errors.ts';
import type { Property } from './property.ts';

/** A key in a store, with its certificates, as PEM. */
export interface KeyEntry {
  /** Its name in the store; absent where the format has none. */
  readonly alias?: string | undefined;
  /** The key's own certificate first, then those that lead to its authority. */
  readonly chain: string;
  /** Absent where only authorities were wanted. */
  readonly key?: string | undefined;
}

/** What a key store or trust store holds. */
export interface PemStore {
  /** In the store's order. */
  readonly entries: readonly KeyEntry[];
  /** Authorities that the store's owner trusts, as PEM; those of a key's chain are not among them, as in Java. */
  readonly trusted: string;
}

/** The passwords of a store. */
export interface StorePasswords {
  readonly store: string | undefined;
  /** The key's, where it has another one than the store. */
  readonly key?: string | undefined;
}

/** The store opens, and its key does not. */
export class LockedKey extends Error {}

/**
 * Every block of a PEM text, with line breaks where OpenSSL wants them: in a properties file, lines are often joined by blanks.
 */
export function pemBlocks(text: string): { readonly label: string; readonly pem: string }[] {
  return [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/g)].map(([whole, label, body]) => ({
    label: label!,
    // Headers (the old encrypted format) are separated by line breaks that must stay.
    pem: body!.includes('Proc-Type') ? `${whole}\n` : encode(label!, body!.replace(/\s+/g, '')),
  }));
}

/** DER bytes as one PEM block. */
export function toPem(label: string, der: Uint8Array): string {
  return encode(label, Buffer.from(der).toString('base64'));
}

function encode(label: string, base64: string): string {
  return `-----BEGIN ${label}-----\n${base64.replace(/.{1,64}/g, '$&\n')}-----END ${label}-----\n`;
}

/**
 * The certificates of a PEM text.
 * @param where the file, or 'it', for errors
 * @throws KtError `usage` where there is none, or one cannot be read
 */
export function certificates(text: string, source: Property, where: string): string {
  const found = pemBlocks(text).filter(({ label }) => label.endsWith('CERTIFICATE'));
  if (found.length === 0)
    throw usageError(`${source.label}: ${where} holds no PEM certificate`, 'it must have a -----BEGIN CERTIFICATE----- line');
  for (const { pem } of found) {
    try {
      new X509Certificate(pem);
    } catch {
      throw usageError(
        `${source.label}: ${where} holds a certificate that cannot be read`,
        `openssl x509 -text shows what is in it`,
      );
    }
  }
  return found.map(({ pem }) => pem).join('');
}
