/** `kt profile use`: sets the current profile. */
import { argument } from '../../cli/define.ts';
import { rows } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import { useProfile } from '../../settings/profile-edit.ts';
import { requiredPath } from '../../settings/profile-file.ts';

interface Used {
  readonly name: string;
  readonly status: 'current';
}

export const profileUse = command({
  name: 'profile use',
  summary: 'Set the current profile, used unless another is named',
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
  examples: [{ line: 'kt profile use prod', does: 'send later commands to the cluster prod' }],
  async run({ env, signal }, { name }): Promise<readonly Used[]> {
    await useProfile({ path: requiredPath(env), signal }, name);
    return [{ name, status: 'current' }];
  },
});
