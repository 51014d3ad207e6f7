/** The schemas that `produce` and `pipe` write keys and values with. */
import { usageError } from '../../base/errors.ts';
import type { Context } from '../../context.ts';
import type { SchemaWriter, SchemaWriters } from '../../records/schemas/writer.ts';
import type { Field } from '../../records/serde/serde.ts';
import type { SchemaOptions, SchemaPlace } from './schema-options.ts';

/**
 * @param more further options that need one
 * @throws KtError `usage` for options about a schema where none is named
 */
export function refuseSchemaless(
  { keySchema, valueSchema, register, framing, subjectStrategy }: SchemaOptions,
  more: readonly (string | false)[] = [],
): void {
  if (keySchema !== undefined || valueSchema !== undefined) return;
  const alone = [
    register && '--register',
    framing !== undefined && '--framing',
    subjectStrategy !== undefined && '--subject-strategy',
    ...more,
  ].find(Boolean);
  if (alone) throw usageError(`${alone} without a schema`, 'name it: --value-schema SUBJECT, id:N or FILE');
}

/**
 * Finds the schemas that are named, and registers those of files if that is asked for.
 * @throws KtError `usage` for wrong schemas; RegistryError
 */
export async function schemaWriters(context: Context, place: SchemaPlace, options: SchemaOptions): Promise<SchemaWriters> {
  const { keySchema, valueSchema } = options;
  if (keySchema === undefined && valueSchema === undefined) return {};
  const [registry, { openWriter }] = await Promise.all([place.registry(), import('./open-writer.ts')]);
  const writers: Partial<Record<Field, SchemaWriter>> = {};
  for (const [field, text] of [
    ['key', keySchema],
    ['value', valueSchema],
  ] as const) {
    if (text !== undefined) writers[field] = await openWriter(context, registry, place, field, text, options);
  }
  return writers;
}
