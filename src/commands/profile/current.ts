/** `kt profile current`: the profile that commands use unless another is named. */
import { usageError } from '../../base/errors.ts';
import { rows } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import { openProfiles, profileNamed } from '../../settings/profile-file.ts';

interface Current {
  readonly name: string;
  readonly bootstrapServer: string | null;
  readonly from: string;
}

export const profileCurrent = command({
  name: 'profile current',
  summary: 'Show which profile is used',
  args: {},
  options: {},
  shows: rows<Current>({
    columns: [
      { header: 'NAME', get: (row) => row.name, tone: () => 'strong' },
      { header: 'BOOTSTRAP-SERVER', get: (row) => row.bootstrapServer },
      { header: 'FROM', get: (row) => row.from },
    ],
    name: (row) => row.name,
    fields: {
      name: 'name of the profile',
      bootstrapServer: 'brokers to connect to first, or null',
      from: 'KT_PROFILE, or the path of the config file that says it is current',
    },
  }),
  examples: [{ line: 'kt profile current -o name', does: 'its name, such as for a prompt' }],
  async run({ env, signal }): Promise<readonly Current[]> {
    const { path, current, profiles } = await openProfiles(env, signal);
    const variable = env['KT_PROFILE'] || undefined;
    const name = variable ?? current;
    if (name === undefined) throw usageError('no profile is current', 'kt profile use NAME makes one current');
    const { bootstrapServer = null } = profileNamed(profiles, name, 'kt profile use');
    return [{ name, bootstrapServer, from: variable === undefined ? path : 'KT_PROFILE' }];
  },
});
