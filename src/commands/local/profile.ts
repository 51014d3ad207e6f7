/** The profile `local/NAME` of each local cluster, kept in the config file beside the user's own. */
import type { Context } from '../../context.ts';
import type { LocalStatus } from '../../local/status.ts';
import { type ProfileEntry, setProfile } from '../../settings/profile-edit.ts';
import { profilePath } from '../../settings/profile-path.ts';

type Place = Pick<Context, 'env' | 'signal' | 'note'>;

/** Writes where the cluster is. */
export async function keepProfile(
  place: Place,
  { name, bootstrapServers, clientProperties, registry }: LocalStatus,
): Promise<void> {
  const entry = { bootstrapServer: bootstrapServers, registry: registry?.url, commandConfig: clientProperties };
  await edited(place, name, Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined)));
}

/** Removes it, if it is there. */
export async function dropProfile(place: Place, name: string): Promise<void> {
  await edited(place, name, undefined);
}

/** A config file that cannot be written does not keep a cluster from starting: that is said. */
async function edited({ env, signal, note }: Place, name: string, entry: ProfileEntry | undefined): Promise<void> {
  const path = profilePath(env);
  if (path === undefined) return;
  try {
    await setProfile({ path, signal }, `local/${name}`, entry);
  } catch (error) {
    note(`no profile was kept: ${(error as Error).message}`);
  }
}
