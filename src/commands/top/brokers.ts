/** The brokers of a cluster: what they lead, how they answer, how full they are. */
import type { BrokerState } from '../../core/top/snapshot.ts';
import { numberColumn, underReplicatedColumn, writtenColumn } from './columns.ts';
import { type List, type ListColumn, largest } from './list.ts';
import { listView } from './list-view.ts';
import { clockTime, short, size, trendBars, unknown, whole } from './numbers.ts';
import type { View } from './view.ts';

/** `4 ms`, or why it gives none. */
export function answers({ answerMs, problem, answeredAt }: BrokerState): string {
  if (problem?.code === 'BROKER_NOT_AVAILABLE')
    return answeredAt === null ? 'not there' : `gone since ${clockTime(answeredAt)}`;
  if (problem?.code === 'ECONNREFUSED') return 'refused';
  if (problem) return answeredAt === null ? 'no answer' : `none since ${clockTime(answeredAt)}`;
  return answerMs === null ? unknown : `${short(Math.round(answerMs))} ms`;
}

function dimmed({ problem }: BrokerState) {
  return problem ? ('dim' as const) : undefined;
}

/** `x` where it is not allowed. */
function sized({ sizeProblem }: BrokerState, text: string): string {
  return sizeProblem ? 'x' : text;
}

const columns: readonly ListColumn<BrokerState>[] = [
  {
    header: 'BROKER',
    width: 7,
    text: ({ broker, isController }) => `${broker}${isController ? ' *' : ''}`,
    tone: ({ problem }) => (problem ? 'bad' : undefined),
    order: (a, b) => a.broker - b.broker,
    rank: 0,
  },
  {
    header: 'HOST',
    leastWidth: 16,
    isName: true,
    text: ({ host, port }) => (host === null ? unknown : `${host}:${port}`),
    tone: dimmed,
    rank: 4,
  },
  { header: 'RACK', width: 6, isName: true, text: ({ rack }) => rack ?? '', rank: 8 },
  { ...numberColumn('LEADERS', 7, ({ leaders }: BrokerState) => leaders), rank: 2 },
  { ...numberColumn('REPLICAS', 8, ({ replicas }: BrokerState) => replicas), rank: 6 },
  { ...underReplicatedColumn, rank: 3 },
  {
    header: 'OFFLINE',
    width: 7,
    align: 'right',
    text: ({ offline }) => whole(offline),
    tone: ({ offline }) => (offline > 0 ? 'bad' : undefined),
    rank: 10,
  },
  {
    header: 'ANSWERS',
    width: 19,
    text: answers,
    tone: ({ problem }) => (problem ? 'bad' : undefined),
    order: largest(({ answerMs }) => answerMs),
    rank: 1,
  },
  { header: 'OVER TIME', width: 20, text: ({ answerTrend }, width) => trendBars(answerTrend, width), rank: 11 },
  { ...writtenColumn, header: 'IN/S LED', width: 8, rank: 9 },
  {
    header: 'SIZE',
    width: 7,
    align: 'right',
    text: (broker) => sized(broker, size(broker.bytes)),
    order: largest(({ bytes }) => bytes),
    rank: 5,
  },
  {
    header: 'FREE',
    width: 5,
    align: 'right',
    text: (broker) => sized(broker, freePart(broker)),
    rank: 7,
  },
];

function freePart({ totalBytes, usableBytes }: BrokerState): string {
  if (totalBytes === null || usableBytes === null || totalBytes === 0) return unknown;
  return `${Math.round((usableBytes / totalBytes) * 100)} %`;
}

export const brokerList: List<BrokerState> = { columns, name: ({ broker }) => String(broker), sortedBy: 0 };

export function brokersView(): View {
  return listView<BrokerState>({
    tab: 4,
    list: brokerList,
    rows: ({ snapshot }) => snapshot.brokers,
    what: 'Brokers',
    remark: ({ snapshot: { brokers } }) => {
      const oldest = Math.min(...brokers.map(({ sizedAt }) => sizedAt ?? Number.POSITIVE_INFINITY));
      const sizes = Number.isFinite(oldest) ? ` · sizes of ${clockTime(oldest)}` : '';
      return `, ${brokers.filter(({ problem }) => !problem).length} answer${sizes}`;
    },
    nothing: () => 'no broker is known',
    value: ({ host, port, broker }) => (host === null ? String(broker) : `${host}:${port}`),
    command: ({ broker }) => `kt cluster log-dirs --broker ${broker}`,
    focus: () => ({ sizes: true }),
    hints: ['s sort', '/ filter', 'r sizes anew'],
    help: [
      ['BROKER', '* the controller, or who forwards to it'],
      ['UNDER  OFFLINE', 'replicas of it that are not in sync, that are offline'],
      ['ANSWERS', 'how long its last answer took'],
      ['SIZE  FREE', 'of its logs, on its disks; at most every 5 min; x not allowed'],
    ],
  });
}
