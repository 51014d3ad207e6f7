/** Where kt keeps local clusters and Kafka's jars. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ktFolder } from '../base/folders.ts';
import type { LocalPlace } from './handle.ts';

/** The place of the cluster of this name; without a home among the variables, below the one that the system knows of the user. */
export function localPlace(name: string, env: Readonly<Record<string, string | undefined>>): LocalPlace {
  const folder = (kind: 'data' | 'cache') => ktFolder(kind, env) ?? ktFolder(kind, { HOME: homedir() })!;
  return {
    name,
    directory: join(folder('data'), 'local'),
    cacheDirectory: folder('cache'),
    javaHome: env['JAVA_HOME'],
  };
}
