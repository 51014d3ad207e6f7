/** `kt profile show`: one profile as the config file has it, with its secrets hidden. */

import { usageError } from '../../base/errors.ts';
import { formatDuration } from '../../base/units.ts';
import { optionalArgument } from '../../cli/define.ts';
import type { TableShape } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import { openProfiles, profileNamed } from '../../settings/profile-file.ts';
import { redactProxy } from '../../settings/proxy.ts';
import { redact } from '../../settings/secrets.ts';

interface ShownProfile {
  readonly name: string;
  readonly current: boolean;
  readonly bootstrapServer: string | null;
  readonly registry: string | null;
  readonly commandConfig: string | null;
  readonly addressMap: readonly string[];
  readonly proxy: string | null;
  readonly timeoutMs: number | null;
  readonly properties: Readonly<Record<string, string>>;
}

const shape: TableShape<ShownProfile> = {
  kind: 'table',
  blocks: (profile) => [
    {
      heading: [
        ['name', profile.name, 'strong'],
        ['current', profile.current],
        ['bootstrap server', profile.bootstrapServer],
        ['registry', profile.registry],
        ['command config', profile.commandConfig],
        ['address map', profile.addressMap.join(', ') || null],
        ['proxy', profile.proxy],
        ['timeout', profile.timeoutMs === null ? null : formatDuration(profile.timeoutMs)],
      ],
      columns: [
        { header: 'PROPERTY', get: ([name]: [string, string]) => name },
        { header: 'VALUE', get: ([, value]: [string, string]) => value },
      ],
      rows: Object.entries(profile.properties),
    },
  ],
  names: (profile) => [profile.name],
  fields: {
    name: 'name of the profile',
    current: 'whether it is the current profile',
    bootstrapServer: 'brokers to connect to first',
    registry: 'addresses of the schema registry',
    commandConfig: 'path of a Java client .properties file',
    addressMap: 'advertised=reachable pairs',
    proxy: 'proxy to connect through, or null; its password is shown as ********',
    timeoutMs: 'time limit for connecting and for each request',
    properties: 'client properties; secrets are shown as ********',
  },
};

export const profileShow = command({
  name: 'profile show',
  summary: 'Show what a profile holds',
  description: `Without a name, shows the current profile. Secrets are hidden; references to them (such as \${env:NAME}) are shown.`,
  args: { name: optionalArgument('name', 'name of the profile', { complete: 'profile' }) },
  options: {},
  shows: shape,
  examples: [
    { line: 'kt profile show', does: 'show the current profile' },
    { line: 'kt profile show prod -o json', does: 'show another one, for a script' },
  ],
  async run({ env, signal }, { name }): Promise<ShownProfile> {
    const { current, profiles } = await openProfiles(env, signal);
    const wanted = name ?? current;
    if (wanted === undefined) throw usageError('no profile is current', 'kt profile use NAME, or kt profile show NAME');
    const profile = profileNamed(profiles, wanted, 'kt profile show');
    return {
      name: profile.name,
      current: profile.name === current,
      bootstrapServer: profile.bootstrapServer ?? null,
      registry: profile.registry === undefined ? null : redact('schema.registry.url', profile.registry),
      commandConfig: profile.commandConfig ?? null,
      addressMap: profile.addressMap,
      proxy: profile.proxy === undefined ? null : redactProxy(profile.proxy),
      timeoutMs: profile.timeoutMs ?? null,
      properties: Object.fromEntries(profile.properties.map(({ name, value }) => [name, redact(name, value)])),
    };
  },
});
