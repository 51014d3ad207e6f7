/** The groups of a cluster over time: who is there, what they committed, how far behind they are. Each call asks one broker once. */
import { isEnding, KtError } from '../../base/errors.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { describeMembers, type Member } from '../groups/describe.ts';
import { groupsOn, type ListedGroup } from '../groups/list.ts';
import { type Committed, listGroupOffsets, listShareGroupOffsets } from '../groups/offsets.ts';
import { catchUpSeconds } from '../lag/catch-up.ts';
import { type Logs, lagOf, type PartitionLag, totalLag } from '../lag/compute.ts';
import { LagHistory } from '../lag/history.ts';
import { verdictOf, worstFirst } from '../lag/verdicts.ts';
import { ratesOf } from '../lag/watch.ts';
import { keep, sum, trendLength } from './logs.ts';
import type { GroupPartitionState, GroupState } from './snapshot.ts';

interface Watched {
  listed: ListedGroup;
  members: readonly Member[] | null;
  commits: readonly Committed[] | undefined;
  unread: readonly string[];
  problem: KtError | undefined;
  /** Epoch ms of the commits. */
  readAt: number | null;
  /** Whether they were read since the last tick. */
  isFresh: boolean;
  readonly history: LagHistory;
  readonly trend: (number | null)[];
  state: GroupState | undefined;
}

