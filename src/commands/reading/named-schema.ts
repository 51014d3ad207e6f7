/** A schema as options name it: `SUBJECT[@VERSION]`, `id:N`, or a file. */
import { usageError } from '../../base/errors.ts';
import type { Context } from '../../context.ts';
import type { SchemaRegistry } from '../../schemas/registry/registry.ts';
import type { RegisteredSchema, SchemaType } from '../../schemas/registry/schema.ts';
import { typeOfText } from '../../schemas/registry/type-of-text.ts';
import { namedText } from '../named-text.ts';

/** What files of each type are called. */
const endings: readonly (readonly [pattern: RegExp, type: SchemaType])[] = [
  [/\.avsc$/i, 'AVRO'],
  [/\.proto$/i, 'PROTOBUF'],
  [/\.(json|schema)$/i, 'JSON'],
];

export interface SchemaName {
  /** Undefined for what the registry has. */
  readonly path: string | undefined;
  readonly type: SchemaType | undefined;
  readonly subject: string;
  readonly version: number | 'latest';
  readonly id: number | undefined;
}

/**
 * Reads the name of a schema. A file is what has a slash or ends as files of schemas do; subjects have neither, as a rule, and can then be
 * given with their version.
 * @throws KtError `usage`
 */
export function schemaName(option: string, text: string): SchemaName {
  const none = { path: undefined, type: undefined, subject: '', version: 'latest', id: undefined } as const;
  const id = /^id:(\d{1,10})$/.exec(text)?.[1];
  if (id !== undefined) return { ...none, id: Number(id) };
  const type = endings.find(([pattern]) => pattern.test(text))?.[1];
  if (type || text.includes('/')) return { ...none, path: text, type };
  const [, subject, version] = /^(.+?)(?:@([^@]*))?$/s.exec(text) ?? [];
  if (subject === undefined) throw usageError(`${option} is empty`, 'name a subject, id:N or a file');
  if (version === undefined || version === 'latest') return { ...none, subject };
  if (!/^[1-9]\d{0,9}$/.test(version)) {
    throw usageError(
      `${option} ${text} (${JSON.stringify(version)} is no version)`,
      `such as ${subject}@3 or ${subject}@latest`,
    );
  }
  return { ...none, subject, version: Number(version) };
}

/** Gets a schema. @throws KtError `usage` without a registry, for a file that cannot be read; RegistryError */
export async function findSchema(
  context: Context,
  registry: SchemaRegistry | undefined,
  option: string,
  { path, type, subject, version, id }: SchemaName,
): Promise<RegisteredSchema> {
  if (path !== undefined) {
    const text = await namedText(context, path);
    return { type: type ?? typeOfText(text) ?? 'AVRO', text, references: [] };
  }
  if (!registry) {
    throw usageError(
      `${option} names a schema of a registry, and there is none`,
      '--registry URL, or KT_REGISTRY, says where it is; a schema in a file is named by its path, such as ./order.avsc',
    );
  }
  return id === undefined ? registry.source.bySubject(subject, version) : registry.source.byId(id);
}
