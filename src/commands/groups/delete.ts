/** `kt groups delete`: names and patterns in, shown and confirmed, an outcome per group out. */

import { isPattern } from '../../base/name-pattern.ts';
import { counted } from '../../base/units.ts';
import { flag, variadicArgument } from '../../cli/define.ts';
import { rows, type Tone } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import {
  deleteGroups,
  type GroupDeletion,
  type GroupDeletionOutcome,
  planGroupDeletion,
  plannedDeletions,
} from '../../core/groups/delete.ts';

const tones: Readonly<Record<GroupDeletionOutcome['status'], Tone>> = { deleted: 'good', valid: 'dim', failed: 'bad' };

export const groupsDelete = command({
  name: 'groups delete',
  summary: 'Delete groups with their committed offsets',
  description:
    'Works for groups of any type without members. What would be deleted is shown and has to be confirmed; without a terminal, add --yes. A group used again afterwards starts where auto.offset.reset says; save its offsets first with kt groups export.',
  args: {
    groups: variadicArgument('group|pattern', 'a group name, a glob or a regular expression', true, { complete: 'group' }),
  },
  options: { dryRun: flag('--dry-run', 'show what would be deleted, and delete nothing') },
  shows: rows<GroupDeletionOutcome>({
    columns: [
      { header: 'GROUP', get: ({ group }) => group, tone: () => 'strong' },
      { header: 'STATUS', get: ({ status }) => status, tone: ({ status }) => tones[status] },
      { header: 'STATE', get: ({ state }) => state },
      { header: 'TYPE', get: ({ type }) => type },
      { header: 'PARTITIONS', get: ({ partitions }) => partitions },
    ],
    name: ({ group }) => group,
    fields: {
      group: 'name of the group, or the pattern that matches none',
      status: 'deleted, valid (with --dry-run: would be deleted) or failed',
      state: 'state it was in, or null',
      type: 'classic, consumer, share or streams, or null',
      partitions: 'number of partitions with committed offsets',
      error: 'why it failed: {kind, code, message, hint}, code being Kafka’s error name',
    },
    problems: (outcomes) => outcomes.flatMap(({ error }) => error ?? []),
  }),
  examples: [
    { line: 'kt groups delete billing', does: 'delete a group, after a confirmation' },
    { line: "kt groups delete 'test-*' --dry-run", does: 'show which groups a pattern matches' },
  ],
  async run({ cluster, note, confirm }, { groups }, { dryRun }) {
    const connected = await cluster();
    const plan = await planGroupDeletion(connected, groups);
    if (dryRun || plan.groups.length === 0) return plannedDeletions(plan);
    for (const { group, commits } of plan.groups)
      note(`${group.group}: ${group.type}, ${group.state}, ${counted(commits.length, 'committed offset')}`);
    for (const line of plan.left) note(line);
    await confirm(`Delete ${inWords(plan)}`, { count: plan.groups.length, byPattern: groups.some(isPattern) });
    return deleteGroups(connected, plan);
  },
});

function inWords({ groups }: GroupDeletion): string {
  const offsets = groups.reduce((sum, { commits }) => sum + commits.length, 0);
  const what = groups.length === 1 ? `group ${groups[0]!.group.group}` : `${groups.length} groups`;
  return `${what} and ${counted(offsets, 'committed offset')}`;
}
