/** `kt schemas usage`: the topics whose newest records carry a schema. */
import { isoTime } from '../../base/iso-time.ts';
import { argument, option, repeatable } from '../../cli/define.ts';
import { positiveNumber, text } from '../../cli/options.ts';
import type { TableShape } from '../../cli/shape.ts';
import { type Context, command } from '../../context.ts';
import type { SchemaUse, WantedSchema } from '../../records/schema-tally.ts';
import { findSchemaUsage, type UsageReport } from '../../records/schema-usage.ts';
import { parseSchemaName } from '../../schemas/registry/name.ts';
import { versionOf, versionsOf } from '../../schemas/registry/subjects.ts';
import { requiredRegistry } from './registry.ts';

const defaultLast = 100;

/** A schema that is looked for, and the version it is in the subject that was named. */
interface Named extends WantedSchema {
  readonly version: number | null;
}

interface Use extends SchemaUse {
  readonly version: number | null;
}

interface Usage extends Omit<UsageReport, 'uses'> {
  readonly uses: readonly Use[];
}

const shows: TableShape<Usage> = {
  kind: 'table',
  isList: true,
  json: ({ uses }) => uses,
  problems: ({ problems }) => problems,
  names: ({ uses }) => [...new Set(uses.map(({ topic }) => topic))],
  blocks: ({ uses }) => [
    {
      columns: [
        { header: 'TOPIC', get: (use: Use) => use.topic, tone: () => 'strong' as const },
        { header: 'FIELD', get: (use: Use) => use.field },
        { header: 'VERSION', get: (use: Use) => use.version },
        { header: 'ID', get: (use: Use) => use.id },
        { header: 'RECORDS', get: (use: Use) => use.records, unit: 'count' },
        { header: 'OF', get: (use: Use) => use.of, unit: 'count' },
        { header: 'LAST', get: (use: Use) => `${use.topic}:${use.lastPartition}`, wide: true },
        { header: 'LAST-OFFSET', get: (use: Use) => use.lastOffset },
        { header: 'LAST-TIME', get: (use: Use) => isoTime(use.lastTimestamp) },
      ],
      rows: uses,
    },
  ],
  fields: {
    topic: 'topic whose records carry the schema',
    field: 'value or key',
    version: 'version of the schema in the subject; null for an id',
    id: 'id of the schema',
    records: 'number of records that carry it, of those looked at',
    of: 'number of records of the topic that were looked at',
    lastPartition: 'partition of the newest record that carries it',
    lastOffset: 'its offset',
    lastTimestamp: 'its timestamp, in epoch milliseconds',
  },
};

export const schemasUsage = command({
  name: 'schemas usage',
  summary: 'Find topics whose newest records carry a schema',
  description: `Looks at the newest records of each partition, ${defaultLast} unless --last says otherwise, of all topics but internal ones, or of those named with --topic. Reads only the first bytes of keys and values and the headers that name a schema, as Confluent's serializers write them. Older records may carry the schema too.`,
  args: {
    schema: argument('subject[@version]|id:N', 'a subject with all its versions, one of them, or an id', {
      complete: 'subject',
    }),
  },
  options: {
    topic: repeatable('--topic <topic|pattern>', 'only these topics', text, { complete: 'topic' }),
    last: option('--last <count>', 'number of records to look at in each partition', positiveNumber, {
      defaultText: String(defaultLast),
    }),
  },
  shows,
  examples: [
    { line: 'kt schemas usage orders-value', does: 'topics with records of any of its versions' },
    { line: "kt schemas usage id:42 --topic 'orders-*' --last 10000", does: 'look further back in some topics' },
  ],
  async run(context, { schema }, { topic, last = defaultLast }): Promise<Usage> {
    const wanted = await wantedSchemas(context, schema);
    const report = await findSchemaUsage(await context.cluster(), wanted, topic, last, context);
    if (report.uses.length === 0) context.note(`no record that was looked at carries ${schema}`);
    const versions = new Map(wanted.map(({ id, version }) => [id, version]));
    return { ...report, uses: report.uses.map((use) => ({ ...use, version: versions.get(use.id) ?? null })) };
  },
});

/** @throws RegistryError for an unknown subject or version; an id is looked for whether the registry knows it or not */
async function wantedSchemas(context: Context, text: string): Promise<readonly Named[]> {
  const name = parseSchemaName(text);
  if (name.kind === 'id') {
    const registry = await context.registry();
    const known = await registry?.source.byId(name.id).catch(() => undefined);
    return [{ id: name.id, guid: known?.guid, version: null }];
  }
  const { client } = await requiredRegistry(context);
  const { subject, version } = name;
  const versions = version === undefined ? await versionsOf(client, subject) : [version];
  const schemas = await Promise.all(versions.map((each) => versionOf(client, subject, each)));
  return schemas.flatMap(({ id, guid, version = null }) => (id === undefined ? [] : [{ id, guid, version }]));
}
