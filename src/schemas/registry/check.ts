/** Whether a schema may follow the versions that a subject has. */
import { breaks } from './compare/compare.ts';
import { RegistryError } from './error.ts';
import { compatibility, type Verdict } from './register.ts';
import type { SchemaRegistry } from './registry.ts';
import type { DraftSchema } from './schema.ts';
import { globalLevel, levelOf, versionsOf } from './subjects.ts';

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
  registry: SchemaRegistry,
  subject: string,
  draft: DraftSchema,
  against: 'latest' | 'all' | number | undefined,
): Promise<readonly CheckedVersion[]> {
  const { client, source } = registry;
  const [versions, { level }] = await Promise.all([
    versionsOf(client, subject),
    globalLevel(client).then((global) => levelOf(client, subject, global)),
  ]);
  const all = against === 'all' || (against === undefined && level.endsWith('_TRANSITIVE'));
  const chosen = typeof against === 'number' ? [against] : all ? versions : versions.slice(-1);
  const checked: CheckedVersion[] = [];
  for (const version of chosen) {
    const { compatible: isCompatible, messages } = await verdict(registry, subject, version, draft);
    // Apicurio 3 finds faults even then, and takes the schema all the same.
    const compatible = isCompatible || level === 'NONE';
    const own = compatible
      ? []
      : breaks(level, ...(await Promise.all([source.bySubject(subject, version), source.ofDraft(draft, subject)])));
    const told = own.length > 0 ? own : messages;
    const problems = compatible || told.length > 0 ? told : ['the registry does not say what breaks'];
    checked.push({ subject, version, level, compatible, problems });
  }
  return checked;
}

/** Apicurio checks references only when it registers a schema: before that, it takes one that has some for invalid. */
async function verdict(
  { client, source }: SchemaRegistry,
  subject: string,
  version: number,
  draft: DraftSchema,
): Promise<Verdict> {
  try {
    return await compatibility(client, subject, version, draft);
  } catch (error) {
    if (!(error instanceof RegistryError) || error.status !== 422 || draft.references.length === 0) throw error;
    const both = await Promise.all([source.bySubject(subject, version), source.ofDraft(draft, subject)]);
    const seen = breaks('FULL', ...both);
    const { message, code, status } = error;
    throw new RegistryError('refused', message, {
      code,
      status,
      hint: `Apicurio 2 cannot check a schema that refers to others; ${seen.length > 0 ? `kt sees: ${seen.join('; ')}` : 'registering it can'}`,
    });
  }
}
