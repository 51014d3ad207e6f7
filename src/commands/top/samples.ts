/** `kt top` without a screen: one overview as tables, or an object per tick. */
import type { Live } from '../../cli/live.ts';
import type { Block, Column, TableShape } from '../../cli/shape.ts';
import { someStandStill } from '../../core/lag/catch-up.ts';
import type { Collector } from '../../core/top/collector.ts';
import type { BrokerState, GroupState, Snapshot, TopicState } from '../../core/top/snapshot.ts';
import { answers } from './brokers.ts';
import { lagText, verdictText, verdictTone } from './groups.ts';
import { catchUp, rate } from './numbers.ts';

/** Rows of a section: the whole is `kt topics list`, `kt lag` and the like. */
const mostRows = 20;

const topicColumns: readonly Column<TopicState>[] = [
  { header: 'TOPIC', get: ({ topic }) => topic },
  { header: 'PARTITIONS', get: ({ partitions }) => partitions },
  {
    header: 'UNDER',
    get: ({ underReplicated }) => underReplicated,
    tone: ({ underReplicated }) => (underReplicated > 0 ? 'warn' : undefined),
  },
  { header: 'OFFLINE', get: ({ offline }) => offline, tone: ({ offline }) => (offline > 0 ? 'bad' : undefined) },
  { header: 'IN/S', get: ({ inPerSecond, inIsPart }) => (inPerSecond === null ? null : rate(inPerSecond, inIsPart)) },
  { header: 'OUT/S', get: ({ outPerSecond }) => (outPerSecond === null ? null : rate(outPerSecond)) },
  { header: 'RECORDS', get: ({ records }) => records },
  { header: 'GROUPS', get: ({ groups }) => groups },
  { header: 'LAG', get: ({ lag }) => lag, tone: ({ lag }) => ((lag ?? 0n) > 0n ? 'warn' : undefined) },
];

const groupColumns: readonly Column<GroupState>[] = [
  { header: 'GROUP', get: ({ group }) => group },
  { header: 'TYPE', get: ({ type }) => type },
  { header: 'STATE', get: ({ state }) => state },
  { header: 'MEMBERS', get: ({ members }) => members?.length },
  {
    header: 'LAG',
    get: (group) => (group.lag === null || group.lagIsPart ? lagText(group) : group.lag),
    tone: ({ lag }) => ((lag ?? 0n) > 0n ? 'warn' : undefined),
  },
  { header: 'VERDICT', get: verdictText, tone: ({ verdict }) => verdictTone(verdict) },
  { header: 'CATCH-UP', get: (group) => catchUp(group, someStandStill(group.partitions)) },
];

const brokerColumns: readonly Column<BrokerState>[] = [
  { header: 'BROKER', get: ({ broker }) => broker },
  { header: 'HOST', get: ({ host, port }) => (host === null ? null : `${host}:${port}`) },
  { header: 'RACK', get: ({ rack }) => rack },
  { header: 'LEADERS', get: ({ leaders }) => leaders },
  { header: 'REPLICAS', get: ({ replicas }) => replicas },
  {
    header: 'UNDER',
    get: ({ underReplicated }) => underReplicated,
    tone: ({ underReplicated }) => (underReplicated > 0 ? 'warn' : undefined),
  },
  { header: 'ANSWERS', get: answers, tone: ({ problem }) => (problem ? 'bad' : undefined) },
];

function most<R>(
  rows: readonly R[],
  columns: readonly Column<R>[],
  value: (row: R) => number | bigint | null,
  all: string,
): Block {
  const sorted = [...rows].sort((a, b) => {
    const [first, second] = [value(a) ?? -1, value(b) ?? -1];
    return first < second ? 1 : first > second ? -1 : 0;
  });
  const left = rows.length - mostRows;
  return { columns, rows: sorted.slice(0, mostRows), ...(left > 0 && { footer: `… ${left} more; ${all} shows all` }) };
}

function blocks({ topics, groups, brokers }: Snapshot): readonly Block[] {
  const own = topics.filter(({ internal }) => !internal);
  return [
    most(own, topicColumns, ({ inPerSecond }) => inPerSecond, 'kt topics list'),
    most(groups, groupColumns, ({ lag }) => lag, 'kt lag'),
    { columns: brokerColumns, rows: brokers },
  ];
}

