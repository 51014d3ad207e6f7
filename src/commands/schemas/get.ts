/** `kt schemas get`: one schema's text. */
import { argument, flag } from '../../cli/define.ts';
import type { TableShape } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import { parseSchemaName } from '../../schemas/registry/name.ts';
import type { SchemaRegistry } from '../../schemas/registry/registry.ts';
import { resolvedText } from '../../schemas/registry/resolved-text.ts';
import { type ReferenceName, type RegisteredSchema, type SchemaType, versionText } from '../../schemas/registry/schema.ts';
import { placesOf } from '../../schemas/registry/subjects.ts';
import { requiredRegistry } from './registry.ts';

interface ShownSchema {
  readonly subject: string | null;
  readonly version: number | null;
  readonly id: number | null;
  readonly guid?: string;
  readonly type: SchemaType;
  readonly references: readonly ReferenceName[];
  readonly schema: string;
}

function lines({ schema }: ShownSchema): string {
  return schema.endsWith('\n') ? schema : `${schema}\n`;
}

const shows: TableShape<ShownSchema> = {
  kind: 'table',
  formats: { table: lines },
  blocks: (schema) => [
    {
      columns: [
        { header: 'SUBJECT', get: (row: ShownSchema) => row.subject },
        { header: 'VERSION', get: (row: ShownSchema) => row.version },
        { header: 'ID', get: (row: ShownSchema) => row.id },
        { header: 'TYPE', get: (row: ShownSchema) => row.type },
        { header: 'REFERENCES', get: (row: ShownSchema) => row.references.map(versionText).join(', ') || null },
        { header: 'SCHEMA', get: (row: ShownSchema) => row.schema },
      ],
      rows: [schema],
    },
  ],
  names: ({ subject, version }) => (subject === null || version === null ? [] : [versionText({ subject, version })]),
  fields: {
    subject: 'a subject that has the schema; null where the registry names none',
    version: 'its version in that subject',
    id: 'id of the schema',
    guid: 'GUID of the schema, where the registry has GUIDs',
    type: 'AVRO, PROTOBUF or JSON',
    'references[].name': 'what the schema calls another one that it refers to',
    'references[].subject': 'subject of the other one',
    'references[].version': 'version of the other one',
    schema: "the schema's text, as registered",
  },
};

export const schemasGet = command({
  name: 'schemas get',
  summary: "Print a schema's text",
  description:
    'Prints the text as it is registered; -o json adds its id, version, type and references. Without a version: the latest. With --resolved, what the schema refers to is put into it: named types in Avro, definitions in JSON Schema; the files of Protobuf follow each other, each under a comment.',
  args: { schema: argument('subject[@version]|id:N', 'a subject, a version of it, or an id', { complete: 'subject' }) },
  options: { resolved: flag('--resolved', 'print it in one piece, with what it refers to') },
  shows,
  examples: [
    { line: 'kt schemas get orders-value', does: 'the latest version' },
    { line: 'kt schemas get orders-value@3 -o json', does: 'another version, with id, type and references' },
    { line: 'kt schemas get id:42 --resolved', does: 'by id, in one piece' },
  ],
  async run(context, { schema: text }, { resolved }): Promise<ShownSchema> {
    const name = parseSchemaName(text);
    const registry = await requiredRegistry(context);
    const schema =
      name.kind === 'id'
        ? await byId(registry, name.id)
        : await registry.source.bySubject(name.subject, name.version ?? 'latest');
    return {
      subject: schema.subject ?? null,
      version: schema.version ?? null,
      id: schema.id ?? null,
      ...(schema.guid !== undefined && { guid: schema.guid }),
      type: schema.type,
      references: resolved ? [] : schema.references.map(({ name, subject, version }) => ({ name, subject, version })),
      schema: resolved ? resolvedText(schema) : schema.text,
    };
  },
});

/** With a subject that has it: the first by name. */
async function byId({ source, client }: SchemaRegistry, id: number): Promise<RegisteredSchema> {
  const [schema, places] = await Promise.all([source.byId(id), placesOf(client, id)]);
  const [place] = places.sort((a, b) => (a.subject < b.subject ? -1 : 1));
  return { ...schema, ...place };
}
