/** `kt groups copy`: one group's offsets given to another, shown and confirmed first. */

import { usageError } from '../../base/errors.ts';
import { counted } from '../../base/units.ts';
import { argument, flag, repeatable } from '../../cli/define.ts';
import { command } from '../../context.ts';
import { planCopy } from '../../core/groups/export.ts';
import { carryOut, type ResetReport } from '../../core/groups/reset.ts';
import { totalsOf } from '../../core/groups/reset-plan.ts';
import { partitionName } from '../../kafka/routing.ts';
import { topicPartitions } from '../selections.ts';
import { resetShape } from './reset-shape.ts';

export const groupsCopy = command({
  name: 'groups copy',
  summary: "Copy a group's offsets to another group",
  description:
    'The target may be new, or a group without members; it keeps its own offsets for partitions where the source has none. The source does not change, and may have members. What would change is shown and has to be confirmed; without a terminal, add --yes.',
  args: {
    source: argument('source', 'the group whose offsets are copied', { complete: 'group' }),
    target: argument('target', 'the group that receives them', { complete: 'group' }),
  },
  options: {
    topic: repeatable('--topic <topic[:p,…]>', 'only this topic, or these partitions of it', topicPartitions, {
      complete: 'topic',
    }),
    dryRun: flag('--dry-run', 'show what would change, and change nothing'),
  },
  shows: resetShape('run it without --dry-run to set the offsets'),
  examples: [
    { line: 'kt groups copy billing billing-v2', does: 'let a new group continue where another one stands' },
    { line: 'kt groups copy billing billing-v2 --dry-run', does: 'show what would change' },
  ],
  async run({ cluster, note, confirm }, { source, target }, { topic, dryRun }) {
    if (source === target) throw usageError(`${source} to ${target} (one group)`, 'name two groups');
    const connected = await cluster();
    const plan = await planCopy(connected, source, target, topic);
    if (dryRun) return plan;
    if (plan.active) throw plan.active;
    for (const line of changes(plan)) note(line);
    await confirm(question(plan), { count: 1, byPattern: false });
    return carryOut(connected, plan);
  },
});

const shownChanges = 20;

function changes({ partitions }: ResetReport): readonly string[] {
  const changed = partitions.filter(
    ({ targetOffset, committedOffset }) => targetOffset !== null && targetOffset !== committedOffset,
  );
  const shown = changed
    .slice(0, shownChanges)
    .map(
      ({ topic, partition, committedOffset, targetOffset }) =>
        `${partitionName({ topic, partition })}: ${committedOffset ?? '-'} → ${targetOffset}`,
    );
  const more = changed.length - shown.length;
  return more > 0 ? [...shown, `and ${more} more; --dry-run shows all`] : shown;
}

function question({ group, state, partitions }: ResetReport): string {
  const { reread, skipped } = totalsOf(partitions);
  const count = partitions.filter(({ targetOffset }) => targetOffset !== null).length;
  const what = counted(count, 'offset');
  if (state === null) return `Create group ${group} with ${what}`;
  return `Set ${what} of group ${group}, which re-reads ${reread.toLocaleString('en')} and skips ${skipped.toLocaleString('en')} records`;
}
