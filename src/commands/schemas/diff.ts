/** `kt schemas diff`: what changed between two versions of a subject. */
import type { Reader } from '../../cli/define.ts';
import { argument } from '../../cli/define.ts';
import { readAs } from '../../cli/options.ts';
import { rows, type Tone } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import type { SchemaChange } from '../../schemas/registry/compare/change.ts';
import { compareSchemas } from '../../schemas/registry/compare/compare.ts';
import { parseVersion } from '../../schemas/registry/name.ts';
import { requiredRegistry } from './registry.ts';

const tones: Readonly<Record<SchemaChange['change'], Tone>> = { added: 'good', removed: 'bad', changed: 'warn' };
const version: Reader<number | 'latest'> = parseVersion;

export const schemasDiff = command({
  name: 'schemas diff',
  summary: 'Show what changed between two versions of a subject',
  description:
    'Compares field by field: types, defaults and aliases in Avro, keywords in JSON Schema, fields with their numbers in Protobuf. Blanks, comments and the order of fields do not count. A Protobuf schema that is kept as a descriptor is compared as a whole.',
  args: {
    subject: argument('subject', 'name of the subject', { complete: 'subject' }),
    before: argument('A', 'a version, or latest'),
    after: argument('B', 'another version, or latest'),
  },
  options: {},
  shows: rows<SchemaChange>({
    columns: [
      { header: 'CHANGE', get: ({ change }) => change, tone: ({ change }) => tones[change] },
      { header: 'PATH', get: ({ path }) => path || '(schema)', tone: () => 'strong' },
      { header: 'FROM', get: ({ from }) => from },
      { header: 'TO', get: ({ to }) => to },
    ],
    name: ({ path }) => path,
    fields: {
      path: 'where in the schema; empty for the schema as a whole',
      change: 'added, removed or changed',
      from: 'what stands there in version A; null where nothing does',
      to: 'what stands there in version B; null where nothing does',
    },
  }),
  examples: [{ line: 'kt schemas diff orders-value 3 latest', does: 'what changed since version 3' }],
  async run(context, { subject, before, after }) {
    const [a, b] = [readAs('A', version, before), readAs('B', version, after)];
    const { source } = await requiredRegistry(context);
    const [older, newer] = await Promise.all([source.bySubject(subject, a), source.bySubject(subject, b)]);
    const changes = compareSchemas(older, newer);
    if (changes.length === 0) context.note(`no difference between ${subject}@${a} and ${subject}@${b}`);
    return changes;
  },
});
