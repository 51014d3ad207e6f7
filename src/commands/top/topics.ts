/** The topics of a cluster: what is written and read a second, and how far its readers are behind. */
import { shellWord } from '../../base/shell-word.ts';
import type { TopicState } from '../../core/top/snapshot.ts';
import { alphabetical, type List, type ListColumn, largest } from './list.ts';
import { listView } from './list-view.ts';
import { rate, short, trendBars, unknown, whole } from './numbers.ts';
import type { View } from './view.ts';

export const topicName: ListColumn<TopicState> = {
  header: 'TOPIC',
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
  under: {
    header: 'UNDER',
    width: 5,
    align: 'right',
    text: ({ underReplicated }) => whole(underReplicated),
    tone: ({ underReplicated }) => (underReplicated > 0 ? 'warn' : undefined),
    order: largest(({ underReplicated }) => underReplicated),
    rank: 6,
  },
  in: {
    header: 'IN/S',
    width: 6,
    align: 'right',
    text: (topic) => allowed(topic, rate(topic.inPerSecond, topic.inIsPart)),
    order: largest(({ inPerSecond }) => inPerSecond),
    rank: 1,
  },
  out: {
    header: 'OUT/S',
    width: 6,
    align: 'right',
    text: ({ outPerSecond }) => rate(outPerSecond),
    order: largest(({ outPerSecond }) => outPerSecond),
    rank: 3,
  },
  trend: { header: 'TREND', width: 8, wideWidth: 20, text: ({ trend }, width) => trendBars(trend, width), rank: 4 },
  groups: {
    header: 'GROUPS',
    width: 6,
    align: 'right',
    text: ({ groups }) => whole(groups),
    order: largest(({ groups }) => groups),
    rank: 9,
  },
  lag: {
    header: 'LAG',
    width: 6,
    align: 'right',
    text: ({ lag }) => short(lag),
    tone: ({ lag }) => ((lag ?? 0n) > 0n ? 'warn' : undefined),
    order: largest(({ lag }) => lag),
    rank: 2,
  },
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
    nothing: ({ snapshot }) =>
      snapshot.topics.length > 0 ? "only Kafka's own topics; i shows them" : 'the cluster has no topics yet',
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
