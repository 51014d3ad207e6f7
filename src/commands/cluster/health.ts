/** `kt cluster health`: one check after the other, and exit code 1 with the list of what does not hold. */
import { KtError } from '../../base/errors.ts';
import { pause } from '../../base/pause.ts';
import { option, repeatable } from '../../cli/define.ts';
import { choice, finiteDuration, percentage } from '../../cli/options.ts';
import type { Block, Column, TableShape, Tone } from '../../cli/shape.ts';
import { type Context, command } from '../../context.ts';
import {
  type CheckResult,
  clusterHealth,
  type Health,
  type HealthCheck,
  type HealthItem,
  healthChecks,
} from '../../core/cluster/health.ts';

import { partitionName } from '../../kafka/routing.ts';

const defaultMinFree = 10;
/** More items than this are for `-o json`. */
const shownItems = 50;
const namedItems = 3;

/** What each check asks, and what to do when it does not hold. */
const meanings: Readonly<Record<HealthCheck, { readonly says: string; readonly hint: string }>> = {
  controller: { says: 'no controller', hint: 'kt cluster quorum shows the voters; a majority of them must be running' },
  brokers: { says: 'brokers not in service', hint: 'kt cluster describe shows all brokers; start them, or check their logs' },
  'offline-partitions': {
    says: 'partitions without a leader',
    hint: 'start a broker of their in-sync replicas; where none comes back: kt partitions elect-leaders TOPIC --unclean',
  },
  'under-min-isr': {
    says: 'partitions with fewer in-sync replicas than min.insync.replicas, which refuse acks=all',
    hint: 'kt topics describe --under-min-isr shows them; their followers are down or behind',
  },
  'under-replicated': {
    says: 'partitions with replicas out of sync',
    hint: 'kt topics describe --under-replicated shows them; their followers are down or behind',
  },
  'at-min-isr': { says: 'partitions that cannot lose one more in-sync replica', hint: '' },
  'leader-skew': {
    says: 'partitions not led by their preferred replica',
    hint: 'kt partitions elect-leaders gives leadership back',
  },
  'log-dirs': {
    says: 'log directories offline or full',
    hint: 'kt cluster log-dirs shows their state and what uses the space',
  },
};

const shows: TableShape<Health> = {
  kind: 'table',
  blocks: ({ healthy, checks }) => [summary(healthy, checks), ...checks.filter(({ ok }) => ok === false).map(details)],
  names: ({ checks }) => checks.filter(({ ok }) => ok === false).map(({ check }) => check),
  json: ({ healthy, checks }) => ({ healthy, checks }),
  problems: ({ checks, problems }) => [...problems, ...checks.filter(({ ok }) => ok === false).map(failure)],
  fields: {
    healthy: 'whether every check passed',
    'checks[].check': `${healthChecks.join(', ')}`,
    'checks[].ok': 'whether it passed; null when it could not be checked. at-min-isr is only a note, and always passes',
    'checks[].items[].topic': 'partition checks: name of the topic',
    'checks[].items[].partition': 'number of the partition',
    'checks[].items[].leader': 'broker id of its leader; null without one',
    'checks[].items[].replicas': 'broker ids of its replicas, the preferred leader first',
    'checks[].items[].isr': 'broker ids of its replicas in sync',
    'checks[].items[].minIsr': 'its min.insync.replicas; null where the cluster does not say',
    'checks[].items[].broker': 'brokers and log-dirs: broker id',
    'checks[].items[].logDir': 'log-dirs: path of the directory',
    'checks[].items[].reason': 'what is wrong with it',
    'checks[].items[].totalBytes': 'log-dirs: size of its file system; null before Kafka 3.3',
    'checks[].items[].usableBytes': 'log-dirs: free space of its file system',
  },
};

export const clusterHealthCommand = command({
  name: 'cluster health',
  summary: 'Check the health of the cluster',
  description:
    'Exit code 1 when a check fails, with the list of what is wrong; 3 when something could not be checked. leader-skew counts partitions that are not led by their preferred replica although it is in sync.',
  args: {},
  options: {
    skip: repeatable('--skip <check>', 'skip this check', choice(healthChecks)),
    wait: option(
      '--wait <duration>',
      'wait until every check passes, for at most so long; also for a cluster that cannot be reached yet',
      finiteDuration,
    ),
    minFree: option('--min-free <percent>', 'a log directory with less space free is full', percentage, {
      defaultText: `${defaultMinFree}`,
    }),
  },
  shows,
  examples: [
    { line: 'kt cluster health', does: 'show whether anything is wrong' },
    { line: 'kt cluster health -q --skip leader-skew', does: 'in a script: exit code 0 or 1' },
    { line: 'kt cluster health --wait 2m', does: 'in a script: wait until Kafka is up and healthy' },
    { line: 'kt cluster health -o json', does: 'with every affected partition' },
  ],
  async run(context, _args, { skip, minFree, wait }) {
    const asked = { skip, minFreePercent: minFree ?? defaultMinFree };
    return wait === undefined ? clusterHealth(await context.clusterOnDemand(), asked) : untilHealthy(context, asked, wait);
  },
});

