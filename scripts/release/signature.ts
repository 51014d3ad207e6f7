/** Recomputes the hashes of a Mach-O program's signature: a program with a wrong one is killed at start on Apple silicon. */
import { createHash } from 'node:crypto';

/** Of xnu's osfmk/kern/cs_blobs.h; all numbers are big-endian. */
const magic = { embeddedSignature: 0xfade0cc0, codeDirectory: 0xfade0c02 };

/**
 * @param signature its place in the file, in bytes
 * @returns how many pages it covers, all of which match
 * @throws if there is no signature with SHA-256, or a page does not match
 */
export function checkSignature(bytes: Buffer, signature: { readonly offset: number; readonly size: number }): number {
  const blob = bytes.subarray(signature.offset, signature.offset + signature.size);
  if (blob.length < 12 || blob.readUInt32BE(0) !== magic.embeddedSignature) throw new Error('it has no embedded signature');
  const count = blob.readUInt32BE(8);
  for (let index = 0; index < count; index++) {
    const directory = blob.subarray(blob.readUInt32BE(12 + index * 8 + 4));
    if (directory.readUInt32BE(0) === magic.codeDirectory) return checkPages(bytes, directory);
  }
  throw new Error('its signature has no code directory');
}

function checkPages(bytes: Buffer, directory: Buffer): number {
  const hashOffset = directory.readUInt32BE(16);
  const pages = directory.readUInt32BE(28);
  const codeLimit = directory.readUInt32BE(32);
  const [hashSize, hashType, , pageBits] = directory.subarray(36, 40) as unknown as [number, number, number, number];
  if (hashType !== 2 || hashSize !== 32) throw new Error(`its signature has hashes of type ${hashType}, not SHA-256`);
  const pageSize = 1 << pageBits;
  if (pages !== Math.ceil(codeLimit / pageSize)) throw new Error(`its signature has ${pages} pages for ${codeLimit} bytes`);
  for (let page = 0; page < pages; page++) {
    const content = bytes.subarray(page * pageSize, Math.min((page + 1) * pageSize, codeLimit));
    const hash = directory.subarray(hashOffset + page * hashSize, hashOffset + (page + 1) * hashSize);
    if (!createHash('sha256').update(content).digest().equals(hash))
      throw new Error(`page ${page} does not match its signature`);
  }
  return pages;
}
