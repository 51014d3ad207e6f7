/** A row a group: `kt lag --summary`. */
import type { Block, Column } from '../../cli/shape.ts';
import type { PartitionLag } from '../../core/lag/compute.ts';
import type { LagReport } from '../../core/lag/report.ts';
import { lagTone } from '../groups/lag-rows.ts';

/** A report, with whether ages were asked for. */
export type AgedReport = LagReport & { readonly ages: boolean };

interface GroupRow {
  readonly group: string;
  readonly state: string;
  readonly type: string;
  readonly members: number;
  /** With something to read, and all. */
  readonly partitionsBehind: number;
  readonly partitionCount: number;
  /** Null where none is known. */
  readonly lag: bigint | null;
  /** Of one partition; null where none is known. */
  readonly highestLag: bigint | null;
  /** With --seconds: the age of the oldest record that is first unread; null where the age in some partition is unknown. */
  readonly highestLagSeconds?: number | null;
}

const columns: readonly Column<GroupRow>[] = [
  { header: 'GROUP', get: ({ group }) => group, tone: () => 'strong' },
  { header: 'STATE', get: ({ state }) => state, tone: ({ state }) => (state === 'Stable' ? 'good' : 'dim') },
  { header: 'TYPE', get: ({ type }) => type, wide: true },
  { header: 'MEMBERS', get: ({ members }) => members },
  { header: 'PARTITIONS', get: ({ partitionCount }) => partitionCount },
  { header: 'BEHIND', get: ({ partitionsBehind }) => partitionsBehind },
  { header: 'LAG', get: ({ lag }) => lag, unit: 'count', tone: ({ lag }) => lagTone(lag) },
  { header: 'HIGHEST-LAG', get: ({ highestLag }) => highestLag, unit: 'count' },
];

const ageColumn: Column<GroupRow> = {
  header: 'HIGHEST-LAG-SECONDS',
  get: ({ highestLagSeconds }) => highestLagSeconds,
  unit: 'seconds',
};

/** The rows, groups that lag most first. */
export function summaryRows({ groups, positions, ages }: AgedReport): readonly GroupRow[] {
  return groups
    .map(({ group, state, type, lag, partitions }) => {
      const lags = partitions.flatMap((each) => each.lag ?? []);
      return {
        group,
        state,
        type,
        members: positions.get(group)?.members.length ?? 0,
        partitionsBehind: lags.filter((each) => each > 0n).length,
        partitionCount: partitions.length,
        lag,
        highestLag: lags.reduce<bigint | null>((most, each) => (most === null || each > most ? each : most), null),
        ...(ages && { highestLagSeconds: highestAge(partitions) }),
      };
    })
    .toSorted((a, b) => Number((b.lag ?? 0n) - (a.lag ?? 0n)) || a.group.localeCompare(b.group));
}

function highestAge(partitions: readonly PartitionLag[]): number | null {
  const known = partitions.flatMap(({ lagSeconds }) => lagSeconds ?? []);
  return known.length < partitions.length || known.length === 0 ? null : Math.max(...known);
}

export function summaryBlock(report: AgedReport): Block {
  return { columns: report.ages ? [...columns, ageColumn] : columns, rows: summaryRows(report) };
}

export const summaryFields: Readonly<Record<string, string>> = {
  members: 'with --summary, which has no partitions: number of members',
  partitionCount: 'with --summary: number of partitions it reads',
  partitionsBehind: 'with --summary: how many of them have something to read',
  highestLag: 'with --summary: the lag of the partition that lags most; null where none is known',
  highestLagSeconds:
    'with --summary and --seconds: the highest age of a first unread record; null where the age in some partition is unknown',
};
