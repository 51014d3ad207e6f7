/** PKCS#8 keys encrypted with scrypt (RFC 7914 section 7), which Bun cannot open; loaded only when one is given. */
import { createDecipheriv, createPrivateKey, type KeyObject, scryptSync } from 'node:crypto';

const pbes2 = '2a864886f70d01050d';
const scrypt = '2b06010401da47040b';
const ciphers: Readonly<Record<string, { readonly name: string; readonly keyBytes: number }>> = {
  '60864801650304012a': { name: 'aes-256-cbc', keyBytes: 32 },
  '608648016503040116': { name: 'aes-192-cbc', keyBytes: 24 },
  '608648016503040102': { name: 'aes-128-cbc', keyBytes: 16 },
};
/** OpenSSL's default takes 16 MiB. */
const largestMemory = 1 << 28;

/**
 * @param pem one block, ENCRYPTED PRIVATE KEY
 * @returns undefined when it is encrypted in another way
 * @throws Error of any kind when the password is wrong or the key is damaged
 */
export function openScryptKey(pem: string, password: string): KeyObject | undefined {
  const [algorithm, encrypted] = elements(Buffer.from(pem.replace(/-----.*-----|\s/g, ''), 'base64'), 1);
  const [kind, parameters] = elements(algorithm!);
  if (kind!.toString('hex') !== pbes2) return undefined;
  const [derivation, cipher] = elements(parameters!);
  const [derivationName, derivationParameters] = elements(derivation!);
  if (derivationName!.toString('hex') !== scrypt) return undefined;
  const [salt, cost, blockSize, parallelization] = elements(derivationParameters!);
  const [cipherName, iv] = elements(cipher!);
  const known = ciphers[cipherName!.toString('hex')];
  if (!known) return undefined;
  const N = numberOf(cost!);
  const r = numberOf(blockSize!);
  const p = numberOf(parallelization!);
  const key = scryptSync(password, salt!, known.keyBytes, { N, r, p, maxmem: largestMemory });
  const decipher = createDecipheriv(known.name, key, iv!);
  const der = Buffer.concat([decipher.update(encrypted!), decipher.final()]);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}

/** The contents of the elements in a DER sequence's content; `depth` unwraps that many sequences first. */
function elements(der: Buffer, depth = 0): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < der.length; ) {
    const first = der[at + 1]!;
    const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
    const start = at + 2 + lengthBytes;
    const end = start + (lengthBytes === 0 ? first : der.readUIntBE(at + 2, lengthBytes));
    if (end > der.length) throw new RangeError('a length beyond the end');
    found.push(der.subarray(start, end));
    at = end;
  }
  return depth === 0 ? found : elements(found[0]!, depth - 1);
}

function numberOf(integer: Buffer): number {
  return Number(BigInt(`0x${integer.toString('hex')}`));
}
