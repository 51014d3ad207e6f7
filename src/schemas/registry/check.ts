/** Whether a schema may follow the versions that a subject has. */
import type { RegistryClient } from './client.ts';
import { breaks } from './compare/compare.ts';
import { compatibility, type DraftSchema } from './register.ts';
import { globalLevel, levelOf, versionOf, versionsOf } from './subjects.ts';

export interface CheckedVersion {
  readonly subject: string;
  /** The version that the schema was compared with. */
  readonly version: number;
  readonly level: string;
  readonly compatible: boolean;
  /** What breaks, in words; empty when nothing does. */
  readonly problems: readonly string[];
}

/**
 * Asks the registry about each version.
 * @param against undefined: what registering would check, all versions with a transitive level, else the latest
 * @throws RegistryError `refused` for an unknown subject or version, and for what is no schema
 */
export async function checkSchema(
  client: RegistryClient,
  subject: string,
  draft: DraftSchema,
  against: 'latest' | 'all' | number | undefined,
): Promise<readonly CheckedVersion[]> {
  const [versions, { level }] = await Promise.all([
    versionsOf(client, subject),
    globalLevel(client).then((global) => levelOf(client, subject, global)),
  ]);
  const all = against === 'all' || (against === undefined && level.endsWith('_TRANSITIVE'));
  const chosen = typeof against === 'number' ? [against] : all ? versions : versions.slice(-1);
  const checked: CheckedVersion[] = [];
  for (const version of chosen) {
    const [older, { compatible, messages }] = await Promise.all([
      versionOf(client, subject, version),
      compatibility(client, subject, version, draft),
    ]);
    const own = compatible ? [] : breaks(level, older, draft);
    const told = own.length > 0 ? own : messages;
    const problems = compatible || told.length > 0 ? told : ['the registry does not say what breaks'];
    checked.push({ subject, version, level, compatible, problems });
  }
  return checked;
}
