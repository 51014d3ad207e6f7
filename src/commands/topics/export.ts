/** `kt topics export`: topics as YAML, for git and for `kt topics apply`. */

import { optionalArgument } from '../../cli/define.ts';
import { command } from '../../context.ts';
import { exportTopics } from '../../core/topics/export.ts';
import { noteIfPartial } from '../visibility.ts';

export const topicsExport = command({
  name: 'topics export',
  summary: 'Print topics as YAML, for kt topics apply',
  description:
    'Prints the number of partitions, the replication factor and the configs set on each topic, with times and sizes in human units where they are exact. Internal topics are left out unless named. Patterns work as in kt topics list. The schema for editors is schemas/topics.schema.json in the package.',
  args: { pattern: optionalArgument('pattern', 'a topic name, a glob or a regular expression', { complete: 'topic' }) },
  options: {},
  shows: { kind: 'text', fields: {} },
  examples: [
    { line: 'kt topics export > topics.yaml', does: 'keep the topics of a cluster in git' },
    { line: "kt topics export 'orders-*'", does: 'print some of them' },
  ],
  async run(context, { pattern }) {
    const text = await exportTopics(await context.cluster(), pattern);
    await noteIfPartial(context, 'topics', pattern === undefined ? [] : [pattern]);
    return text;
  },
});
