/** `kt lag`: how far groups are behind, and checks on it for scripts. */
import type { KtError } from '../base/errors.ts';
import { variadicArgument } from '../cli/define.ts';
import { orLive } from '../cli/live.ts';
import type { Block, TableShape } from '../cli/shape.ts';
import { type Context, command } from '../context.ts';
import { unknownAges } from '../core/lag/checks.ts';
import type { GroupLag } from '../core/lag/compute.ts';
import type { LagOptions } from '../core/lag/options.ts';
import { type LagReport, reportLag } from '../core/lag/report.ts';
import { lagFields, lagTone, transactionsHeading } from './groups/lag-rows.ts';
import { columnsOf, type LagColumns } from './lag/columns.ts';
import { modeOf } from './lag/mode.ts';
import { lagOptions } from './lag/options.ts';
import { summaryBlock, summaryFields, summaryRows } from './lag/summary.ts';
import { noteIfPartial } from './visibility.ts';

const shows: TableShape<LagReport & LagColumns & { readonly summary: boolean }> = {
  kind: 'table',
  blocks: (report) => (report.summary ? [summaryBlock(report)] : report.groups.map((lag) => block(lag, report))),
  columnsOfNone: columnsOf,
  names: ({ groups }) => groups.map(({ group }) => group),
  json: (report) => (report.summary ? summaryRows(report) : report.groups),
  problems: ({ problems }) => problems,
  formats: {
    markdown: async (report) => (await import('./lag/markdown.ts')).lagMarkdown(report),
    prometheus: async (report) => (await import('./lag/metrics.ts')).lagMetrics(report),
  },
  isLiveWith: ({ watch }) => watch !== undefined,
  fields: {
    group: 'name of the group',
    state: 'state of the group: Stable, Empty, …',
    type: 'classic, consumer, share or streams',
    coordinator: 'broker id of its coordinator',
    lag: 'sum of the known lag of its partitions; null where it has some, and none is known',
    ...summaryFields,
    ...lagFields,
    'partitions[].lagSeconds': 'with --seconds: age of the first unread record, 0 at the end; null where it is unknown',
    'partitions[].lagSecondsProblem': 'with --seconds: why the age is unknown although there is lag; absent otherwise',
    'partitions[].verdict':
      'with --fail-if-growing: ok, catching up, growing, stalled, stopped, rewound; null with too few samples',
    'partitions[].inPerSecond': 'with --watch: records written per second over the last six samples',
    'partitions[].outPerSecond': 'with --watch: records the group committed per second',
    'partitions[].catchUpSeconds': 'with --watch: seconds until the lag is gone at these rates; null where it does not fall',
  },
};