const lookMs = 2_000;

/** The health, as soon as it is good or the time is over. */
async function untilHealthy(context: Context, asked: Parameters<typeof clusterHealth>[1], forMs: number): Promise<Health> {
  const { clusterWithin, Waiting } = await import('../waiting.ts');
  const deadline = performance.now() + forMs;
  const waiting = new Waiting(context, 'waiting');
  try {
    for (;;) {
      const health = await unlessAway(clusterHealth(await clusterWithin(context, deadline, waiting), asked));
      const left = deadline - performance.now();
      const problem = health instanceof KtError ? health : shows.problems?.(health)[0];
      if (!(health instanceof KtError) && (problem === undefined || left <= 0)) return health;
      if (left <= 0) throw health;
      waiting.look(left, problem);
      await pause(Math.min(lookMs, left), context.signal);
      context.signal.throwIfAborted();
    }
  } finally {
    waiting.stop();
  }
}

/** The health, or the lost connection. */
async function unlessAway(health: Promise<Health>): Promise<Health | KtError> {
  try {
    return await health;
  } catch (error) {
    if (error instanceof KtError && error.kind === 'connection') return error;
    throw error;
  }
}

function stateOf({ check, ok, items }: CheckResult): string {
  if (ok === null) return 'unknown';
  if (check === 'at-min-isr' && items.length > 0) return 'note';
  return ok ? 'ok' : 'failed';
}

const tones: Readonly<Record<string, Tone>> = { ok: 'good', note: 'dim', unknown: 'warn', failed: 'bad' };

function summary(healthy: boolean, checks: readonly CheckResult[]): Block {
  return {
    heading: [['healthy', healthy ? 'yes' : 'no', healthy ? 'good' : 'bad']],
    columns: [
      { header: 'CHECK', get: ({ check }: CheckResult) => check },
      { header: 'STATUS', get: stateOf, tone: (row: CheckResult) => tones[stateOf(row)] },
      { header: 'COUNT', get: ({ items }: CheckResult) => items.length },
      {
        header: 'MEANING',
        get: ({ check, items }: CheckResult) => (items.length > 0 ? meanings[check].says : null),
        tone: () => 'dim',
      },
    ],
    rows: checks,
  };
}

const partitionColumns: readonly Column<Extract<HealthItem, { topic: string }>>[] = [
  { header: 'TOPIC', get: ({ topic }) => topic },
  { header: 'PARTITION', get: ({ partition }) => partition },
  { header: 'LEADER', get: ({ leader }) => leader },
  { header: 'REPLICAS', get: ({ replicas }) => replicas.join(',') },
  { header: 'ISR', get: ({ isr }) => isr.join(',') },
  { header: 'MIN-ISR', get: ({ minIsr }) => minIsr },
];
const brokerColumns: readonly Column<Extract<HealthItem, { broker: number }>>[] = [
  { header: 'BROKER', get: ({ broker }) => broker },
  { header: 'REASON', get: ({ reason }) => reason },
];
const logDirColumns: readonly Column<Extract<HealthItem, { logDir: string | null }>>[] = [
  { header: 'BROKER', get: ({ broker }) => broker },
  { header: 'LOG-DIR', get: ({ logDir }) => logDir },
  { header: 'REASON', get: ({ reason }) => reason },
  { header: 'USABLE-BYTES', get: ({ usableBytes }) => usableBytes, unit: 'bytes' },
];

function details({ check, items }: CheckResult): Block {
  const columns =
    check === 'controller' ? [] : check === 'brokers' ? brokerColumns : check === 'log-dirs' ? logDirColumns : partitionColumns;
  const more = items.length - shownItems;
  return {
    heading: [[check, meanings[check].says, 'bad']],
    columns,
    rows: items.slice(0, shownItems),
    ...(more > 0 ? { footer: `… and ${more} more: -o json shows all` } : {}),
  };
}

function nameOf(item: HealthItem): string {
  if ('topic' in item) return partitionName(item);
  if ('logDir' in item) return `${item.logDir} of broker ${item.broker}: ${item.reason}`;
  return 'broker' in item ? `broker ${item.broker}` : item.reason;
}

function failure({ check, items }: CheckResult): KtError {
  const { says, hint } = meanings[check];
  if (check === 'controller') return new KtError('check', `controller: ${says}`, { hint });
  const named = items.slice(0, namedItems).map(nameOf).join(', ');
  const more = items.length > namedItems ? `, and ${items.length - namedItems} more` : '';
  return new KtError('check', `${check}: ${says}: ${items.length} (${named}${more})`, { hint });
}
