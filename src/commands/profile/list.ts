/** `kt profile list`: the profiles in the config file. */

import { rows } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import { SettingsFiles } from '../../settings/files.ts';
import { openProfiles } from '../../settings/profile-file.ts';
import { redactProxy } from '../../settings/proxy.ts';
import { profileProperties } from '../../settings/sources.ts';

interface ProfileRow {
  readonly name: string;
  readonly bootstrapServer: string | null;
  readonly securityProtocol: string;
  readonly proxy: string | null;
  readonly current: boolean;
}

export const profileList = command({
  name: 'profile list',
  summary: 'List profiles',
  args: {},
  options: {},
  shows: rows<ProfileRow>({
    columns: [
      { header: 'NAME', get: (row) => row.name },
      { header: 'BOOTSTRAP-SERVER', get: (row) => row.bootstrapServer },
      { header: 'SECURITY', get: (row) => row.securityProtocol },
      { header: 'PROXY', get: (row) => row.proxy, wide: true },
      { header: 'CURRENT', get: (row) => (row.current ? '*' : '') },
    ],
    name: (row) => row.name,
    fields: {
      name: 'name of the profile',
      bootstrapServer: 'brokers to connect to first, or null',
      securityProtocol: 'PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL',
      proxy: 'proxy to connect through, or null; its password is shown as ********',
      current: 'whether it is the current profile, used unless another is named',
    },
  }),
  examples: [{ line: 'kt profile list', does: 'list profiles and see which one is current' }],
  async run({ env, signal }) {
    const { current, profiles } = await openProfiles(env, signal);
    const files = new SettingsFiles(signal);
    const rows: ProfileRow[] = [];
    for (const profile of profiles.values()) {
      const properties = await profileProperties(profile, files);
      rows.push({
        name: profile.name,
        bootstrapServer: properties.get('bootstrap.servers')?.value ?? null,
        securityProtocol: properties.get('security.protocol')?.value.toUpperCase() ?? 'PLAINTEXT',
        proxy: profile.proxy === undefined ? null : redactProxy(profile.proxy),
        current: profile.name === current,
      });
    }
    return rows;
  },
});