export const lag = command({
  name: 'lag',
  summary: 'Show how far groups are behind, and check it',
  description: [
    'Without a name: all groups. Patterns are globs (billing-*) or regular expressions that must match the whole name.',
    'A partition without a committed offset, in a topic that the group reads, counts from its start offset. A committed offset older than the log counts from the start offset too; records deleted before they were read are reported as lost.',
    'Where a group has committed everything up to the last stable offset, and an open transaction holds back what follows, the status is open-transaction: a consumer that reads committed records only cannot go on. kt names the producer. The records still count as lag.',
    "--seconds reads the first unread record of each partition and shows its age. It needs no history; the timestamp is the producer's (or the broker's, depending on message.timestamp.type).",
    '--fail-if-growing watches the lag for a while (--for, 30s by default; one sample every --interval, a twelfth of it) and judges each partition.\n\nTwo verdicts pass. ok: the partition was caught up in the last sample or in the second half of the window, or nothing was written (a quiet topic never fails), or the lag neither rose nor fell. catching up: the lag fell. Four fail. growing: offsets were committed, but the lowest lag rose from each quarter of the window to the next, in total by more than a twentieth of what was written. stalled: records were written in the first half, nothing was committed, and a member is assigned the partition. stopped: the same without a member. rewound: the committed offset went back.\n\nSamples without a leader or coordinator do not count; if more than half are missing, the exit code is 3. Make --for several times the commit interval of the group (Java: 5s), and longer than a member takes to go round its partitions: one that waits for its turn looks stalled.',
    '--wait polls until every check passes, for at most --for (5m by default): a gate before a deployment. It waits for a cluster that cannot be reached yet and for brokers that restart, and says every ten seconds what it waits for; a group or topic that does not exist is reported after three seconds.',
    '--watch shows the lag live, largest first. Keys scroll (arrows, page keys), sort (s, r to reverse), filter by group, partition or member (/), show sums for topics and groups (g), and quit (q). In a pipe, or with -o json, it prints one JSON object per sample: {timestamp, groups, errors}. CATCH-UP says when the lag is gone if the group goes on as in the last six samples (IN/S, OUT/S): never where it does not fall, keeps up where all that is left are the records since the last commits; >37s of a group or topic is 37s for all partitions together, and longer as the lag of some partition does not fall. A duration after it is the time between samples (2s by default).',
    '--serve answers GET /metrics for Prometheus, with the metric names of kafka-lag-exporter; each scrape measures anew. To serve other machines, give a host: --serve 0.0.0.0:9308. -o prometheus prints the same once.',
    'Exit codes: 0 every check passed, 1 a check failed, 3 a named group or topic does not exist or its lag is unknown, 4 the cluster does not answer.',
  ].join('\n\n'),
  args: {
    groups: variadicArgument('group|pattern', 'a group name, a glob or a regular expression', false, { complete: 'group' }),
  },
  options: lagOptions,
  shows: orLive(shows),
  examples: [
    { line: 'kt lag', does: 'show the lag of all groups' },
    { line: 'kt lag billing --max-lag 1000', does: 'fail with exit code 1 when a partition lags more than 1,000 records' },
    { line: 'kt lag billing --max-seconds 5m', does: 'fail when a first unread record is older than five minutes' },
    { line: 'kt lag billing --fail-if-growing --for 2m', does: 'fail when a partition falls behind within two minutes' },
    { line: 'kt lag billing --max-lag 0 --wait --for 10m', does: 'wait until everything is read, ten minutes at most' },
    { line: 'kt lag billing --topic orders -o json', does: 'the lag on one topic, for a script' },
    { line: 'kt lag billing --topic orders:0,3', does: 'the lag on two partitions' },
    { line: 'kt lag billing --max-lag 1000 -o markdown', does: 'a summary for GitHub Actions ($GITHUB_STEP_SUMMARY)' },
    { line: 'kt lag --summary', does: 'one row per group, the largest lag first' },
    { line: 'kt lag --watch 1s', does: 'watch all groups live' },
    { line: 'kt lag --seconds --serve localhost:9308', does: 'export metrics to Prometheus' },
  ],
  async run(context, { groups }, options) {
    const { output, outputIsWish } = context.globals;
    // KT_OUTPUT is a wish for where it can be had.
    const mode = modeOf({ ...options, groups, output: outputIsWish ? undefined : output });
    const {
      topic: partitions,
      maxSeconds: maxAgeMs,
      seconds,
      isolation,
      maxLag,
      maxTotalLag,
      uncommitted = 'count',
      maxBatchBytes,
      summary,
    } = options;
    const topics = partitions.map(({ topic }) => topic);
    const asked: LagOptions = {
      topics,
      partitions,
      seconds,
      isolation,
      maxBatchBytes,
      maxLag,
      maxTotalLag,
      maxAgeMs,
      uncommitted,
    };
    const texts = mode.groups;
    if (mode.kind === 'serve') {
      const { serveLag } = await import('./lag/serve.ts');
      return serveLag(context, texts, asked, mode);
    }
    const shown = { summary, ages: seconds || maxAgeMs !== undefined, verdicts: mode.kind === 'growth' };
    if (mode.kind === 'wait' || mode.kind === 'growth') return { ...(await overTime(context, texts, asked, mode)), ...shown };
    const now = mode.kind === 'now';
    const cluster = await (now ? context.clusterOnDemand() : context.cluster());
    if (now) {
      const report = await reportLag(cluster, texts, asked);
      await noteIfPartial(context, 'groups', texts);
      // A check on ages says it itself.
      const unknown = maxAgeMs === undefined ? unknownAges(report.groups) : undefined;
      if (unknown !== undefined) context.note(unknown);
      return { ...report, ...shown };
    }
    const [{ watchLag }, { lagLive }] = await Promise.all([import('../core/lag/watch.ts'), import('./lag/watch-view.ts')]);
    return lagLive((signal) => watchLag(cluster, texts, asked, mode.intervalMs, signal));
  },
});

/** Looks for a time, telling how it goes; a wait begins before the cluster can be reached. */
async function overTime(
  context: Context,
  texts: readonly string[],
  asked: LagOptions,
  mode: { readonly kind: 'wait' | 'growth'; readonly forMs: number; readonly intervalMs: number },
): Promise<LagReport> {
  const [{ judgeLag, waitForLag }, { clusterWithin, Waiting }] = await Promise.all([
    import('../core/lag/window.ts'),
    import('./waiting.ts'),
  ]);
  const waits = mode.kind === 'wait';
  const deadline = performance.now() + mode.forMs;
  const waiting = new Waiting(context, waits ? 'waiting' : 'watching the lag');
  const onLook = (leftMs: number, [problem]: readonly KtError[]) => waiting.look(leftMs, problem);
  try {
    const cluster = waits ? await clusterWithin(context, deadline, waiting) : await context.cluster();
    const forMs = waits ? Math.max(1, deadline - performance.now()) : mode.forMs;
    return await (waits ? waitForLag : judgeLag)(cluster, texts, asked, { ...mode, forMs, onLook });
  } finally {
    waiting.stop();
  }
}

function block({ group, state, type, coordinator, lag: total, partitions }: GroupLag, shown: LagColumns): Block {
  const lost = partitions.reduce((sum, row) => sum + (row.lost ?? 0n), 0n);
  return {
    heading: [
      ['group', group, 'strong'],
      ['state', `${state} (${type})`, state === 'Stable' ? 'good' : 'dim'],
      ['coordinator', coordinator],
      ['lag', total, lagTone(total), 'count'],
      ...(lost > 0n ? [['lost', lost, 'bad', 'count'] as const] : []),
      ...transactionsHeading(partitions),
    ],
    columns: columnsOf(shown),
    hidesEmpty: true,
    rows: partitions.map((partition) => ({ group, ...partition })),
  };
}
