/** Lag as metrics in Prometheus' text format, under kafka-lag-exporter's names where they mean the same. */
import type { Registry } from 'prom-client';
import type { PartitionLag } from '../../core/lag/compute.ts';
import type { LagReport } from '../../core/lag/report.ts';

type Labels = Readonly<Record<string, string | number>>;
type Row = readonly [labels: Labels, value: number];

/** One metric with its values. */
interface Family {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  readonly rows: readonly Row[];
}

const partitionLabels = ['group', 'topic', 'partition', 'member_host', 'consumer_id', 'client_id'] as const;

function families({ groups, positions }: LagReport): readonly Family[] {
  const rows = groups.flatMap(({ group, partitions }) =>
    partitions.map((row) => ({
      ...row,
      labels: {
        group,
        topic: row.topic,
        partition: row.partition,
        member_host: row.host ?? '',
        consumer_id: row.memberId ?? '',
        client_id: row.clientId ?? '',
      },
    })),
  );
  const known = (value: (row: (typeof rows)[number]) => bigint | number | null | undefined): readonly Row[] =>
    rows.flatMap((row) => {
      const found = value(row);
      return found === null || found === undefined ? [] : [[row.labels, Number(found)] as const];
    });
  const perGroup = (value: (lag: (typeof groups)[number]) => number | undefined): readonly Row[] =>
    groups.flatMap((each) => {
      const found = value(each);
      return found === undefined ? [] : [[{ group: each.group }, found] as const];
    });
  const highest = (values: readonly (bigint | number | null | undefined)[]) =>
    values.reduce<number | undefined>(
      (most, value) => (value === null || value === undefined ? most : Math.max(most ?? 0, Number(value))),
      undefined,
    );
  const partition = (value: (row: (typeof rows)[number]) => bigint | null): readonly Row[] => {
    const each = new Map<string, Row>();
    for (const row of rows) {
      const offset = value(row);
      if (offset === null) continue;
      each.set(`${row.topic}\0${row.partition}`, [{ topic: row.topic, partition: row.partition }, Number(offset)]);
    }
    return [...each.values()];
  };
  const all: readonly Family[] = [
    { name: 'kafka_consumergroup_group_offset', help: 'Committed offset of the group', labels: partitionLabels, rows: known((row) => row.committedOffset) },
    { name: 'kafka_consumergroup_group_lag', help: 'Records between the committed and the end offset', labels: partitionLabels, rows: known((row) => row.lag) },
    { name: 'kafka_consumergroup_group_lag_seconds', help: 'Age of the first unread record in seconds', labels: partitionLabels, rows: known((row) => row.lagSeconds) },
    { name: 'kafka_consumergroup_group_max_lag', help: 'The largest lag of the partitions of the group', labels: ['group'], rows: perGroup(({ partitions }) => highest(partitions.map((row) => row.lag))) },
    { name: 'kafka_consumergroup_group_max_lag_seconds', help: 'The largest age of a first unread record of the group in seconds', labels: ['group'], rows: perGroup(({ partitions }) => highest(partitions.map((row) => row.lagSeconds))) },
    { name: 'kafka_consumergroup_group_sum_lag', help: 'Sum of the lag of the partitions of the group', labels: ['group'], rows: perGroup(({ lag }) => (lag === null ? undefined : Number(lag))) },
    { name: 'kafka_consumergroup_group_topic_sum_lag', help: 'Sum of the lag of the partitions of one topic', labels: ['group', 'topic'], rows: topicSums(groups) },
    { name: 'kafka_partition_latest_offset', help: 'Offset after the last record of the partition', labels: ['topic', 'partition'], rows: partition((row) => row.endOffset) },
    { name: 'kafka_partition_earliest_offset', help: 'First offset of the partition', labels: ['topic', 'partition'], rows: partition((row) => row.startOffset) },
    { name: 'kt_consumergroup_lost_offsets', help: 'Offsets that retention deleted before the group read them', labels: partitionLabels, rows: known((row) => row.lost) },
    { name: 'kt_consumergroup_open_transaction', help: '1 where an open transaction holds back what the group has not read', labels: [...partitionLabels, 'producer_id', 'transactional_id'], rows: openTransactions(rows) },
    { name: 'kt_consumergroup_members', help: 'Members of the group', labels: ['group'], rows: perGroup(({ group }) => positions.get(group)?.members.length) },
    { name: 'kt_consumergroup_state', help: '1 for the state the group is in', labels: ['group', 'state', 'type'], rows: groups.map(({ group, state, type }) => [{ group, state, type }, 1] as const) },
  ]; // biome-ignore format: a table
  return all.filter((family) => family.rows.length > 0);
}

function openTransactions(rows: readonly (PartitionLag & { readonly labels: Labels })[]): readonly Row[] {
  return rows
    .filter(({ status }) => status === 'open-transaction')
    .map(({ labels, transaction }) => [
      { ...labels, producer_id: String(transaction?.producerId ?? ''), transactional_id: transaction?.transactionalId ?? '' },
      1,
    ]);
}

function topicSums(groups: LagReport['groups']): readonly Row[] {
  return groups.flatMap(({ group, partitions }) => {
    const sums = new Map<string, number>();
    for (const { topic, lag } of partitions) if (lag !== null) sums.set(topic, (sums.get(topic) ?? 0) + Number(lag));
    return [...sums].map(([topic, sum]) => [{ group, topic }, sum] as const);
  });
}

/** A report as text; nothing of an earlier report is left in it. */
export async function lagMetrics(report: LagReport, more?: Registry): Promise<string> {
  const { Gauge, Registry } = (await import('prom-client')).default;
  const registry = new Registry();
  // kafka-lag-exporter's label, used by its dashboards.
  const cluster_name = report.clusterId ?? '';
  for (const { name, help, labels, rows } of families(report)) {
    const gauge = new Gauge({ name, help, labelNames: ['cluster_name', ...labels], registers: [registry] });
    for (const [values, value] of rows) gauge.set({ cluster_name, ...values }, value);
  }
  const all = more ? Registry.merge([registry, more]) : registry;
  return all.metrics();
}
