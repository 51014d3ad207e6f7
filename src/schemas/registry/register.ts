/** Registers a schema, finds out whether it is registered already, and whether it may be. */
import { isWhole, strange } from './answers.ts';
import { isObject } from './body.ts';
import type { RegistryClient } from './client.ts';
import { orIfMissing } from './error.ts';
import { type DraftSchema, versionText } from './schema.ts';

export interface RegisteredVersion {
  readonly id: number;
  /** null where the registry cannot say. */
  readonly version: number | null;
}

function bodyOf({ type, text, references }: DraftSchema): unknown {
  return {
    schema: text,
    // Registries older than schema types take Avro only, and no type.
    ...(type !== 'AVRO' && { schemaType: type }),
    ...(references.length > 0 && { references }),
  };
}

/** The version that this schema has in the subject; undefined where it has none. @throws RegistryError */
export function registeredAs(
  client: RegistryClient,
  subject: string,
  draft: DraftSchema,
  normalize = false,
): Promise<RegisteredVersion | undefined> {
  const what = `look the schema up in ${subject}`;
  return orIfMissing(sent(client, ['subjects', subject], draft, normalize, what), undefined);
}

/**
 * Registers the schema; one that is registered already keeps its id and version.
 * @throws RegistryError `refused` with what the registry says: not compatible, not valid, a reference that does not exist
 */
export async function registerSchema(
  client: RegistryClient,
  subject: string,
  draft: DraftSchema,
  normalize = false,
): Promise<RegisteredVersion> {
  const what = `register the schema as ${subject}`;
  const registered = await sent(client, ['subjects', subject, 'versions'], draft, normalize, what);
  if (registered.version !== null) return registered;
  const found = await registeredAs(client, subject, draft, normalize);
  return { ...registered, version: found?.version ?? null };
}

async function sent(
  client: RegistryClient,
  path: readonly string[],
  draft: DraftSchema,
  normalize: boolean,
  what: string,
): Promise<RegisteredVersion> {
  const query = { normalize: normalize || undefined };
  const value = await client.ask({ method: 'POST', path, query, body: bodyOf(draft), what });
  if (!isObject(value) || !isWhole(value['id'])) throw strange(what, 'there is no id in it');
  return { id: value['id'], version: isWhole(value['version']) ? value['version'] : null };
}

export interface Verdict {
  readonly compatible: boolean;
  /** In the registry's words; empty where it gives none. */
  readonly messages: readonly string[];
}

/** What the registry says of a schema beside one version. @throws RegistryError */
export async function compatibility(
  client: RegistryClient,
  subject: string,
  version: number,
  draft: DraftSchema,
): Promise<Verdict> {
  const what = `check the schema against ${versionText({ subject, version })}`;
  const value = await client.ask({
    method: 'POST',
    path: ['compatibility', 'subjects', subject, 'versions', version],
    query: { verbose: true },
    body: bodyOf(draft),
    what,
  });
  if (!isObject(value) || typeof value['is_compatible'] !== 'boolean') throw strange(what, 'there is no verdict in it');
  const { is_compatible: compatible, messages, reason } = value;
  const said = [...(Array.isArray(messages) ? messages : []), reason].filter((each) => typeof each === 'string' && each !== '');
  return { compatible, messages: compatible ? [] : said.flatMap((each) => inWords(each as string)) };
}

/** A message of Confluent's is a Java map, or tells what is known: the schema itself, the level. */
function inWords(message: string): string[] {
  if (/^\{(oldSchema|oldSchemaVersion|compatibility|validateFields)\b/.test(message)) return [];
  const description = /description:\s*['"](.*?)['"]\s*(?:,\s*additionalInfo\b|\})/s.exec(message)?.[1];
  return [(description ?? message).replace(/\s+/g, ' ').trim()];
}
