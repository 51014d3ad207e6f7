/** `kt profile use`: makes a profile the current one. */

import { argument } from '../../cli/define.ts';
import { rows } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import { useProfile } from '../../settings/profile-edit.ts';
import { openProfiles, profileNamed } from '../../settings/profile-file.ts';

interface Used {
  readonly name: string;
  readonly status: 'current';
}

export const profileUse = command({
  name: 'profile use',
  summary: 'Set the default profile',
  args: { name: argument('name', 'name of the profile', { complete: 'profile' }) },
  options: {},
  shows: rows<Used>({
    columns: [
      { header: 'NAME', get: (row) => row.name },
      { header: 'STATUS', get: (row) => row.status, tone: () => 'good' },
    ],
    name: (row) => row.name,
    fields: { name: 'name of the profile', status: 'current' },
  }),
  examples: [{ line: 'kt profile use prod', does: 'use the cluster prod from now on' }],
  async run({ env }, { name }): Promise<readonly Used[]> {
    const { path, profiles } = await openProfiles(env);
    profileNamed(profiles, name, 'kt profile use');
    await useProfile(path, name);
    return [{ name, status: 'current' }];
  },
});
