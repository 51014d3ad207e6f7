/** `kt schemas check`: whether a file may follow the versions of a subject. */
import { KtError } from '../../base/errors.ts';
import type { Reader } from '../../cli/define.ts';
import { argument, option } from '../../cli/define.ts';
import type { TableShape } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import { type CheckedVersion, checkSchema } from '../../schemas/registry/check.ts';
import { parseVersion } from '../../schemas/registry/name.ts';
import { versionText } from '../../schemas/registry/schema.ts';
import { draftOptions, readDraft } from './draft.ts';
import { requiredRegistry } from './registry.ts';

const against: Reader<'latest' | 'all' | number> = (text) => (text === 'all' ? text : parseVersion(text));

interface Row {
  readonly checked: CheckedVersion;
  readonly problem: string | null;
}

const shows: TableShape<readonly CheckedVersion[]> = {
  kind: 'table',
  blocks: (all) => [
    {
      columns: [
        { header: 'SUBJECT', get: ({ checked }: Row) => checked.subject, wide: true },
        { header: 'VERSION', get: ({ checked }: Row) => checked.version },
        { header: 'LEVEL', get: ({ checked }: Row) => checked.level, tone: levelTone },
        {
          header: 'COMPATIBLE',
          get: ({ checked }: Row) => (checked.compatible ? 'yes' : 'no'),
          tone: ({ checked }: Row) => (checked.compatible ? ('good' as const) : ('bad' as const)),
        },
        { header: 'PROBLEM', get: ({ problem }: Row) => problem },
      ],
      rows: all.flatMap((checked): Row[] =>
        checked.problems.length === 0
          ? [{ checked, problem: null }]
          : checked.problems.map((problem) => ({ checked, problem })),
      ),
    },
  ],
  names: (all) => all.filter(({ compatible }) => !compatible).map(versionText),
  fields: {
    subject: 'name of the subject',
    version: 'version that the schema was checked against',
    level: 'compatibility level in force; with NONE every check passes',
    compatible: 'whether the registry would accept the schema after that version',
    problems: 'what breaks, in words',
  },
  problems: (all) => {
    const broken = all.filter(({ compatible }) => !compatible);
    if (broken.length === 0) return [];
    const [{ level, subject }] = broken as [CheckedVersion];
    return [
      new KtError('check', `the schema is not ${level} compatible with ${broken.map(versionText).join(', ')}`, {
        code: 'INCOMPATIBLE_SCHEMA',
        hint: `kt schemas get ${subject} shows the latest version`,
      }),
    ];
  },
};

function levelTone({ checked }: Row): 'warn' | undefined {
  return checked.level === 'NONE' ? 'warn' : undefined;
}

export const schemasCheck = command({
  name: 'schemas check',
  summary: "Check whether a schema is compatible with a subject's versions",
  description:
    'The exit code is 1 when it is not. Without --against, it is checked against the same versions as when it is registered: all versions with a transitive level, otherwise the latest. The level decides what is compatible, so it is shown with the verdict: with NONE, every check passes. For Avro kt says what breaks; for other types the registry does, if it says anything.',
  args: { subject: argument('subject', 'name of the subject', { complete: 'subject' }) },
  options: {
    ...draftOptions,
    against: option('--against <latest|all|version>', 'versions to check against', against, {
      defaultText: 'what registering would check',
    }),
  },
  shows,
  examples: [
    { line: 'kt schemas check orders-value -f order.avsc', does: 'fail in CI when a schema would be refused' },
    { line: 'kt schemas check orders-value -f order.avsc --against all -o json', does: 'against every version' },
  ],
  async run(context, { subject }, { against, ...options }) {
    const draft = await readDraft(context, options);
    const checked = await checkSchema(await requiredRegistry(context), subject, draft, against);
    if (checked.some(({ level }) => level === 'NONE')) {
      context.note(
        `the level of ${subject} is NONE, so every check passes; kt schemas compatibility ${subject} BACKWARD sets another one`,
      );
    }
    return checked;
  },
});
