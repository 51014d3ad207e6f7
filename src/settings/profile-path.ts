/** Where the config file with the named clusters is: apart from what reads it, which a run without such a file does not load. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { ktFolder } from '../base/folders.ts';
import type { Environment } from './environment.ts';

/** `$XDG_CONFIG_HOME/kt/config.yaml`, else below `~/.config`; undefined where there is no home. */
export function profilePath(env: Environment): string | undefined {
  const folder = ktFolder('config', env);
  return folder && join(folder, 'config.yaml');
}

/** Whether there is no such file. One that cannot be looked at may be there: reading it says why. */
export function isAbsent(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false;
  }
}
