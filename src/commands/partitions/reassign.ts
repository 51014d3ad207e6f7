/** `kt partitions reassign`: moves replicas to other brokers; the plan is shown and confirmed first. */

import { usageError } from '../../base/errors.ts';
import { isPattern } from '../../base/name-pattern.ts';
import { formatSize } from '../../base/units.ts';
import { flag, option, variadicArgument } from '../../cli/define.ts';
import { bytesPerSecond, positiveNumber, wholeNumbers } from '../../cli/options.ts';
import { rows, type Tone } from '../../cli/shape.ts';
import { type Context, command } from '../../context.ts';
import {
  cancelMoves,
  inOrder,
  type Move,
  planMoves,
  plannedMoves,
  type ReassignOutcome,
  startMoves,
} from '../../core/partitions/reassign.ts';
import { ongoingReassignments } from '../../core/partitions/reassignments.ts';
import { largestRate } from '../../core/partitions/throttle-marks.ts';
import { setThrottle } from '../../core/partitions/throttles.ts';
import { type MoveProgress, untilMoved } from '../../core/partitions/until-moved.ts';
import { topicsNamed } from '../../core/topics/find.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { partitionName } from '../../kafka/routing.ts';
import { endThrottles } from './throttle-notes.ts';

const tones: Readonly<Record<ReassignOutcome['status'], Tone>> = {
  reassigned: 'good',
  started: 'good',
  valid: 'dim',
  unchanged: 'dim',
  cancelled: 'warn',
  failed: 'bad',
};
/** The throttle of a kt that set none: those of others are left to them. */
const none = -1;
/** More moves than this are counted before the question, not shown. */
const shownMoves = 20;

export const partitionsReassign = command({
  name: 'partitions reassign',
  summary: 'Move replicas of topics to other brokers, or change how many there are',
  description:
    'Plans where the replicas of the topics’ partitions should be: on the given brokers (by default all), spread over racks, with even numbers of replicas and of preferred leaders per broker, moving as little as possible. The plan is shown and has to be confirmed; without a terminal, add --yes.\n\nA reassignment continues after kt ends: kt partitions reassignments shows it. The throttle is removed when the reassignment is done; if kt ended before that, the next kt partitions reassignments removes it. Leadership moves to the new preferred replicas with kt partitions elect-leaders, or by itself where the cluster balances leaders.',
  args: {
    topics: variadicArgument('topic|pattern', 'a topic name, a glob or a regular expression', true, { complete: 'topic' }),
  },
  options: {
    brokers: option('--brokers <ids>', 'broker ids that should hold the replicas, such as 1,2,3', wholeNumbers, {
      defaultText: 'all brokers',
    }),
    replicationFactor: option('--replication-factor <n>', 'number of replicas of each partition', positiveNumber, {
      defaultText: 'as many as it has',
    }),
    throttle: option('--throttle <size/s>', 'bytes per second that each broker may copy, such as 50MiB/s', bytesPerSecond, {
      defaultText: 'no limit',
    }),
    cancel: flag('--cancel', 'end the ongoing reassignments of the topics; their replicas stay as they were'),
    wait: flag('--wait', 'wait until everything has moved (the default on a terminal)'),
    dryRun: flag('--dry-run', 'show the plan, and move nothing'),
  },
  shows: rows<ReassignOutcome>({
    columns: [
      { header: 'TOPIC', get: ({ topic }) => topic, tone: () => 'strong' },
      { header: 'PARTITION', get: ({ partition }) => partition },
      { header: 'STATUS', get: ({ status }) => status, tone: ({ status }) => tones[status] },
      { header: 'FROM', get: ({ from }) => from.join(',') || null },
      { header: 'TO', get: ({ to }) => to.join(',') || null },
      { header: 'BYTES', get: ({ bytes }) => bytes, unit: 'bytes' },
    ],
    name: ({ topic, partition }) => (partition === null ? topic : partitionName({ topic, partition })),
    fields: {
      topic: 'name of the topic, or the pattern that matches none',
      partition: 'number of the partition; null for a topic that is not there',
      status: 'reassigned, started (not waited for), valid (with --dry-run), unchanged, cancelled or failed',
      from: 'broker ids of its replicas before, the preferred leader first',
      to: 'broker ids of its replicas afterwards',
      adding: 'broker ids that get a replica',
      removing: 'broker ids that lose their replica',
      bytes: 'bytes to copy: the size of the log for each added replica; null where brokers do not say',
      error: 'why it failed: {kind, code, message, hint}, code being Kafka’s error name',
    },
    problems: (outcomes) => outcomes.flatMap(({ error }) => error ?? []),
  }),
  examples: [
    { line: 'kt partitions reassign orders --dry-run', does: 'show what would move to spread a topic evenly' },
    { line: "kt partitions reassign 'orders-*' --replication-factor 3", does: 'raise the number of replicas' },
    {
      line: "kt partitions reassign '*' --brokers 1,2,3 --throttle 50MiB/s",
      does: 'empty the other brokers without disturbing clients',
    },
    { line: 'kt partitions reassign orders --cancel', does: 'cancel it; the replicas are as before' },
  ],
  async run(context, { topics }, { brokers = [], replicationFactor, throttle, cancel, wait, dryRun }) {
    if (cancel && (brokers.length > 0 || replicationFactor !== undefined || throttle !== undefined))
      throw usageError('--cancel (together with a plan for new replicas)', 'give --cancel and the topics alone');
    if (throttle !== undefined && throttle > largestRate)
      throw usageError('--throttle (2GiB/s is the most)', 'leave it out to copy without a limit');
    const cluster = await context.cluster();
    if (cancel) return cancelled(context, cluster, { topics, dryRun });
    const plan = await planMoves(cluster, { topics, brokers, replicationFactor });
    if (dryRun || plan.moves.length === 0) return plannedMoves(plan);
    await shownAndConfirmed(context, plan.moves, throttle, topics.some(isPattern));
    const outcomes = await carriedOut(context, cluster, plan.moves, { throttle, wait });
    return inOrder([...outcomes, ...plan.settled]);
  },
});