export class GroupWatch {
  readonly #cluster: Cluster;
  readonly #groups = new Map<string, Watched>();
  /** Why a broker does not list its groups. */
  readonly #problems = new Map<number, KtError>();
  /** Whether a list has come. */
  listed = false;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  get problems(): readonly KtError[] {
    return [...this.#problems.values()];
  }

  /** The names of a broker's groups. */
  namesOn(broker: number): readonly string[] {
    return [...this.#groups.values()].filter(({ listed }) => listed.coordinator === broker).map(({ listed }) => listed.group);
  }

  get names(): readonly string[] {
    return [...this.#groups.keys()];
  }

  /** Learns which groups a broker coordinates. One that does not answer, or has just become their coordinator, loses none. */
  async list(broker: number): Promise<void> {
    let found: readonly ListedGroup[] | 'loading';
    try {
      found = await groupsOn(this.#cluster, broker, {});
    } catch (error) {
      if (!(error instanceof KtError) || isEnding(error)) throw error;
      if (error.kind !== 'connection') this.#problems.set(broker, error);
      return;
    }
    this.#problems.delete(broker);
    if (found === 'loading') return;
    this.listed = true;
    const names = new Set(found.map(({ group }) => group));
    for (const [name, { listed }] of this.#groups)
      if (listed.coordinator === broker && !names.has(name)) this.#groups.delete(name);
    for (const listed of found) {
      const known = this.#groups.get(listed.group);
      if (known) known.listed = listed;
      else this.#groups.set(listed.group, watched(listed));
    }
  }

  /** Learns what groups of a broker committed. @param wallMs epoch ms to note */
  async readCommits(broker: number, names: readonly string[], wallMs: () => number): Promise<void> {
    const known = new Map(names.map((name) => [name, broker]));
    const options = { known, timeoutMs: 0 };
    const isShare = (name: string) => this.#groups.get(name)?.listed.type === 'share';
    const [share, others] = [names.filter(isShare), names.filter((name) => !isShare(name))];
    const answers = await Promise.all([
      others.length > 0 ? listGroupOffsets(this.#cluster, others, options) : undefined,
      share.length > 0 ? listShareGroupOffsets(this.#cluster, share, options) : undefined,
    ]);
    for (const [name, answer] of answers.flatMap((each) => [...(each ?? [])])) {
      const group = this.#groups.get(name);
      if (!group) continue;
      group.isFresh = true;
      if (answer instanceof KtError) {
        // What was read stays, with its age.
        group.problem = answer;
        continue;
      }
      Object.assign(group, { commits: answer.commits, unread: answer.unread ?? [], problem: undefined, readAt: wallMs() });
    }
  }

  /** Learns the members of groups of a broker. */
  async readMembers(broker: number, names: readonly string[]): Promise<void> {
    const listed = names.flatMap((name) => this.#groups.get(name)?.listed ?? []);
    const known = new Map(names.map((name) => [name, broker]));
    for (const [name, answer] of await describeMembers(this.#cluster, listed, { known, timeoutMs: 0 })) {
      const group = this.#groups.get(name);
      if (!group || answer instanceof KtError) continue;
      group.members = answer.members;
      const begun = new Set((group.commits ?? []).map(({ topic }) => topic));
      if (answer.sources) group.unread = answer.sources.filter((topic) => !begun.has(topic));
      // DescribeGroups reports a group of another type as dead; the list has its real state.
      if (answer.state !== 'Dead') group.listed = { ...group.listed, state: answer.state };
    }
  }

  /** Adds a sample of each group that was read since the last tick. */
  tick(logs: Logs, atMs: number): void {
    for (const group of this.#groups.values()) {
      if (group.isFresh || !group.state) sample(group, logs, atMs);
      else if (group.state.readAt !== null) group.state = { ...group.state, state: group.listed.state };
      group.isFresh = false;
    }
  }

  /** By name. */
  states(): readonly GroupState[] {
    return [...this.#groups.values()].flatMap(({ state }) => state ?? []).sort((a, b) => (a.group < b.group ? -1 : 1));
  }
}

function watched(listed: ListedGroup): Watched {
  return {
    listed,
    members: null,
    commits: undefined,
    unread: [],
    problem: undefined,
    readAt: null,
    isFresh: false,
    history: new LagHistory(trendLength),
    trend: [],
    state: undefined,
  };
}

function sample(group: Watched, logs: Logs, atMs: number): void {
  const { listed, members, commits, unread, problem, readAt, history, trend } = group;
  const { type, state, coordinator } = listed;
  const base = { group: listed.group, type, state, coordinator, members, readAt, problem };
  if (!commits) {
    const nothing = { lag: null, lagIsPart: false, inPerSecond: null, outPerSecond: null, verdict: null, catchUpSeconds: null };
    group.state = { ...base, ...nothing, trend: [], partitions: [] };
    return;
  }
  const position = { group: listed, protocol: '', members: members ?? [], commits, unread };
  const lag = lagOf(position, logs, 'count', () => true);
  if (!problem) history.add(atMs, [lag]);
  const partitions = lag.partitions.map((row) => partitionState(listed.group, row, history));
  const totals = totalsOf(partitions);
  // A bar that leaves something out would look like a fall.
  if (!problem) keep(trend, totals.lag === null || totals.lagIsPart ? null : Number(totals.lag));
  group.state = { ...base, ...totals, trend: [...trend], partitions };
}

type Totals = Pick<GroupState, 'lag' | 'lagIsPart' | 'inPerSecond' | 'outPerSecond' | 'verdict' | 'catchUpSeconds'>;

/** What partitions of a group come to together. */
export function totalsOf(partitions: readonly GroupPartitionState[]): Totals {
  const lag = totalLag(partitions);
  const inPerSecond = sum(partitions, (row) => row.inPerSecond).perSecond;
  const outPerSecond = sum(partitions, (row) => row.outPerSecond).perSecond;
  return {
    lag,
    lagIsPart: partitions.some((row) => row.lag === null),
    inPerSecond,
    outPerSecond,
    verdict: worstFirst.find((verdict) => partitions.some((row) => row.verdict === verdict)) ?? null,
    catchUpSeconds: catchUpSeconds({ lag, inPerSecond, outPerSecond }),
  };
}

function partitionState(group: string, row: PartitionLag, history: LagHistory): GroupPartitionState {
  const samples = history.of(group, row);
  const { inPerSecond, outPerSecond } = ratesOf(samples);
  return {
    ...row,
    inPerSecond,
    outPerSecond,
    trend: samples.map(({ lag }) => (lag === null ? null : Number(lag))),
    verdict: row.lag === null ? null : verdictOf(samples),
  };
}
