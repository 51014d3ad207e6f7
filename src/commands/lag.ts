/** `kt lag`: how far groups are behind, and checks on it for scripts. */
import { command, flag, option, repeatable, variadicArgument } from '../cli/define.ts';
import { choice, finiteDuration, text, wholeNumber } from '../cli/options.ts';
import type { Block, Column, TableShape } from '../cli/shape.ts';
import { type GroupLag, type PartitionLag, uncommittedChoices } from '../core/lag.ts';
import { type LagReport, reportLag } from '../core/lag-report.ts';
import { usageError } from '../errors.ts';
import { type LagRow, lagColumns, lagFields } from './groups/lag-rows.ts';

const isolations = ['read_committed', 'read_uncommitted'] as const;

const shows: TableShape<LagReport> = {
  kind: 'table',
  blocks: ({ groups }) => groups.map(({ lag }) => block(lag)),
  names: ({ groups }) => groups.map(({ lag }) => lag.group),
  json: ({ groups }) => groups.map(({ lag }) => lag),
  problems: ({ problems }) => problems,
  fields: {
    group: 'name of the group',
    state: 'state of the group: Stable, Empty, …',
    type: 'classic, consumer, share or streams',
    coordinator: 'broker id of its coordinator',
    lag: 'sum of the lag of its partitions, as far as it is known',
    ...lagFields,
    'partitions[].lagSeconds': 'with --seconds: age of the first unread record, 0 at the end; null where it is not known',
  },
};

export const lag = command({
  name: 'lag',
  summary: 'Show how far groups are behind, and check it',
  description: [
    'Without a name: all groups. Patterns are globs (billing-*) or regular expressions that must match the whole name.',
    'A partition that a group never committed, in a topic it has committed or is assigned, counts from its start offset. A committed offset that is older than the log counts from the start offset too: what was deleted unread cannot be read any more, and is told as lost.',
    "--seconds reads the first unread record of each partition and tells its age: no history is needed, and the clock is the producer's (or the broker's, by message.timestamp.type).",
    'Exit codes: 0 every check holds, 1 a check does not hold, 3 a named group or topic does not exist or its lag is not known.',
  ].join('\n\n'),
  args: {
    groups: variadicArgument('group|pattern', 'a group name, a glob or a regular expression', false, { complete: 'group' }),
  },
  options: {
    topic: repeatable('--topic <topic|pattern>', 'only these topics', text, { complete: 'topic' }),
    all: flag('--all', 'all groups, as without a name'),
    seconds: flag('--seconds', 'show how old the first unread record of each partition is'),
    isolation: option(
      '--isolation <level>',
      'count up to the last stable offset (read_committed), as a consumer with this isolation.level can read, or all records',
      choice(isolations),
      { choices: isolations, defaultText: 'read_uncommitted' },
    ),
    maxLag: option('--max-lag <records>', 'check that no partition lags more than this', wholeNumber),
    maxSeconds: option('--max-seconds <duration>', 'check that no first unread record is older than this', finiteDuration),
    uncommitted: option(
      '--uncommitted <how>',
      'count partitions without a committed offset from their start, leave them out of the lag, or fail for them',
      choice(uncommittedChoices),
      { choices: uncommittedChoices, defaultText: 'count' },
    ),
  },
  shows,
  examples: [
    { line: 'kt lag', does: 'show the lag of all groups' },
    { line: 'kt lag billing --max-lag 1000', does: 'fail with exit code 1 when a partition lags more than 1,000 records' },
    {
      line: 'kt lag billing --max-seconds 5m',
      does: 'fail when the first unread record of a partition is older than five minutes',
    },
    { line: 'kt lag billing --topic orders -o json', does: 'the lag on one topic, for a script' },
  ],
  async run(
    { cluster, settings },
    { groups },
    { topic: topics, all, seconds, isolation, maxLag, maxSeconds, uncommitted = 'count' },
  ) {
    if (all && groups.length > 0)
      throw usageError(`--all and ${groups[0]} (--all already means every group)`, 'leave one of them out');
    const { timeoutMs } = await settings();
    return reportLag(await cluster(), groups, {
      topics,
      seconds,
      isolation,
      maxLag,
      maxAgeMs: maxSeconds,
      uncommitted,
      timeoutMs,
    });
  },
});

function block({ group, state, type, coordinator, lag: total, partitions }: GroupLag): Block {
  const lost = partitions.reduce((sum, row) => sum + (row.lost ?? 0n), 0n);
  return {
    heading: [
      ['group', group, 'strong'],
      ['state', `${state} (${type})`, state === 'Stable' ? 'good' : 'dim'],
      ['coordinator', coordinator],
      ['lag', total, total > 0n ? 'warn' : 'good'],
      ...(lost > 0n ? [['lost', lost, 'bad'] as const] : []),
    ],
    columns: partitions.length > 0 ? columnsOf(partitions) : [],
    rows: partitions.map((partition) => ({ group, ...partition })),
  };
}

/** What was asked for stands beside the lag. */
function columnsOf(partitions: readonly PartitionLag[]): readonly Column<LagRow>[] {
  const at = lagColumns.findIndex(({ header }) => header === 'LAG') + 1;
  const asked: Column<LagRow>[] = [];
  if (partitions.some(({ lagSeconds }) => lagSeconds !== undefined)) {
    asked.push({ header: 'LAG-SECONDS', get: ({ lagSeconds }) => lagSeconds });
  }
  return [...lagColumns.slice(0, at), ...asked, ...lagColumns.slice(at)];
}
