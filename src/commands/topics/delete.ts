/** `kt topics delete`: names and patterns in, shown and confirmed, an outcome per topic out. */

import { isPattern } from '../../base/name-pattern.ts';
import { counted } from '../../base/units.ts';
import { flag, variadicArgument } from '../../cli/define.ts';
import { rows } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import {
  type DeleteOutcome,
  type DeletionPlan,
  deleteTopics,
  planDeletion,
  plannedOutcomes,
} from '../../core/topics/delete.ts';
import { errorsOf, outcomeColumns } from './outcome.ts';

export const topicsDelete = command({
  name: 'topics delete',
  summary: 'Delete topics with all their records',
  description:
    'Patterns work as in kt topics list, and never match internal topics. What would be deleted is shown and has to be confirmed; without a terminal, add --yes.',
  args: {
    topics: variadicArgument('topic|pattern', 'a topic name, a glob or a regular expression', true, { complete: 'topic' }),
  },
  options: {
    ifExists: flag('--if-exists', 'do not fail for a topic that does not exist'),
    dryRun: flag('--dry-run', 'show what would be deleted, and delete nothing'),
  },
  shows: rows<DeleteOutcome>({
    columns: [
      ...outcomeColumns<DeleteOutcome>(),
      { header: 'PARTITIONS', get: ({ partitions }) => partitions },
      { header: 'RECORDS', get: ({ records }) => records, unit: 'count' },
    ],
    name: ({ topic }) => topic,
    fields: {
      topic: 'name of the topic, or the pattern that matches none',
      status: 'deleted, valid (with --dry-run: would be deleted), missing (with --if-exists) or failed',
      partitions: 'number of partitions it had',
      records: 'offsets from the start to the end of all its partitions',
      error: 'why it failed: {kind, code, message, hint}, code being Kafka’s error name',
    },
    problems: errorsOf,
  }),
  examples: [
    { line: 'kt topics delete orders', does: 'delete a topic, after a confirmation' },
    { line: "kt topics delete 'test-*' --dry-run", does: 'show which topics a pattern matches' },
    { line: 'kt topics delete orders --if-exists --yes', does: 'delete a topic in a script' },
  ],
  async run({ cluster, note, confirm }, { topics }, { ifExists, dryRun }) {
    const connected = await cluster();
    const plan = await planDeletion(connected, topics);
    if (dryRun) return plannedOutcomes(plan, ifExists);
    if (plan.topics.length > 0) {
      for (const { topic, partitions, records } of plan.topics)
        note(`${topic}: ${counted(partitions, 'partition')}, ${counted(records, 'record')}`);
      await confirm(`Delete ${inWords(plan)} and all records in ${plan.topics.length === 1 ? 'it' : 'them'}`, {
        count: plan.topics.length,
        byPattern: topics.some(isPattern),
      });
    }
    return deleteTopics(connected, plan, { ifExists });
  },
});

function inWords({ topics }: DeletionPlan): string {
  return topics.length === 1 ? `topic ${topics[0]!.topic}` : `${topics.length} topics`;
}
