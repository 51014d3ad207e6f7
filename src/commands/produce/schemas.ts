/** The schemas that `produce` writes keys and values with. */
import { usageError } from '../../base/errors.ts';
import type { Context } from '../../context.ts';
import type { SchemaWriter } from '../../records/schemas/writer.ts';
import type { Field } from '../../records/serde/serde.ts';
import type { ProduceOptions } from './options.ts';

export type SchemaWriters = Readonly<Partial<Record<Field, SchemaWriter>>>;

/**
 * Finds the schemas that are named, and registers those of files if that is asked for.
 * @throws KtError `usage` for contradicting options and wrong schemas; RegistryError
 */
export async function schemaWriters(context: Context, topic: string, options: ProduceOptions): Promise<SchemaWriters> {
  const { keySchema, valueSchema, keyFormat, valueFormat } = options;
  const wanted = (['key', 'value'] as const).flatMap((field) => {
    const [text, format] = field === 'key' ? [keySchema, keyFormat] : [valueSchema, valueFormat];
    if (text === undefined) return [];
    if (format !== undefined)
      throw usageError(`--${field}-schema and --${field}-format (two ways to write a ${field})`, 'give one of them');
    return [[field, text] as const];
  });
  if (wanted.length === 0) {
    const alone = [
      options.register && '--register',
      options.framing !== undefined && '--framing',
      options.subjectStrategy !== undefined && '--subject-strategy',
    ].find(Boolean);
    if (alone) throw usageError(`${alone} without a schema`, 'name it: --value-schema SUBJECT, id:N or FILE');
    return {};
  }
  const [registry, { openWriter }] = await Promise.all([context.registry(), import('./open-writer.ts')]);
  const writers: Partial<Record<Field, SchemaWriter>> = {};
  for (const [field, text] of wanted) writers[field] = await openWriter(context, registry, topic, field, text, options);
  return writers;
}
