/** Where kt keeps what outlives a run, on every system: by the XDG base directory specification, below the user's home. */
import nodePath, { type PlatformPath } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

const folders = {
  config: ['XDG_CONFIG_HOME', '.config'],
  data: ['XDG_DATA_HOME', '.local', 'share'],
  cache: ['XDG_CACHE_HOME', '.cache'],
} as const;

/**
 * kt's own folder of a kind, such as `~/.config/kt`; undefined where there is no home. A relative path in a variable is ignored, as the
 * specification requires.
 * @param path how the system writes paths
 */
export function ktFolder(kind: keyof typeof folders, env: Env, path: PlatformPath = nodePath): string | undefined {
  const [variable, ...below] = folders[kind];
  const given = env[variable];
  if (given && path.isAbsolute(given)) return path.join(given, 'kt');
  // Windows has USERPROFILE; HOME too in shells such as Git's.
  const home = env['HOME'] || env['USERPROFILE'];
  return home ? path.join(home, ...below, 'kt') : undefined;
}
