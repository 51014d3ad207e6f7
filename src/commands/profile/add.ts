/** `kt profile add`: gives the connection options of one command line a name. */
import { resolve } from 'node:path';
import { usageError } from '../../base/errors.ts';
import { formatDuration, parseDuration } from '../../base/units.ts';
import { argument, flag } from '../../cli/define.ts';
import type { GlobalOptions } from '../../cli/options.ts';
import { rows } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import { addProfile, type ProfileEntry, useProfile } from '../../settings/profile-edit.ts';
import { openProfiles } from '../../settings/profile-file.ts';
import { checkFlags } from '../../settings/sources.ts';

interface Added {
  readonly name: string;
  readonly status: 'added';
  readonly current: boolean;
}

export const profileAdd = command({
  name: 'profile add',
  summary: 'Save connection options as a named profile',
  description: `Saves --bootstrap-server, --command-config, -X, --address-map and --timeout, without connecting. Instead of a secret, store where to find it: \${env:NAME} or \${file:PATH}, in single quotes so that the shell leaves it alone.`,
  args: { name: argument('name', 'name of the new profile') },
  options: { use: flag('--use', 'make it the default profile') },
  shows: rows<Added>({
    columns: [
      { header: 'NAME', get: (row) => row.name },
      { header: 'STATUS', get: (row) => row.status, tone: () => 'good' },
      { header: 'CURRENT', get: (row) => (row.current ? '*' : '') },
    ],
    name: (row) => row.name,
    fields: { name: 'name of the profile', status: 'added', current: 'whether it is the default profile' },
  }),
  examples: [
    { line: 'kt profile add local -b localhost:9092 --use', does: 'save a cluster as a profile and use it from now on' },
    {
      line: `kt profile add prod -b broker:9093 -X security.protocol=SASL_SSL -X sasl.mechanism=SCRAM-SHA-512 -X sasl.username=me -X 'sasl.password=\${env:KAFKA_PASSWORD}'`,
      does: 'save a secured cluster; the password stays in the environment',
    },
    { line: 'kt profile add staging --command-config client.properties', does: "use the file that Kafka's own tools use" },
  ],
  async run({ env, cwd, globals }, { name }, { use }): Promise<readonly Added[]> {
    if (!/^[\w.-]+$/.test(name))
      throw usageError(`'${name}' cannot name a profile`, 'use letters, digits, dots, dashes and underscores');
    const { path, profiles, current } = await openProfiles(env);
    if (profiles.has(name))
      throw usageError(`profile '${name}' exists already`, `kt profile remove ${name}, then add it again`);
    await addProfile(path, name, entryOf(globals, cwd));
    if (use) await useProfile(path, name);
    return [{ name, status: 'added', current: use || current === name }];
  },
});

/** @throws KtError `usage` for options that could not be used later, or none at all */
function entryOf(globals: GlobalOptions, cwd: string): ProfileEntry {
  const commandConfig = globals.commandConfig && resolve(cwd, globals.commandConfig);
  const properties = Object.fromEntries(checkFlags({ ...globals, commandConfig }).map(({ name, value }) => [name, value]));
  const entry = {
    ...(globals.bootstrapServer && { bootstrapServer: globals.bootstrapServer }),
    ...(commandConfig && { commandConfig }),
    ...(globals.property.length > 0 && { properties }),
    ...(globals.addressMap.length > 0 && { addressMap: globals.addressMap }),
    ...(globals.timeoutMs && { timeout: durationText(globals.timeoutMs) }),
  };
  if (Object.keys(entry).length === 0) {
    throw usageError('nothing to save (no connection option is given)', 'kt profile add local -b localhost:9092');
  }
  return entry;
}

/** In words where these are exact. */
function durationText(ms: number): string {
  const words = formatDuration(ms);
  return parseDuration(words) === ms ? words : `${ms}ms`;
}
