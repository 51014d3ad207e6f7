/** The local clusters there are: the folders with a state. */
import { readdirSync } from 'node:fs';
import { localStatus } from './cluster.ts';
import type { LocalPlace } from './handle.ts';
import type { LocalOptions } from './runtime.ts';
import type { LocalStatus } from './status.ts';

/** The status of each, by name. @throws as `localStatus` */
export async function localClusters(place: Omit<LocalPlace, 'name'>, options: LocalOptions): Promise<readonly LocalStatus[]> {
  const all = await Promise.all(folders(place.directory).map((name) => localStatus({ ...place, name }, options)));
  return all.filter((status) => status !== undefined);
}

function folders(directory: string): readonly string[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
