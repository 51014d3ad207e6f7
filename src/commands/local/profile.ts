/** The profile `local/NAME` of each local cluster, kept in the config file beside the user's own. */
import type { Context } from '../../context.ts';
import type { LocalStatus } from '../../local/status.ts';

/** The name of a cluster's profile. */
export const profileOf = (name: string): string => `local/${name}`;

type Place = Pick<Context, 'env' | 'signal' | 'note'>;

/** Writes where the cluster is. A config file that cannot be written does not keep a cluster from starting: that is said. */
export async function keepProfile(
  place: Place,
  { name, bootstrapServers, clientProperties, registry }: LocalStatus,
): Promise<void> {
  const entry = { bootstrapServer: bootstrapServers, registry: registry?.url, commandConfig: clientProperties };
  const given = Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined));
  await edited(place, async ({ setProfile }, path) => setProfile({ path, signal: place.signal }, profileOf(name), given));
}

/** Removes it, if it is there. */
export async function dropProfile(place: Place, name: string): Promise<void> {
  await edited(place, async ({ setProfile }, path) => setProfile({ path, signal: place.signal }, profileOf(name), undefined));
}

async function edited(
  { env, note }: Place,
  edit: (editing: typeof import('../../settings/profile-edit.ts'), path: string) => Promise<unknown>,
): Promise<void> {
  const [editing, { profilePath }] = await Promise.all([
    import('../../settings/profile-edit.ts'),
    import('../../settings/profile-file.ts'),
  ]);
  const path = profilePath(env);
  if (path === undefined) return;
  try {
    await edit(editing, path);
  } catch (error) {
    note(`no profile was kept: ${(error as Error).message}`);
  }
}
