/** `kt schemas compatibility`: the level that new versions are checked by. */
import { usageError } from '../../base/errors.ts';
import { flag, optionalArgument } from '../../cli/define.ts';
import { choice, readAs } from '../../cli/options.ts';
import { rows } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import { globalLevel, levelOf, levels, setLevel } from '../../schemas/registry/subjects.ts';
import { requiredRegistry } from './registry.ts';

interface ShownLevel {
  readonly subject: string | null;
  readonly level: string;
  readonly source: 'subject' | 'global';
  readonly before?: string;
}

const level = choice(levels);

export const schemasCompatibility = command({
  name: 'schemas compatibility',
  summary: 'Show or set a compatibility level',
  description: `Without a subject: the global level, which counts for subjects without one of their own. With a level, sets it. Levels: ${levels.join(', ')}. BACKWARD means that the new schema reads what the latest one wrote, FORWARD the reverse, FULL both, TRANSITIVE with every version.`,
  args: {
    subject: optionalArgument('subject', 'name of a subject', { complete: 'subject' }),
    level: optionalArgument('level', 'the new level'),
  },
  options: {
    global: flag('--global', 'set the global level: kt schemas compatibility --global FULL'),
    unset: flag('--unset', "remove the subject's own level, so that the global one counts"),
  },
  shows: rows<ShownLevel>({
    columns: [
      { header: 'SUBJECT', get: ({ subject }) => subject ?? '(global)', tone: () => 'strong' },
      { header: 'LEVEL', get: ({ level }) => level, tone: ({ level }) => (level === 'NONE' ? 'warn' : undefined) },
      { header: 'SOURCE', get: ({ source }) => source },
      { header: 'BEFORE', get: ({ before }) => before },
    ],
    name: ({ level }) => level,
    fields: {
      subject: 'name of the subject; null for the global level',
      level: 'the level in force',
      source: 'subject (its own level) or global',
      before: 'the level in force before, where one was set or removed',
    },
  }),
  examples: [
    { line: 'kt schemas compatibility', does: 'the global level' },
    { line: 'kt schemas compatibility orders-value FULL', does: 'set the level of a subject' },
  ],
  async run(context, args, { global, unset }): Promise<readonly ShownLevel[]> {
    const { subject, wanted } = asked(args, global, unset);
    const { client } = await requiredRegistry(context);
    const current = async (): Promise<ShownLevel> => {
      const everywhere = await globalLevel(client);
      if (subject === undefined) return { subject: null, level: everywhere, source: 'global' };
      const { level, own } = await levelOf(client, subject, everywhere);
      return { subject, level, source: own ? 'subject' : 'global' };
    };
    const before = await current();
    if (wanted === undefined && !unset) return [before];
    await setLevel(client, subject, wanted);
    const after = await current();
    return [{ ...after, ...(wanted !== undefined && subject !== undefined && { source: 'subject' }), before: before.level }];
  },
});

interface Args {
  readonly subject: string | undefined;
  readonly level: string | undefined;
}

/** @throws KtError `usage` for a level that is none, and where it is not clear what it is for */
function asked({ subject, level: word }: Args, global: boolean, unset: boolean) {
  if (global) {
    if (word !== undefined || unset || subject === undefined)
      throw usageError('--global takes a level and no subject', 'kt schemas compatibility --global FULL');
    return { subject: undefined, wanted: readAs('level', level, subject) };
  }
  if (unset && (subject === undefined || word !== undefined))
    throw usageError('--unset takes a subject and no level', 'kt schemas compatibility orders-value --unset');
  if (word === undefined && subject !== undefined && (levels as readonly string[]).includes(subject.toUpperCase()))
    throw usageError(
      `${subject} is a level, and no subject is given`,
      `kt schemas compatibility --global ${subject} sets it for all`,
    );
  return { subject, wanted: word === undefined ? undefined : readAs('level', level, word) };
}
