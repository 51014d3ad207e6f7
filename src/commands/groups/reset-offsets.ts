/** `kt groups reset-offsets`: a plan of where a group would go on reading, and with --execute that very plan carried out. */
import { usageError } from '../../base/errors.ts';
import { argument, flag, type OptionValues, option, repeatable } from '../../cli/define.ts';
import { finiteDuration, text } from '../../cli/options.ts';
import { type Context, command } from '../../context.ts';
import { carryOut, planReset } from '../../core/groups/reset.ts';
import type { ResetTarget } from '../../core/groups/reset-plan.ts';
import { internalTopicsNote } from '../../core/groups/streams.ts';
import { topicPartitions } from '../selections.ts';
import { resetShape } from './reset-shape.ts';
import { offsetsFrom, resetPosition, shift } from './reset-target.ts';

const options = {
  to: option('--to <position>', 'the new position', resetPosition),
  shift: option('--shift <count>', 'move the committed offset by this many records; back with -100', shift),
  byDuration: option('--by-duration <duration>', 'go back to the records of this long ago', finiteDuration),
  fromFile: option('--from-file <file>', 'use the offsets in this file', text, { complete: 'file' }),
  topic: repeatable('--topic <topic[:p,…]>', 'only this topic, or these partitions of it', topicPartitions, {
    complete: 'topic',
  }),
  execute: flag('--execute', 'set the offsets'),
};

export const groupsResetOffsets = command({
  name: 'groups reset-offsets',
  summary: "Change a group's offsets: shows a plan; --execute applies it",
  description: [
    'Without --execute nothing changes. The group must have no members. Without --topic, all partitions of the topics that the group has committed offsets for are reset, except a Kafka Streams application’s internal topics. A group that does not exist is created, but only if --topic or --from-file names its partitions.',
    'Positions: beginning, end, an offset, -N (N before the end), @TIME (the first record of that time or later), -1h (an hour ago) or current. An offset outside the log becomes the log’s start or end, with a note. Works for groups of the classic and the new protocol (KIP-848), for share groups and for streams groups (KIP-1071).',
    '--from-file reads what kt groups export prints, this command’s own plan (-o json or csv), and the CSV of kafka-consumer-groups --reset-offsets --export; - is stdin.',
  ].join('\n\n'),
  args: { group: argument('group', 'the name of a group', { complete: 'group' }) },
  options,
  shows: resetShape('add --execute to set the offsets'),
  examples: [
    { line: 'kt groups reset-offsets billing --to beginning', does: 'show what reading everything again would take' },
    { line: 'kt groups reset-offsets billing --to @2026-01-31T09:30:00Z --execute', does: 'go back to a time' },
    { line: 'kt groups reset-offsets billing --topic orders:3 --shift 1 --execute', does: 'skip one record of one partition' },
    {
      line: 'kt groups reset-offsets audit --from-file billing.csv',
      does: 'plan the offsets of another group, saved with kt groups export',
    },
  ],
  async run(context, { group }, given) {
    const to = await targetOf(context, group, given);
    const cluster = await context.cluster();
    const plan = await planReset(cluster, { group, to, topics: given.topic });
    const report = given.execute ? await carryOut(cluster, plan) : plan;
    for (const line of internalTopicsNote({ group, type: plan.type ?? '' }, plan.internalTopics)) context.note(line);
    return report;
  },
});

async function targetOf(context: Context, group: string, given: OptionValues<typeof options>): Promise<ResetTarget> {
  const { to, shift: by, byDuration, fromFile } = given;
  const targets = Object.entries({ '--to': to, '--shift': by, '--by-duration': byDuration, '--from-file': fromFile }).filter(
    ([, value]) => value !== undefined,
  );
  if (targets.length !== 1) {
    const what = targets.length === 0 ? 'no target' : `${targets.map(([flag]) => flag).join(' and ')} (more than one target)`;
    throw usageError(what, 'give one of --to, --shift, --by-duration and --from-file');
  }
  if (to) return to;
  if (by !== undefined) return { at: 'shift', by };
  if (byDuration !== undefined) return { at: 'time', timestampMs: Date.now() - byDuration };
  return { at: 'given', offsets: await offsetsFrom(context, fromFile!, group) };
}
