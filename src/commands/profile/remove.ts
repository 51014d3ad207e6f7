/** `kt profile remove`: takes a profile out of the config file. */

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
  async run({ env, confirm }, { name }): Promise<readonly Removed[]> {
    const { path, profiles } = await openProfiles(env);
    profileNamed(profiles, name, 'kt profile show');
    await confirm(`Remove profile '${name}' from ${path}?`);
    await removeProfile(path, name);
    return [{ name, status: 'removed' }];
  },
});
