/** `kt profile rename`: another name for a profile, which stays current if it was. */
import { argument } from '../../cli/define.ts';
import { rows } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import { renameProfile } from '../../settings/profile-edit.ts';
import { requiredPath } from '../../settings/profile-file.ts';
import { requireProfileName } from './name.ts';

interface Renamed {
  readonly name: string;
  readonly status: 'renamed';
}

export const profileRename = command({
  name: 'profile rename',
  summary: 'Rename a profile',
  args: {
    name: argument('name', 'name of the profile', { complete: 'profile' }),
    newName: argument('new-name', 'its new name'),
  },
  options: {},
  shows: rows<Renamed>({
    columns: [
      { header: 'NAME', get: (row) => row.name },
      { header: 'STATUS', get: (row) => row.status, tone: () => 'good' },
    ],
    name: (row) => row.name,
    fields: { name: 'the new name', status: 'renamed' },
  }),
  examples: [{ line: 'kt profile rename prod prod-eu', does: 'give a profile another name' }],
  async run({ env, signal }, { name, newName }): Promise<readonly Renamed[]> {
    requireProfileName(newName);
    await renameProfile({ path: requiredPath(env), signal }, name, newName);
    return [{ name: newName, status: 'renamed' }];
  },
});
