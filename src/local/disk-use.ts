/** What a folder takes on disk. */
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const blockBytes = 512;

/** Bytes in blocks, so that Kafka's preallocated index files count as what they really take; 0 when there is no such folder. */
export function diskUse(folder: string): number {
  let bytes = 0;
  let names: string[];
  try {
    names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch {
    return 0;
  }
  for (const name of names) bytes += (lstatSync(join(folder, name), { throwIfNoEntry: false })?.blocks ?? 0) * blockBytes;
  return bytes;
}
