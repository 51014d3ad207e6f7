/** `kt topics export`: topics, and what else files can say, as YAML, for git and for `kt topics apply`. */
import { usageError } from '../../base/errors.ts';
import { option, optionalArgument } from '../../cli/define.ts';
import { choice } from '../../cli/options.ts';
import { command } from '../../context.ts';
import { exportSections } from '../../core/desired/export.ts';
import { type Section, sections } from '../../core/desired/read.ts';
import { QuotasLeftOut } from '../quotas/left-out.ts';
import { noteIfPartial } from '../visibility.ts';

export const topicsExport = command({
  name: 'topics export',
  summary: 'Print topics as YAML, for kt topics apply',
  description:
    'Prints the number of partitions, the replication factor and the configs set on each topic, with times and sizes in human units where they are exact. Internal topics are left out unless named. Patterns work as in kt topics list. --sections adds, or prints alone, the rules (acls), the users with SCRAM passwords and their mechanisms (users), and the quotas of the whole cluster. The schema for editors is schemas/topics.schema.json in the package.',
  args: { pattern: optionalArgument('pattern', 'a topic name, a glob or a regular expression', { complete: 'topic' }) },
  options: {
    sections: option('--sections <list>', 'what to print: topics, acls, users, quotas, with commas between', sectionList, {
      defaultText: 'topics',
    }),
  },
  shows: { kind: 'text', fields: {} },
  examples: [
    { line: 'kt topics export > topics.yaml', does: 'keep the topics of a cluster in git' },
    { line: "kt topics export 'orders-*'", does: 'print some of them' },
    { line: 'kt topics export --sections acls,users,quotas > access.yaml', does: 'keep in git who may do what' },
  ],
  async run(context, { pattern }, { sections: wanted = ['topics'] as const }) {
    if (pattern !== undefined && !wanted.includes('topics'))
      throw usageError(`${pattern} with --sections ${wanted.join(',')} (only topics are chosen by name)`, 'leave it out');
    const leftOut = new QuotasLeftOut();
    const text = await exportSections(await context.cluster(), wanted, pattern, leftOut.add);
    leftOut.tell(context);
    if (wanted.includes('topics')) await noteIfPartial(context, 'topics', pattern === undefined ? [] : [pattern]);
    return text;
  },
});

function sectionList(value: string): readonly Section[] {
  return value.split(',').map((each) => choice(sections)(each.trim()));
}
