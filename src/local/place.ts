/** Where kt keeps local clusters and Kafka's jars, by the XDG base directory specification. */
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { LocalPlace } from './handle.ts';

/** The place of the cluster of this name. A relative XDG path is ignored, as the specification requires. */
export function localPlace(name: string, env: Readonly<Record<string, string | undefined>>): LocalPlace {
  const base = (variable: string, ...fallback: string[]) => {
    const value = env[variable];
    return value && isAbsolute(value) ? value : join(homedir(), ...fallback);
  };
  return {
    name,
    directory: join(base('XDG_DATA_HOME', '.local', 'share'), 'kt', 'local'),
    cacheDirectory: join(base('XDG_CACHE_HOME', '.cache'), 'kt'),
    javaHome: env['JAVA_HOME'],
  };
}
