/** `kt schemas register`: a file becomes a version of a subject. */
import { KtError } from '../../base/errors.ts';
import { argument, flag } from '../../cli/define.ts';
import { rows } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import { checkSchema } from '../../schemas/registry/check.ts';
import { orIfMissing } from '../../schemas/registry/error.ts';
import { registeredAs, registerSchema } from '../../schemas/registry/register.ts';
import type { SchemaRegistry } from '../../schemas/registry/registry.ts';
import { type DraftSchema, versionText } from '../../schemas/registry/schema.ts';
import { draftOptions, readDraft } from './draft.ts';
import { requiredRegistry } from './registry.ts';

interface Registered {
  readonly subject: string;
  readonly status: 'registered' | 'exists' | 'valid' | 'failed';
  readonly version: number | null;
  readonly id: number | null;
  readonly error?: KtError;
}

export const schemasRegister = command({
  name: 'schemas register',
  summary: 'Register a schema as a version of a subject',
  description:
    'A schema that the subject has already keeps its version and id. With --dry-run, the registry is asked whether the schema exists and fits the versions there are; whether a new subject would be accepted cannot be asked without registering it.',
  args: { subject: argument('subject', 'subject to register it in, such as orders-value', { complete: 'subject' }) },
  options: {
    ...draftOptions,
    normalize: flag('--normalize', 'let the registry normalize the schema, so that blanks and order make no new version'),
    dryRun: flag('--dry-run', 'only ask whether it could be registered'),
  },
  shows: rows<Registered>({
    columns: [
      { header: 'SUBJECT', get: ({ subject }) => subject, tone: () => 'strong' },
      {
        header: 'STATUS',
        get: ({ status }) => status,
        tone: ({ status }) => (status === 'failed' ? 'bad' : status === 'registered' ? 'good' : 'dim'),
      },
      { header: 'VERSION', get: ({ version }) => version },
      { header: 'ID', get: ({ id }) => id },
    ],
    name: ({ subject, version }) => (version === null ? subject : versionText({ subject, version })),
    fields: {
      subject: 'name of the subject',
      status: 'registered, exists, valid (with --dry-run: could be registered) or failed',
      version: 'version of the schema in the subject; null where there is none, or the registry does not say',
      id: 'id of the schema',
      error: 'why it failed: {kind, code, message, hint}',
    },
    problems: (all) => all.flatMap(({ error }) => error ?? []),
  }),
  examples: [
    { line: 'kt schemas register orders-value -f order.avsc', does: 'register a version' },
    { line: 'kt schemas register orders-value -f order.avsc --dry-run', does: 'ask whether it could be' },
    {
      line: 'kt schemas register orders-value -f order.proto --reference money.proto=money@1',
      does: 'a file that imports another one',
    },
  ],
  async run(context, { subject }, { normalize, dryRun, ...options }): Promise<readonly Registered[]> {
    const draft = await readDraft(context, options);
    const registry = await requiredRegistry(context);
    const { client } = registry;
    const found = await registeredAs(client, subject, draft, normalize);
    if (found) return [{ subject, status: 'exists', ...found }];
    if (dryRun) return [await tried(registry, subject, draft)];
    return [{ subject, status: 'registered', ...(await registerSchema(client, subject, draft, normalize)) }];
  },
});

async function tried(registry: SchemaRegistry, subject: string, draft: DraftSchema): Promise<Registered> {
  const none = { subject, version: null, id: null };
  const checked = await orIfMissing(checkSchema(registry, subject, draft, undefined), []);
  const broken = checked.find(({ compatible }) => !compatible);
  if (!broken) return { ...none, status: 'valid' };
  const error = new KtError(
    'refused',
    `the registry would refuse the schema (it is not ${broken.level} compatible with ${versionText(broken)}: ${broken.problems.join('; ')})`,
    { code: 'INCOMPATIBLE_SCHEMA', hint: `kt schemas check ${subject} -f FILE shows what breaks` },
  );
  return { ...none, status: 'failed', error };
}
