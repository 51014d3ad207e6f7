/** `kt profile list`: the named clusters of the config file. */

import { rows } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import { openProfiles } from '../../settings/profile-file.ts';
import { profileProperties } from '../../settings/sources.ts';

interface ProfileRow {
  readonly name: string;
  readonly bootstrapServer: string | null;
  readonly securityProtocol: string;
  readonly current: boolean;
}

export const profileList = command({
  name: 'profile list',
  summary: 'List the named clusters',
  args: {},
  options: {},
  shows: rows<ProfileRow>({
    columns: [
      { header: 'NAME', get: (row) => row.name },
      { header: 'BOOTSTRAP-SERVER', get: (row) => row.bootstrapServer },
      { header: 'SECURITY', get: (row) => row.securityProtocol },
      { header: 'CURRENT', get: (row) => (row.current ? '*' : '') },
    ],
    name: (row) => row.name,
    fields: {
      name: 'name of the profile',
      bootstrapServer: 'brokers to connect to first',
      securityProtocol: 'PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL',
      current: 'whether it is the default profile',
    },
  }),
  examples: [{ line: 'kt profile list', does: 'show the profiles, and which one is the default' }],
  async run({ env }) {
    const { current, profiles } = await openProfiles(env);
    return [...profiles.values()].map((profile) => {
      const properties = profileProperties(profile);
      return {
        name: profile.name,
        bootstrapServer: properties.get('bootstrap.servers')?.value ?? null,
        securityProtocol: properties.get('security.protocol')?.value.toUpperCase() ?? 'PLAINTEXT',
        current: profile.name === current,
      };
    });
  },
});
