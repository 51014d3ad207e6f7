/** `kt profile add`: saves connection options under a name. */
import { resolve } from 'node:path';
import { usageError } from '../../base/errors.ts';
import { exactDuration } from '../../base/units.ts';
import { argument, flag } from '../../cli/define.ts';
import type { GlobalOptions } from '../../cli/options.ts';
import { rows } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import { SettingsFiles } from '../../settings/files.ts';
import { addProfile, hasOwn, type ProfileEntry } from '../../settings/profile-edit.ts';
import { requiredPath } from '../../settings/profile-file.ts';
import { checkFlags } from '../../settings/sources.ts';
import { requireProfileName } from './name.ts';

interface Added {
  readonly name: string;
  readonly status: 'added';
  readonly current: boolean;
}

export const profileAdd = command({
  name: 'profile add',
  summary: 'Save connection options as a named profile',
  description: `Saves --bootstrap-server, --registry, --command-config, -X, --address-map, --proxy and --timeout, and connects to nothing. The first profile becomes the current one. Instead of a secret, save where it is kept, \${env:NAME}, \${file:PATH}, \${command:CMD} or \${keyring:SERVICE/ACCOUNT}, in single quotes so that the shell leaves it alone.`,
  args: { name: argument('name', 'name of the new profile') },
  options: { use: flag('--use', 'make it the current profile') },
  shows: rows<Added>({
    columns: [
      { header: 'NAME', get: (row) => row.name },
      { header: 'STATUS', get: (row) => row.status, tone: () => 'good' },
      { header: 'CURRENT', get: (row) => (row.current ? '*' : '') },
    ],
    name: (row) => row.name,
    fields: { name: 'name of the profile', status: 'added', current: 'whether it is the current profile' },
  }),
  examples: [
    { line: 'kt profile add local -b localhost:9092 --use', does: 'save a cluster and make it the current one' },
    {
      line: `kt profile add prod -b broker:9093 -X security.protocol=SASL_SSL -X sasl.mechanism=SCRAM-SHA-512 -X sasl.username=me -X 'sasl.password=\${env:KAFKA_PASSWORD}'`,
      does: 'save a secured cluster; the password stays in the environment',
    },
    { line: 'kt profile add staging --command-config client.properties', does: "refer to the file that Kafka's own tools use" },
  ],
  async run({ env, cwd, globals, signal }, { name }, { use }): Promise<readonly Added[]> {
    requireProfileName(name);
    const entry = await entryOf(globals, cwd, new SettingsFiles(signal));
    const { current, profiles } = await addProfile({ path: requiredPath(env), signal }, name, entry, use);
    return [{ name, status: 'added', current: use || (current ?? (hasOwn(profiles) ? undefined : name)) === name }];
  },
});

/** Where a shell puts a process substitution, and what else is another file in each process. */
const isPassing = /^\/(dev|proc\/[^/]+)\/(fd\/\d+|stdin)$/;

/** @throws KtError `usage` for options that could not be used later, and when none is given */
async function entryOf(globals: GlobalOptions, cwd: string, files: SettingsFiles): Promise<ProfileEntry> {
  const commandConfig = globals.commandConfig && resolve(cwd, globals.commandConfig);
  if (commandConfig && isPassing.test(commandConfig))
    throw usageError(`--command-config: ${commandConfig} lasts only as long as this command`, 'name a file that stays');
  const properties = Object.fromEntries(
    (await checkFlags({ ...globals, commandConfig }, files)).map(({ name, value }) => [name, withWholePaths(name, value, cwd)]),
  );
  const entry = {
    ...(globals.bootstrapServer && { bootstrapServer: globals.bootstrapServer }),
    ...(globals.registry && { registry: globals.registry }),
    ...(commandConfig && { commandConfig }),
    ...(globals.property.length > 0 && { properties }),
    ...(globals.addressMap.length > 0 && { addressMap: globals.addressMap }),
    ...(globals.proxy && { proxy: globals.proxy }),
    ...(globals.timeoutMs && { timeout: exactDuration(globals.timeoutMs) }),
  };
  if (Object.keys(entry).length === 0) {
    throw usageError('nothing to save (no connection option is given)', 'kt profile add local -b localhost:9092');
  }
  return entry;
}

/** A property whose files are named by their whole paths: the profile is for use in any folder. */
function withWholePaths(name: string, value: string, cwd: string): string {
  const whole = value.replace(/\$\{file:([^}]+)\}/g, (_, path: string) => `\${file:${resolve(cwd, path)}}`);
  const isPath = name.endsWith('.location') && whole !== '' && !whole.startsWith(`\${`);
  return isPath ? resolve(cwd, whole.trim()) : whole;
}