/** What a script gets of a moment. */
function json(snapshot: Snapshot): unknown {
  const { timestamp, clusterId, answeredAt, brokers, topics, groups, problems } = snapshot;
  const error = ({ kind, code, message }: Snapshot['problems'][number]) => ({ kind, code, message });
  return {
    timestamp,
    clusterId,
    answeredAt,
    brokers: brokers.map(
      ({
        answerTrend: _,
        sizeProblem: __,
        bytes: ___,
        totalBytes: ____,
        usableBytes: _____,
        sizedAt: ______,
        problem,
        ...broker
      }) => ({
        ...broker,
        error: problem ? error(problem) : null,
      }),
    ),
    topics: topics.map(({ trend: _, ...topic }) => topic),
    groups: groups.map(({ trend: _, partitions: __, members, problem, ...group }) => ({
      ...group,
      members: members?.length ?? null,
      error: problem ? error(problem) : null,
    })),
    errors: problems.map(error),
  };
}

export const topShape: TableShape<Snapshot> = {
  kind: 'table',
  blocks,
  names: ({ topics }) => topics.filter(({ internal }) => !internal).map(({ topic }) => topic),
  json,
  problems: ({ problems }) => problems,
  fields: {
    timestamp: 'when the object was made, epoch milliseconds',
    clusterId: 'id of the cluster',
    answeredAt: 'when a broker last answered, epoch milliseconds: what is in the object is not newer',
    'brokers[].broker': 'broker id',
    'brokers[].host': 'its address; null for one that has replicas and was not in the cluster since the start',
    'brokers[].port': 'its port',
    'brokers[].rack': 'its rack, or null',
    'brokers[].isController': 'whether it takes requests for the controller',
    'brokers[].leaders': 'partitions that it leads',
    'brokers[].replicas': 'replicas that it should have',
    'brokers[].underReplicated': 'those that are not in sync',
    'brokers[].offline': 'those that are offline',
    'brokers[].inPerSecond': 'records written a second to partitions that it leads; null where unknown',
    'brokers[].answerMs': 'how long its last answer took, in milliseconds',
    'brokers[].answeredAt': 'when it last answered, epoch milliseconds',
    'brokers[].error': 'why it does not answer, or null',
    'topics[].topic': 'name of the topic',
    'topics[].internal': "whether it is one of Kafka's own",
    'topics[].partitions': 'number of partitions',
    'topics[].replicationFactor': 'the most replicas that a partition has',
    'topics[].underReplicated': 'partitions with fewer replicas in sync than replicas',
    'topics[].offline': 'partitions without a leader',
    'topics[].unanswered': 'partitions whose leader gave no end offset when last asked',
    'topics[].denied': 'whether this user may not read its offsets',
    'topics[].inPerSecond': 'records written a second, over the last five ticks; null where unknown',
    'topics[].inIsPart': 'whether some partitions are missing in it',
    'topics[].outPerSecond': 'records committed a second by all groups together; null without one',
    'topics[].records': 'offsets from start to end, those of compacted records included; null where unknown',
    'topics[].groups': 'groups that read it',
    'topics[].lag': 'lag of all of them; null without one',
    'topics[].lagsMost': 'the group that lags most, or null',
    'groups[].group': 'name of the group',
    'groups[].type': 'classic, consumer, share or streams',
    'groups[].state': 'state of the group: Stable, Empty, …',
    'groups[].coordinator': 'broker id of its coordinator',
    'groups[].members': 'number of members; null where unknown',
    'groups[].lag': 'its known lag; null where none is known',
    'groups[].lagIsPart': 'whether the lag of some partitions is unknown',
    'groups[].inPerSecond': 'records written a second to its partitions',
    'groups[].outPerSecond': 'records it committed a second',
    'groups[].verdict': 'ok, catching up, growing, stalled, stopped, rewound; null with too few ticks',
    'groups[].catchUpSeconds':
      'seconds until the lag is gone at these rates of all its partitions; null where it does not fall',
    'groups[].readAt': 'when its offsets were last read, epoch milliseconds',
    'groups[].error': 'why they cannot be read, or null',
    errors: 'what is wrong with asking: {kind, code, message}',
  },
};

/** An object per tick. */
export function topLive(collector: Collector): Live<Snapshot> {
  return {
    async *live(signal) {
      const waiting: Snapshot[] = [];
      let wake: (() => void) | undefined;
      let failure: { readonly error: unknown } | undefined;
      signal.addEventListener('abort', () => collector.stop(), { once: true });
      const running = collector
        .run((snapshot) => {
          // A reader that is slower than the ticks gets the newest.
          waiting[0] = snapshot;
          wake?.();
        })
        .catch((error: unknown) => {
          failure = { error };
          wake?.();
        });
      try {
        for (;;) {
          if (failure) throw failure.error;
          const next = waiting.shift();
          if (next) yield next;
          else
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
        }
      } finally {
        collector.stop();
        await running;
      }
    },
    json,
  };
}
