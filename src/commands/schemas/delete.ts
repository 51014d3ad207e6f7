/** `kt schemas delete`: versions shown and confirmed, an outcome for each. */
import { argument, flag } from '../../cli/define.ts';
import { rows } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import { type DeletedVersion, type DoomedVersion, deleteVersions, planDeletion } from '../../schemas/registry/deletion.ts';
import { parseSubject } from '../../schemas/registry/name.ts';
import { versionText } from '../../schemas/registry/schema.ts';
import { requiredRegistry } from './registry.ts';

export const schemasDelete = command({
  name: 'schemas delete',
  summary: 'Delete a subject, or a version of it',
  description:
    'Deletes softly: ids are still found, so records can be read, and registering the same schema brings it back. With --permanent it is gone, and records with its id can no longer be read. What would be deleted is shown and has to be confirmed; without a terminal, add --yes. The registry keeps what other schemas refer to.',
  args: {
    schema: argument('subject[@version]', 'a subject with all its versions, or one of them', { complete: 'subject' }),
  },
  options: {
    permanent: flag('--permanent', 'delete for good, also what is soft-deleted already'),
    dryRun: flag('--dry-run', 'show what would be deleted, and delete nothing'),
  },
  shows: rows<DeletedVersion>({
    columns: [
      { header: 'SUBJECT', get: ({ subject }) => subject, tone: () => 'strong' },
      { header: 'VERSION', get: ({ version }) => version },
      { header: 'ID', get: ({ id }) => id },
      {
        header: 'STATUS',
        get: ({ status }) => status,
        tone: ({ status }) => (status === 'failed' ? 'bad' : status === 'deleted' ? 'good' : 'dim'),
      },
      { header: 'PERMANENT', get: ({ permanent }) => permanent },
      { header: 'REFERENCED-BY', get: ({ referencedBy }) => referencedBy.join(', ') || null, tone: () => 'warn' },
    ],
    name: versionText,
    fields: {
      subject: 'name of the subject',
      version: 'version',
      id: 'id of its schema',
      deleted: 'whether it was soft-deleted before',
      referencedBy: 'ids of schemas that refer to it, for which the registry keeps it',
      status: 'deleted, valid (with --dry-run: would be deleted) or failed',
      permanent: 'whether it is deleted for good',
      error: 'why it failed: {kind, code, message, hint}',
    },
    problems: (all) => all.flatMap(({ error }) => error ?? []),
  }),
  examples: [
    { line: 'kt schemas delete orders-value@3', does: 'delete one version softly, after a confirmation' },
    { line: 'kt schemas delete orders-value --permanent --dry-run', does: 'show what would be deleted for good' },
  ],
  async run(context, { schema }, { permanent, dryRun }): Promise<readonly DeletedVersion[]> {
    const { subject, version } = parseSubject(schema);
    const { client } = await requiredRegistry(context);
    const plan = await planDeletion(client, subject, version, permanent);
    if (dryRun) return plan.map((each) => ({ ...each, status: 'valid', permanent }));
    for (const each of plan) context.note(line(each));
    await context.confirm(`Delete ${inWords(subject, plan)}${permanent ? ' for good' : ''} from ${client.settings.urls[0]}?`);
    return await deleteVersions(client, plan, { permanent, whole: version === undefined });
  },
});

function line({ subject, version, id, deleted, referencedBy }: DoomedVersion): string {
  const facts = [
    `id ${id}`,
    ...(deleted ? ['soft-deleted'] : []),
    ...(referencedBy.length > 0 ? [`referred to by the schemas ${referencedBy.join(', ')}`] : []),
  ];
  return `${versionText({ subject, version })}: ${facts.join(', ')}`;
}

function inWords(subject: string, plan: readonly DoomedVersion[]): string {
  return plan.length === 1 ? versionText(plan[0]!) : `${plan.length} versions of ${subject}`;
}
