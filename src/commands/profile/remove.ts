/** `kt profile remove`: removes a profile from the config file. */
import { argument } from '../../cli/define.ts';
import { rows } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import { removeProfile } from '../../settings/profile-edit.ts';
import { openProfiles, profileNamed } from '../../settings/profile-file.ts';

interface Removed {
  readonly name: string;
  readonly status: 'removed';
}

export const profileRemove = command({
  name: 'profile remove',
  summary: 'Remove a profile from the config file',
  description: 'After the current profile is removed, commands fail until you choose another one or give an address.',
  args: { name: argument('name', 'name of the profile', { complete: 'profile' }) },
  options: {},
  shows: rows<Removed>({
    columns: [
      { header: 'NAME', get: (row) => row.name },
      { header: 'STATUS', get: (row) => row.status },
    ],
    name: (row) => row.name,
    fields: { name: 'name of the profile', status: 'removed' },
  }),
  examples: [{ line: 'kt profile remove staging --yes', does: 'remove a profile without a confirmation' }],
  async run({ env, signal, confirm, note }, { name }): Promise<readonly Removed[]> {
    const { path, profiles } = await openProfiles(env, signal);
    profileNamed(profiles, name, 'kt profile remove');
    await confirm(`Remove profile '${name}' from ${path}?`);
    const { current } = await removeProfile({ path, signal }, name);
    if (current === name)
      note(`'${name}' was the current profile: choose another with kt profile use NAME, or give -b host:9092`);
    return [{ name, status: 'removed' }];
  },
});
