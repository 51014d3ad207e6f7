/** The lists of a topic's screen: partitions, configs, groups. */
import { formatDuration } from '../../base/units.ts';
import type { ConfigEntry } from '../../core/configs/entries.ts';
import { totalsOf } from '../../core/top/group-watch.ts';
import type { GroupState, PartitionState } from '../../core/top/snapshot.ts';
import { trendColumn, writtenColumn } from './columns.ts';
import { groupColumns } from './groups.ts';
import { alphabetical, type List, largest } from './list.ts';
import { short, unknown, whole } from './numbers.ts';

export interface ConfigRow {
  readonly name: string;
  readonly entry: ConfigEntry;
}

export const partitionList: List<PartitionState> = {
  columns: [
    {
      header: 'P',
      width: 4,
      align: 'right',
      text: ({ partition }) => String(partition),
      tone: ({ leader }) => (leader < 0 ? 'bad' : undefined),
      order: (a, b) => a.partition - b.partition,
      rank: 0,
    },
    {
      header: 'LEADER',
      width: 6,
      align: 'right',
      text: ({ leader }) => (leader < 0 ? 'none' : String(leader)),
      tone: ({ leader }) => (leader < 0 ? 'bad' : undefined),
      order: (a, b) => a.leader - b.leader,
      rank: 3,
    },
    { header: 'REPLICAS', width: 8, text: ({ replicas }) => replicas.join(','), rank: 8 },
    {
      header: 'ISR',
      width: 7,
      text: ({ isr }) => isr.join(','),
      tone: ({ isr, replicas }) => (isr.length < replicas.length ? 'warn' : undefined),
      rank: 5,
    },
    {
      header: 'START',
      width: 11,
      align: 'right',
      text: ({ start }) => whole(start),
      tone: ({ answered }) => (answered ? undefined : 'dim'),
      order: largest(({ start }) => start),
      rank: 6,
    },
    {
      header: 'END',
      width: 11,
      align: 'right',
      text: ({ end }) => whole(end),
      tone: ({ answered }) => (answered ? undefined : 'dim'),
      order: largest(({ end }) => end),
      rank: 1,
    },
    { ...writtenColumn, rank: 2 },
    // At 120 columns there is room for all of them.
    { ...trendColumn, wideWidth: 12, rank: 7 },
    {
      header: 'MOST LAG',
      width: 8,
      align: 'right',
      text: ({ mostLag }) => short(mostLag),
      tone: ({ mostLag }) => ((mostLag ?? 0n) > 0n ? 'warn' : undefined),
      order: largest(({ mostLag }) => mostLag),
      rank: 9,
    },
    { header: 'OF', width: 14, isName: true, text: ({ mostLagOf }) => mostLagOf ?? '', rank: 10 },
    { header: 'NOTE', text: note, tone: (row) => (row.leader < 0 ? 'bad' : note(row) === '' ? undefined : 'warn'), rank: 4 },
  ],
  name: ({ partition }) => String(partition),
  sortedBy: 0,
};

function note({ leader, isr, replicas, answered, end }: PartitionState): string {
  if (leader < 0) return 'no leader';
  if (!answered && end !== null) return 'no answer';
  return isr.length < replicas.length ? `ISR ${isr.length} of ${replicas.length}` : '';
}

export const configList: List<ConfigRow> = {
  columns: [
    { header: 'CONFIG', width: 34, isName: true, text: ({ name }) => name, order: alphabetical(({ name }) => name), rank: 0 },
    {
      header: 'VALUE',
      text: ({ name, entry }) => configText(name, entry),
      tone: ({ entry }) => (isOwn(entry) ? 'strong' : undefined),
      rank: 1,
    },
    {
      header: 'FROM',
      width: 22,
      text: ({ entry }) => fromText(entry),
      tone: ({ entry }) => (isOwn(entry) ? undefined : 'dim'),
      order: (a, b) => Number(isOwn(b.entry)) - Number(isOwn(a.entry)),
      rank: 2,
    },
  ],
  name: ({ name }) => name,
  sortedBy: 2,
};

function isOwn({ source }: ConfigEntry): boolean {
  return source === 'DYNAMIC_TOPIC_CONFIG';
}

function fromText({ source }: ConfigEntry): string {
  return isOwn({ source } as ConfigEntry)
    ? 'this topic'
    : source
        .replace(/_CONFIG$/, '')
        .toLowerCase()
        .replaceAll('_', ' ');
}

function configText(name: string, { value, sensitive }: ConfigEntry): string {
  if (sensitive) return '(a secret)';
  if (value === null) return unknown;
  return name.endsWith('.ms') && /^\d{4,15}$/.test(value) ? `${value} (${formatDuration(Number(value))})` : value;
}

export const topicGroups: List<GroupState> = {
  // The trend is of the whole group.
  columns: ['name', 'state', 'members', 'lag', 'out', 'verdict', 'catchUp'].map(
    (key) => groupColumns[key as keyof typeof groupColumns],
  ),
  name: ({ group }) => group,
  sortedBy: 3,
};

/** A group as it stands to one topic. */
export function onTopic(group: GroupState, topic: string): GroupState | undefined {
  const partitions = group.partitions.filter((row) => row.topic === topic);
  return partitions.length === 0 ? undefined : { ...group, partitions, ...totalsOf(partitions) };
}
