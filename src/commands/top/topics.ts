/** The topics of a cluster: what is written and read a second, and how far its readers are behind. */
import { shellWord } from '../../base/shell-word.ts';
import type { TopicState } from '../../core/top/snapshot.ts';
import { committedColumn, lagColumn, numberColumn, trendColumn, underReplicatedColumn, writtenColumn } from './columns.ts';
import { alphabetical, type List, type ListColumn, largest } from './list.ts';
import { listView } from './list-view.ts';
import { rate, short, unknown, whole } from './numbers.ts';
import type { View } from './view.ts';

export const topicName: ListColumn<TopicState> = {
  header: 'TOPIC',
  isName: true,
  text: ({ topic }) => topic,
  tone: ({ offline, unanswered }) => (offline > 0 ? 'bad' : unanswered > 0 ? 'dim' : undefined),
  order: alphabetical(({ topic }) => topic),
  rank: 0,
};

/** `x` beside what is not known, because it is not allowed. */
function allowed({ denied }: TopicState, text: string): string {
  return denied ? `${text === unknown ? '' : text}x` : text;
}

export const topicColumns: Readonly<
  Record<'in' | 'out' | 'trend' | 'lag' | 'groups' | 'part' | 'rf' | 'under', ListColumn<TopicState>>
> = {
  part: {
    header: 'PART',
    width: 6,
    align: 'right',
    text: ({ partitions, offline }) => (offline > 0 ? `${whole(partitions)}!` : whole(partitions)),
    tone: ({ offline }) => (offline > 0 ? 'bad' : undefined),
    order: largest(({ partitions }) => partitions),
    rank: 5,
  },
  rf: { header: 'RF', width: 2, align: 'right', text: ({ replicationFactor }) => String(replicationFactor), rank: 7 },
  under: { ...underReplicatedColumn, width: 5, rank: 6 },
  in: {
    ...writtenColumn,
    text: (topic) => allowed(topic, rate(topic.inPerSecond, topic.inIsPart)),
    rank: 1,
  },
  out: { ...committedColumn, rank: 3 },
  trend: { ...trendColumn, rank: 4 },
  groups: { ...numberColumn('GROUPS', 6, ({ groups }: TopicState) => groups), rank: 9 },
  lag: { ...lagColumn, rank: 2 },
};

const records: ListColumn<TopicState> = {
  header: 'RECORDS',
  width: 7,
  align: 'right',
  // Compaction and transactions leave offsets without a record.
  text: ({ records: count }) => (count === null ? unknown : count === 0 ? '0' : `~${short(count)}`),
  order: largest(({ records: count }) => count),
  rank: 8,
};

const { in: written, out, trend, groups, lag, part, rf, under } = topicColumns;

export const topicList: List<TopicState> = {
  columns: [topicName, part, rf, under, written, out, records, groups, lag, trend],
  name: ({ topic }) => topic,
  sortedBy: 4,
};

const help: View['help'] = [
  ['PART  RF  UNDER', 'partitions (! some without a leader), replicas, under-replicated'],
  ['IN/S', 'records written a second, over five ticks; ~ a leader is missing'],
  ['OUT/S', 'committed a second by all groups; two groups count twice'],
  ['RECORDS', 'offsets from start to end; compaction leaves fewer records'],
  ['LAG', 'of all its groups together'],
];

export function topicsView(): View {
  let showsInternal = false;
  return listView<TopicState>({
    tab: 2,
    list: topicList,
    rows: ({ snapshot }) => snapshot.topics.filter(({ internal }) => showsInternal || !internal),
    what: 'Topics',
    remark: ({ snapshot }) => (snapshot.topicsArePart ? ' that you may see' : ''),
    nothing: ({ snapshot: { topics, topicsArePart } }) => {
      if (topics.length > 0) return "only Kafka's own topics; i shows them";
      return topicsArePart ? 'others may be there: Describe on a topic shows it' : 'the cluster has no topics yet';
    },
    open: ({ topic }, actions) => actions.openTopic(topic),
    value: ({ topic }) => topic,
    command: ({ topic }) => `kt topics describe ${shellWord(topic)}`,
    focus: (topics) => ({ topics }),
    key(key, row, _scene, actions) {
      if (key.name === 'i') showsInternal = !showsInternal;
      else if (key.name === 't' && row) actions.openRecords(row.topic);
      else return false;
      return true;
    },
    hints: ['Enter open', 't records', '/ filter', 's sort'],
    help: [['i', "Kafka's own topics too"], ['t', 'its records'], ...help],
  });
}