interface CarryOutOptions {
  readonly throttle: number | undefined;
  readonly wait: boolean;
}

/** On Ctrl-C what was started goes on, and its throttle stays for the next kt to remove. */
async function carriedOut(
  context: Context,
  cluster: Cluster,
  moves: readonly Move[],
  { throttle, wait }: CarryOutOptions,
): Promise<readonly ReassignOutcome[]> {
  try {
    const own = throttle === undefined ? undefined : await setThrottle(cluster, moves, throttle);
    const outcomes = await startMoves(cluster, moves);
    const started = outcomes.filter(({ status }) => status === 'started');
    const refused = outcomes.filter(({ status }) => status !== 'started');
    const waits = (wait || context.terminal.stderr) && started.length > 0;
    const ended = waits ? await watched(context, cluster, started) : started;
    if (waits || started.length === 0) await endThrottles(cluster, context, own ?? none);
    else context.note(`the reassignment continues: ${howToGoOn(throttle)}`);
    return [...ended, ...refused];
  } catch (error) {
    if (context.signal.aborted) context.note(`what was started continues: ${howToGoOn(throttle)}`);
    throw error;
  }
}

function howToGoOn(throttle: number | undefined): string {
  const removes = throttle === undefined ? '' : ', and removes the throttle when it is done';
  return `kt partitions reassignments shows it${removes}`;
}

async function watched(
  { progress }: Context,
  cluster: Cluster,
  started: readonly ReassignOutcome[],
): Promise<readonly ReassignOutcome[]> {
  const shown = progress(`moving ${started.length} partitions`);
  try {
    return await untilMoved(cluster, started, (now) => shown.update(progressText(now)));
  } finally {
    shown.stop();
  }
}

function progressText({ partitions, partitionsDone, bytes, bytesDone }: MoveProgress): string {
  const moved =
    bytes === null || bytesDone === null ? '' : `, ${formatSize(Number(bytesDone))} of ${formatSize(Number(bytes))}`;
  return `${partitionsDone} of ${partitions} partitions moved${moved}`;
}

async function shownAndConfirmed(
  { note, confirm }: Context,
  moves: readonly Move[],
  throttle: number | undefined,
  byPattern: boolean,
): Promise<void> {
  for (const { topic, partition, from, to, bytes } of moves.slice(0, shownMoves))
    note(
      `${partitionName({ topic, partition })}: ${from.join(',')} → ${to.join(',')} (${bytes === null ? 'size unknown' : formatSize(Number(bytes))})`,
    );
  if (moves.length > shownMoves) note(`… and ${moves.length - shownMoves} more: --dry-run shows all`);
  const known = moves.every(({ bytes }) => bytes !== null);
  const bytes = moves.reduce((sum, move) => sum + (move.bytes ?? 0n), 0n);
  const amount = `${known ? '' : 'at least '}${formatSize(Number(bytes))}`;
  const rate = throttle === undefined ? 'without a throttle' : `at ${formatSize(throttle)}/s per broker`;
  const what = moves.length === 1 ? 'one partition' : `${moves.length} partitions`;
  await confirm(`Reassign ${what}, copying ${amount} ${rate},`, { count: moves.length, byPattern });
}

async function cancelled(
  context: Context,
  cluster: Cluster,
  { topics, dryRun }: { readonly topics: readonly string[]; readonly dryRun: boolean },
): Promise<readonly ReassignOutcome[]> {
  const named = await topicsNamed(cluster, topics);
  const ongoing = (await ongoingReassignments(cluster)).filter(({ topic }) => named.has(topic));
  if (ongoing.length === 0) {
    context.note('none of the topics is being reassigned');
    return [];
  }
  if (dryRun)
    return ongoing.map(({ topic, partition, replicas, adding, removing }) => {
      const to = replicas.filter((id) => !adding.includes(id));
      return { topic, partition, status: 'valid', from: replicas, to, adding, removing, bytes: null };
    });
  for (const { topic, partition, adding } of ongoing.slice(0, shownMoves))
    context.note(`${partitionName({ topic, partition })}: what broker ${adding.join(', ') || '-'} has copied is dropped`);
  await context.confirm(
    `Cancel the reassignment of ${ongoing.length === 1 ? 'one partition' : `${ongoing.length} partitions`}`,
    { count: ongoing.length, byPattern: topics.some(isPattern) },
  );
  const outcomes = await cancelMoves(cluster, ongoing);
  await endThrottles(cluster, context);
  return outcomes;
}
