/** What `kt top` knows at one moment: plain values, which views turn into lines and JSON. */
import type { KtError } from '../../base/errors.ts';
import type { Member } from '../groups/describe.ts';
import type { PartitionLag } from '../lag/compute.ts';
import type { Verdict } from '../lag/verdicts.ts';

/** Oldest first, one a tick; null where unknown. */
type Trend = readonly (number | null)[];

export interface BrokerState {
  readonly broker: number;
  /** Null for a broker that has replicas and was never seen. */
  readonly host: string | null;
  readonly port: number | null;
  readonly rack: string | null;
  readonly isController: boolean;
  /** Partitions that it leads, has a replica of, has a replica of that is not in sync, has offline. */
  readonly leaders: number;
  readonly replicas: number;
  readonly underReplicated: number;
  readonly offline: number;
  /** Records written per second to partitions that it leads. */
  readonly inPerSecond: number | null;
  /** How long its last answer took, in ms; null before the first. */
  readonly answerMs: number | null;
  readonly answerTrend: Trend;
  /** Why it does not answer; undefined while it does. */
  readonly problem: KtError | undefined;
  /** Epoch ms of its last answer. */
  readonly answeredAt: number | null;
  /** Bytes of its logs, and of its file systems; null where not asked for or unknown. */
  readonly bytes: number | null;
  readonly totalBytes: number | null;
  readonly usableBytes: number | null;
  /** Epoch ms of the sizes: they are asked for seldom. */
  readonly sizedAt: number | null;
  /** Why the sizes cannot be had. */
  readonly sizeProblem: KtError | undefined;
}

export interface TopicState {
  readonly topic: string;
  readonly internal: boolean;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly underReplicated: number;
  /** Without a leader. */
  readonly offline: number;
  /** Partitions whose leader gave no end offset when last asked: they are left out of the rate. */
  readonly unanswered: number;
  /** Whether this user may not read its offsets. */
  readonly denied: boolean;
  readonly inPerSecond: number | null;
  /** Whether some partitions are missing in the rate. */
  readonly inIsPart: boolean;
  /** Committed per second by all groups together; null without a group. */
  readonly outPerSecond: number | null;
  readonly trend: Trend;
  /** Offsets between starts and ends. */
  readonly records: number | null;
  /** Groups that committed offsets of it or are assigned it. */
  readonly groups: number;
  /** Of all of them; null without one. */
  readonly lag: bigint | null;
  /** The group that lags most on it. */
  readonly lagsMost: string | null;
}

export interface PartitionState {
  readonly partition: number;
  /** -1 without one. */
  readonly leader: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly start: number | null;
  readonly end: number | null;
  /** Whether its leader gave the end offset when last asked. */
  readonly answered: boolean;
  readonly inPerSecond: number | null;
  readonly trend: Trend;
  /** The largest lag of a group on it, and whose it is. */
  readonly mostLag: bigint | null;
  readonly mostLagOf: string | null;
}

export interface GroupPartitionState extends PartitionLag {
  readonly inPerSecond: number | null;
  readonly outPerSecond: number | null;
  readonly trend: Trend;
  readonly verdict: Verdict | null;
}

export interface GroupState {
  readonly group: string;
  readonly type: string;
  readonly state: string;
  /** Broker id. */
  readonly coordinator: number;
  /** Null where unknown. */
  readonly members: readonly Member[] | null;
  /** The known lag of its partitions; null where none is known. */
  readonly lag: bigint | null;
  /** Whether the lag of some partitions is unknown. */
  readonly lagIsPart: boolean;
  readonly inPerSecond: number | null;
  readonly outPerSecond: number | null;
  readonly trend: Trend;
  /** The worst of its partitions. */
  readonly verdict: Verdict | null;
  /** Seconds until the lag is gone at these rates; null where it does not fall. */
  readonly catchUpSeconds: number | null;
  /** By topic and partition; empty before its offsets were first read. */
  readonly partitions: readonly GroupPartitionState[];
  /** Epoch ms of its offsets; null before. */
  readonly readAt: number | null;
  /** Why its offsets cannot be read. */
  readonly problem: KtError | undefined;
}

export interface Snapshot {
  /** Epoch ms. */
  readonly timestamp: number;
  readonly clusterId: string | null;
  /** By id. */
  readonly brokers: readonly BrokerState[];
  /** By name. */
  readonly topics: readonly TopicState[];
  /** Of the topics of users; what is under-replicated and offline of all. */
  readonly sums: {
    readonly topics: number;
    readonly inPerSecond: number | null;
    readonly inIsPart: boolean;
    readonly outPerSecond: number | null;
    readonly underReplicated: number;
    readonly offline: number;
  };
  /** By name. */
  readonly groups: readonly GroupState[];
  /** Of the topic that is looked at. */
  readonly topic: { readonly topic: string; readonly partitions: readonly PartitionState[] } | undefined;
  /** Whether there may be topics, or groups, that this user may not see. */
  readonly topicsArePart: boolean;
  readonly groupsArePart: boolean;
  /** Whether groups were listed at least once. */
  readonly groupsListed: boolean;
  /** What is wrong with asking, the worst first. */
  readonly problems: readonly KtError[];
  /** Epoch ms of the last answer of any broker. */
  readonly answeredAt: number;
  /** Whether nothing answers; the values are those of `answeredAt`. */
  readonly isGone: boolean;
  /** Milliseconds until the next try, while nothing answers. */
  readonly nextTryMs: number | null;
  readonly intervalMs: number;
  /** Requests per second: in all, and to the busiest broker. */
  readonly asks: { readonly all: number; readonly busiest: number };
}

/** What the screen shows, so that it is asked for first and at every tick. */
export interface Focus {
  readonly topics: ReadonlySet<string>;
  readonly groups: ReadonlySet<string>;
  /** The topic whose partitions are shown. */
  readonly topic: string | undefined;
  /** Only this topic is asked about, since its records are shown. */
  readonly onlyTopic: boolean;
  /** Whether the sizes of brokers are shown. */
  readonly sizes: boolean;
}

export const noFocus: Focus = { topics: new Set(), groups: new Set(), topic: undefined, onlyTopic: false, sizes: false };
