/** Replication throttles: set before a reassignment, removed once it is done; only those that kt set (KIP-73). */
import { KtError } from '../../base/errors.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { untilSeen } from '../topics/until-seen.ts';
import { difference, type PlannedPartition } from './reassign-plan.ts';
import {
  brokerRates,
  type Edit,
  edit,
  followerList,
  leaderList,
  markedThrottles,
  rates,
  throttledLists,
} from './throttle-configs.ts';
import { type Mark, markEntries, marksIn } from './throttle-marks.ts';

/**
 * Limits the replication of these moves to `rate` bytes per second on each broker. The lists on the topics are set first, because the marks
 * in them identify kt's throttles if it ends before it is done.
 * @returns when, in epoch seconds: `own` of `removeThrottles`
 * @throws KtError `refused` where somebody else's throttle is in the way, or the cluster refuses the configs; then no throttle is left behind
 */
export async function setThrottle(cluster: Cluster, moves: readonly PlannedPartition[], rate: number): Promise<number> {
  const { topics, brokers } = throttled(moves);
  const since = epochSeconds();
  if (topics.length === 0) return since;
  await refuseForeign(cluster, topics, brokers);
  try {
    await applyThrottle(cluster, moves, rate, since);
  } catch (error) {
    await removeThrottles(cluster, new Set(), since).catch(() => {});
    throw error;
  }
  // A broker that does not know its rate yet would copy without a limit.
  await untilSeen(cluster, async () => {
    const marked = new Set((await markedThrottles(cluster)).map(({ topic }) => topic));
    const found = [...(await brokerRates(cluster, brokers)).values()];
    return (
      topics.every((topic) => marked.has(topic)) && found.every((set) => set.filter(([, its]) => its === rate).length === 2)
    );
  });
  return since;
}

function epochSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

async function applyThrottle(cluster: Cluster, moves: readonly PlannedPartition[], rate: number, since: number): Promise<void> {
  const { moving, topics, brokers } = throttled(moves);
  await edit(
    cluster,
    topics.map((topic) => ({
      resource: { type: 'topic', name: topic },
      changes: listChanges(
        moving.filter((move) => move.topic === topic),
        { brokers, rate, since },
      ),
    })),
  );
  await edit(
    cluster,
    brokers.map((broker) => ({
      resource: { type: 'broker', name: String(broker) },
      changes: rates.map((name) => ({ name, operation: 'set', value: String(rate) })),
    })),
  );
}

/** The moves that copy data, with their topics and brokers. */
function throttled(moves: readonly PlannedPartition[]) {
  const moving = moves.filter((move) => difference(move).adding.length > 0);
  return {
    moving,
    topics: [...new Set(moving.map(({ topic }) => topic))],
    brokers: [...new Set(moving.flatMap(({ from, to }) => [...from, ...to]))].sort((a, b) => a - b),
  };
}

/** Leaders are throttled on the present replicas, followers on the new ones. */
function listChanges(moves: readonly PlannedPartition[], mark: Mark): Edit['changes'] {
  const entries = (brokersOf: (move: PlannedPartition) => readonly number[]) =>
    moves.flatMap((move) => brokersOf(move).map((broker) => `${move.partition}:${broker}`));
  const leaders = [...entries(({ from }) => from), ...markEntries(mark)];
  return [
    { name: leaderList, operation: 'append', value: leaders.join() },
    { name: followerList, operation: 'append', value: entries((move) => difference(move).adding).join() },
  ];
}

/** kt neither changes nor removes throttles that it does not know. */
async function refuseForeign(cluster: Cluster, topics: readonly string[], brokers: readonly number[]): Promise<void> {
  const [lists, marked] = [await throttledLists(cluster, topics), await markedThrottles(cluster)];
  for (const { topic, leaders, followers } of lists) {
    if ((leaders || followers) && !marksIn(leaders)) throw foreign(`topic ${topic}`, leaderList, leaders || followers);
  }
  const found = await brokerRates(cluster, brokers);
  for (const [broker, set] of found) {
    const known = marked.some((mark) => mark.brokers.includes(broker) && set.every(([, rate]) => mark.rates.includes(rate)));
    if (set.length > 0 && !known) throw foreign(`broker ${broker}`, set[0]![0], String(set[0]![1]));
  }
}

function foreign(where: string, name: string, value: string): KtError {
  return new KtError('refused', `a throttle that kt did not set is on ${where} (${name}=${value})`, {
    code: 'REASSIGNMENT_IN_PROGRESS',
    hint: `leave out --throttle to move under that one, or remove it first: kt configs alter ${where} --delete-config ${name}`,
  });
}

export interface RemovedThrottles {
  readonly topics: readonly string[];
  readonly brokers: readonly number[];
  /** Brokers that are down and keep their rate; the topics keep their marks for the next time. */
  readonly unreachable: readonly number[];
  /** Nothing was removed yet: see `graceSeconds`. */
  readonly tooYoung: boolean;
}

/** A throttle newer than this may belong to a kt that has not started its moves yet. */
export const graceSeconds = 10;

/**
 * Removes every throttle that kt set, unless one of its topics is still being reassigned or another kt has just set it. Rates that others have
 * changed since stay.
 * @param ongoing topics that are being reassigned
 */
export async function removeThrottles(cluster: Cluster, ongoing: ReadonlySet<string>, own?: number): Promise<RemovedThrottles> {
  const marked = await markedThrottles(cluster);
  const nothing = { topics: [], brokers: [], unreachable: [], tooYoung: false };
  if (marked.length === 0 || marked.some(({ topic }) => ongoing.has(topic))) return nothing;
  const now = epochSeconds();
  const isYoung = (time: number) => time !== own && Math.abs(now - time) < graceSeconds;
  if (marked.some(({ times }) => times.some(isYoung))) return { ...nothing, tooYoung: true };
  const known = [...new Set(marked.flatMap(({ brokers }) => brokers))];
  const alive = new Set((await cluster.metadata([])).brokers.map(({ id }) => id));
  const unreachable = known.filter((broker) => !alive.has(broker));
  const found = await brokerRates(
    cluster,
    known.filter((broker) => alive.has(broker)),
  );
  const isOurs = (broker: number, rate: number) =>
    marked.some((mark) => mark.brokers.includes(broker) && mark.rates.includes(rate));
  const brokerEdits = [...found].flatMap(([broker, set]): Edit[] => {
    const ours = set.filter(([, rate]) => isOurs(broker, rate));
    const changes = ours.map(([name]) => ({ name, operation: 'delete', value: null }) as const);
    return changes.length > 0 ? [{ resource: { type: 'broker', name: String(broker) }, changes }] : [];
  });
  await edit(cluster, brokerEdits);
  // The marks go last, so that the next kt finds what could not be removed now.
  const topics = unreachable.length > 0 ? [] : marked.map(({ topic }) => topic);
  await edit(
    cluster,
    topics.map((topic) => ({
      resource: { type: 'topic', name: topic },
      changes: [leaderList, followerList].map((name) => ({ name, operation: 'delete', value: null }) as const),
    })),
  );
  await untilSeen(cluster, async () => {
    const left = new Set((await markedThrottles(cluster)).map(({ topic }) => topic));
    return !topics.some((topic) => left.has(topic));
  });
  return { topics, brokers: brokerEdits.map(({ resource }) => Number(resource.name)), unreachable, tooYoung: false };
}
