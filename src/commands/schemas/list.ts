/** `kt schemas list`: the subjects of a registry. */
import { namePattern } from '../../base/name-pattern.ts';
import { flag, optionalArgument } from '../../cli/define.ts';
import { rows } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import { type ListedSubject, listSubjects, rangesText } from '../../schemas/registry/overview.ts';
import { requiredRegistry } from './registry.ts';

export const schemasList = command({
  name: 'schemas list',
  summary: 'List subjects of the schema registry',
  description: 'Patterns work as in kt topics list. A subject in a context has it in its name: :.context:subject.',
  args: { pattern: optionalArgument('pattern', 'a subject, a glob or a regular expression', { complete: 'subject' }) },
  options: { deleted: flag('--deleted', 'list soft-deleted subjects too') },
  shows: rows<ListedSubject>({
    columns: [
      { header: 'SUBJECT', get: ({ subject }) => subject, tone: () => 'strong' },
      { header: 'VERSIONS', get: ({ versions }) => rangesText(versions) || null },
      { header: 'LATEST-ID', get: ({ latestId }) => latestId },
      { header: 'TYPE', get: ({ type }) => type },
      { header: 'COMPATIBILITY', get: ({ compatibility }) => compatibility },
      {
        header: 'STATUS',
        get: ({ deleted }) => (deleted ? 'deleted' : 'live'),
        tone: ({ deleted }) => (deleted ? 'bad' : 'dim'),
        wide: true,
      },
    ],
    name: ({ subject }) => subject,
    fields: {
      subject: 'name of the subject',
      versions: 'numbers of its versions',
      latestId: 'id of the newest version',
      type: 'AVRO, PROTOBUF or JSON',
      compatibility: 'compatibility level in force, its own or the global one; null for a deleted subject',
      deleted: 'whether it is soft-deleted (with --deleted)',
    },
  }),
  examples: [
    { line: 'kt schemas list --registry http://localhost:8081', does: 'list all subjects' },
    { line: "kt schemas list 'orders-*' -o name", does: 'names only, one per line' },
  ],
  async run(context, { pattern }, { deleted }) {
    const matching = pattern === undefined ? undefined : namePattern(pattern);
    return await listSubjects((await requiredRegistry(context)).client, matching, deleted);
  },
});
