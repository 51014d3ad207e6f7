/** SHA256SUMS: the hash of every file of a release, in the order of the names, as `sha256sum -c` reads it. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file's name and its SHA-256 in hex. */
export type Checksums = ReadonlyMap<string, string>;

export const checksumsFile = 'SHA256SUMS';

/** Writes the folder's SHA256SUMS anew. Folders in it do not count. */
export function writeChecksums(folder: string): Checksums {
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== checksumsFile)
    .map(({ name }) => name)
    .sort();
  const sums = new Map(names.map((name) => [name, sha256(readFileSync(join(folder, name)))]));
  writeFileSync(join(folder, checksumsFile), [...sums].map(([name, sum]) => `${sum}  ${name}\n`).join(''));
  return sums;
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** @throws if the release has no such file */
export function sumOf(sums: Checksums, name: string): string {
  const sum = sums.get(name);
  if (sum === undefined) throw new Error(`the release has no ${name}`);
  return sum;
}
