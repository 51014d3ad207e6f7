/** Java's own key store format (JKS, versions 1 and 2) to PEM. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { type KeyEntry, LockedKey, type PemStore, type StorePasswords, toPem } from './pem.ts';

const privateKeyTag = 1;
const certificateTag = 2;

/**
 * Big-endian: magic, version, count, then per entry a tag, alias, date and content; SHA-1 over password and all of it at the end.
 * Without the password, trusted certificates can still be read, as in Java; a key cannot. A key that the password does not open is left out,
 * unless there is no other.
 * @param only what is wanted: a trust store's keys stay closed, as nobody may know their passwords
 * @throws LockedKey when only the keys' password is wrong; Error of any kind when the store's is, or the file is damaged
 */
export function readJks(bytes: Buffer, passwords: StorePasswords, only: 'identity' | 'authorities'): PemStore {
  if (passwords.store !== undefined) checkDigest(bytes, passwords.store);
  let at = 4;
  const slice = (length: number) => {
    if (length < 0 || at + length > bytes.length) throw new RangeError('a length beyond the end');
    at += length;
    return bytes.subarray(at - length, at);
  };
  const number = () => slice(4).readInt32BE(0);
  const string = () => slice(slice(2).readUInt16BE(0)).toString('latin1');
  const certificate = () => {
    if (version === 2) string();
    return toPem('CERTIFICATE', slice(number()));
  };
  const version = number();
  const keys: KeyEntry[] = [];
  let locked: LockedKey | undefined;
  let trusted = '';
  for (let entries = number(); entries > 0; entries--) {
    const tag = number();
    const alias = string();
    slice(8);
    if (tag === certificateTag) trusted += certificate();
    else if (tag === privateKeyTag) {
      const wrapped = slice(number());
      let chain = '';
      for (let certificates = number(); certificates > 0; certificates--) chain += certificate();
      if (only === 'authorities') keys.push({ alias, chain });
      else {
        try {
          keys.push({ alias, chain, key: toPem('PRIVATE KEY', unwrapKey(wrapped, passwords.key ?? passwords.store)) });
        } catch (error) {
          if (!(error instanceof LockedKey)) throw error;
          locked = error;
        }
      }
    } else throw new RangeError('an unknown kind of entry');
  }
  if (locked && keys.length === 0) throw locked;
  return { entries: keys, trusted };
}

function checkDigest(bytes: Buffer, password: string): void {
  const digest = createHash('sha1')
    .update(utf16(password))
    .update('Mighty Aphrodite')
    .update(bytes.subarray(0, bytes.length - 20))
    .digest();
  if (!timingSafeEqual(digest, bytes.subarray(bytes.length - 20))) throw new Error('wrong password');
}

/**
 * Sun's key protector: salt (20 bytes), key XOR a SHA-1 chain of password and salt, digest (20 bytes). They are the octet string of an
 * EncryptedPrivateKeyInfo.
 */
function unwrapKey(wrapped: Buffer, password: string | undefined): Buffer {
  if (password === undefined) throw new Error('no password');
  const content = lastOctetString(wrapped);
  const secret = utf16(password);
  const encrypted = content.subarray(20, -20);
  const key = Buffer.alloc(encrypted.length);
  let block = content.subarray(0, 20);
  for (let i = 0; i < encrypted.length; i++) {
    if (i % 20 === 0) block = createHash('sha1').update(secret).update(block).digest();
    key[i] = encrypted[i]! ^ block[i % 20]!;
  }
  const digest = createHash('sha1').update(secret).update(key).digest();
  if (!timingSafeEqual(digest, content.subarray(-20))) throw new LockedKey();
  return key;
}

/** The second element of the outer DER sequence. */
function lastOctetString(der: Buffer): Buffer {
  const outer = derContent(der, 0x30);
  const algorithm = derContent(outer, 0x30);
  return derContent(outer.subarray(algorithm.byteOffset - outer.byteOffset + algorithm.length), 0x04);
}

function derContent(der: Buffer, tag: number): Buffer {
  if (der[0] !== tag) throw new RangeError('not the DER that was expected');
  const first = der[1]!;
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  const length = lengthBytes === 0 ? first : der.readUIntBE(2, lengthBytes);
  return der.subarray(2 + lengthBytes, 2 + lengthBytes + length);
}

/** As Java's `char`s are written: big-endian. */
function utf16(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16();
}
