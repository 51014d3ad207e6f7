/** How much disk space a folder uses. */
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const blockBytes = 512;

/** Bytes, counted in allocated blocks, since Kafka's index files are preallocated but mostly empty; 0 if the folder does not exist. */
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
