/** A schema to write with: found in the registry, or read from a file and known to the registry, or registered. */
import { usageError } from '../../base/errors.ts';
import type { Context } from '../../context.ts';
import { loadWritable } from '../../records/schemas/load-schema.ts';
import { type SchemaWriter, schemaWriter, type WritableSchema } from '../../records/schemas/writer.ts';
import type { Field } from '../../records/serde/serde.ts';
import { registeredAs, registerSchema } from '../../schemas/registry/register.ts';
import type { SchemaRegistry } from '../../schemas/registry/registry.ts';
import type { RegisteredSchema } from '../../schemas/registry/schema.ts';
import { importsIn } from '../reading/imports.ts';
import { findSchema, schemaName } from '../reading/named-schema.ts';
import type { SchemaOptions, SchemaPlace } from './schema-options.ts';
import { subjectOf } from './subject-strategy.ts';

/** @throws KtError `usage` for wrong schemas and what contradicts them; RegistryError */
export async function openWriter(
  context: Context,
  registry: SchemaRegistry | undefined,
  { topic, dryRun }: Pick<SchemaPlace, 'topic' | 'dryRun'>,
  field: Field,
  text: string,
  options: SchemaOptions,
): Promise<SchemaWriter> {
  const option = `--${field}-schema`;
  const [named = '', message] = text.split('#', 2);
  const name = schemaName(option, named);
  const schema = await findSchema(context, registry, option, name);
  const { framing = 'v0', register: registers, subjectStrategy = 'topic', rawLogical, avroJson } = options;
  let writable: WritableSchema;
  const imported: string[] = [];
  try {
    const resolve = name.path === undefined ? undefined : importsIn(context, name.path, []);
    const resolved = async (file: string) => {
      const content = await resolve?.(file);
      if (content !== undefined) imported.push(file);
      return content;
    };
    writable = await loadWritable(schema, message, resolved, { rawLogical, avroJson });
  } catch (error) {
    throw usageError(`${option} ${text} (${(error as Error).message})`, 'check the schema');
  }
  const { path } = name;
  if (registers && path === undefined)
    throw usageError(`--register with ${option} ${text} (the registry has it)`, 'leave --register out, or name a file');
  if (registers && imported.length > 0) {
    throw usageError(
      `--register with ${option} ${text} (it imports ${imported.join(', ')}, and nobody could read its data without)`,
      'kt schemas register SUBJECT -f FILE --reference IMPORT=SUBJECT@VERSION registers it with what it imports',
    );
  }
  if (path === undefined || framing === 'none') return schemaWriter(field, writable, schema, framing);
  if (topic === undefined && subjectStrategy !== 'record') {
    throw usageError(
      `${option} ${text} (records go to several topics, and its subject depends on the topic)`,
      'name the schema that the registry has, as SUBJECT or id:N; or give --subject-strategy record',
    );
  }
  const subject = subjectOf(subjectStrategy, topic ?? '', field, writable.compiled.type);
  const file: NamedFile = { schema, subject, registers, dryRun, path, name: `${option} ${text}` };
  const registered = await registeredFile(context, registry, file);
  return schemaWriter(field, writable, registered, framing);
}

/** Stands for what a registry will say, in a dry run: as long as that. */
const unregistered = { id: 0, guid: '00000000-0000-0000-0000-000000000000' };

interface NamedFile {
  readonly schema: RegisteredSchema;
  readonly subject: string;
  readonly registers: boolean;
  readonly dryRun: boolean;
  readonly path: string;
  /** The option with its value, for errors. */
  readonly name: string;
}

/** What the registry knows of the schema of a file. */
async function registeredFile(
  { note }: Context,
  registry: SchemaRegistry | undefined,
  { schema, subject, registers, dryRun, path, name }: NamedFile,
): Promise<Pick<RegisteredSchema, 'id' | 'guid'>> {
  if (!registry) {
    throw usageError(
      `${name} (there is no registry that has an id for it)`,
      '--registry URL says where it is; --framing none writes the data alone',
    );
  }
  const draft = { ...schema, references: [] };
  if (registers && !dryRun) {
    const found = await registerSchema(registry.client, subject, draft);
    return found.version === null ? found : registry.source.bySubject(subject, found.version);
  }
  const found = await registeredAs(registry.client, subject, draft);
  if (!found && registers) {
    note(`dry run: ${path} would be registered as ${subject}`);
    return unregistered;
  }
  if (!found) {
    throw usageError(
      `${name} (${subject} has no such schema)`,
      `--register registers it; kt schemas check ${subject} -f ${path} says whether that breaks readers`,
    );
  }
  return found.version === null ? found : registry.source.bySubject(subject, found.version);
}
