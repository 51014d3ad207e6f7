/** The first screen: the topics that are written most, the groups that lag most, the brokers. */
import { shellWord } from '../../base/shell-word.ts';
import type { BrokerState, GroupState, Snapshot, TopicState } from '../../core/top/snapshot.ts';
import { answers, brokerList } from './brokers.ts';
import { groupColumns, groupList } from './groups.ts';
import { arranged, cursorOf, drawList, type List, type ListState, listKey, nameFilter, newList } from './list.ts';
import { topicColumns, topicList, topicName } from './topics.ts';
import { type Body, line, type Room, type Scene, toned, type View } from './view.ts';

const { part, rf, under, in: written, out, trend, groups, lag } = topicColumns;
const { name, state, lag: groupLag, trend: lagTrend, verdict, catchUp } = groupColumns;

const topics: Pick<List<TopicState>, 'columns'> = {
  columns: [
    { ...topicName, header: 'WRITTEN MOST' },
    part,
    { ...rf, rank: 8 },
    { ...under, rank: 9 },
    written,
    out,
    trend,
    { ...groups, rank: 6 },
    lag,
    { header: 'LAGS MOST', width: 14, isName: true, text: ({ lagsMost }) => lagsMost ?? '', rank: 10 },
  ],
};
const lagging: Pick<List<GroupState>, 'columns'> = {
  columns: [{ ...name, header: 'LAGGING MOST' }, { ...state, rank: 5 }, groupLag, lagTrend, verdict, { ...catchUp, rank: 4 }],
};
const brokers: Pick<List<BrokerState>, 'columns'> = {
  columns: brokerList.columns
    .filter(({ header }) => ['BROKER', 'RACK', 'LEADERS', 'REPLICAS', 'UNDER'].includes(header))
    .concat({
      header: 'ANSWERS',
      text: answers,
      tone: ({ problem }) => (problem ? 'bad' : undefined),
      rank: 1,
    }),
};

/** What a row of the overview stands for. */
type Item =
  | { readonly kind: 'topic'; readonly name: string }
  | { readonly kind: 'group'; readonly name: string }
  | { readonly kind: 'broker'; readonly name: string };

interface Sections {
  readonly topics: readonly TopicState[];
  readonly groups: readonly GroupState[];
  readonly brokers: readonly BrokerState[];
  readonly items: readonly Item[];
  readonly left: { readonly topics: number; readonly groups: number };
}

/** Which rows there is room for: brokers first, as they are few, then topics and groups in halves. */
function sectionsOf(
  { topics: allTopics, groups: allGroups, brokers: allBrokers }: Snapshot,
  now: number,
  state: ListState,
  height: number,
): Sections {
  const passes = nameFilter(state.filter);
  const order: ListState = { ...newList, movedAt: state.movedAt };
  const orderOf = (kind: Item['kind']): ListState => ({
    ...order,
    order: state.order.filter((each) => each.startsWith(`${kind} `)).map((each) => each.slice(kind.length + 1)),
  });
  const shownTopics = arranged(
    topicList,
    allTopics.filter(({ topic, internal }) => !internal && passes(topic)),
    orderOf('topic'),
    now,
  );
  const shownGroups = arranged(
    groupList,
    allGroups.filter(({ group }) => passes(group)),
    orderOf('group'),
    now,
  );
  const brokerRows = height < 12 ? 0 : Math.min(allBrokers.length, Math.max(3, Math.floor(height / 5)));
  const headers = (brokerRows > 0 ? 1 : 0) + (height < 8 ? 1 : 2);
  const rest = Math.max(1, height - headers - brokerRows);
  const forGroups =
    height < 8 ? 0 : Math.max(rest - shownTopics.length, Math.min(rest - Math.ceil(rest / 2), shownGroups.length));
  const cutGroups = fit(shownGroups, forGroups);
  const cutTopics = fit(shownTopics, Math.max(1, rest - lines(cutGroups, shownGroups)));
  const cutBrokers = [...allBrokers].sort(
    (a, b) => Number(Boolean(b.problem)) - Number(Boolean(a.problem)) || a.broker - b.broker,
  );
  const shownBrokers = cutBrokers.slice(0, brokerRows).sort((a, b) => a.broker - b.broker);
  return {
    topics: cutTopics,
    groups: cutGroups,
    brokers: shownBrokers,
    items: [
      ...cutTopics.map(({ topic }) => ({ kind: 'topic' as const, name: topic })),
      ...cutGroups.map(({ group }) => ({ kind: 'group' as const, name: group })),
      ...shownBrokers.map(({ broker }) => ({ kind: 'broker' as const, name: String(broker) })),
    ],
    left: { topics: shownTopics.length - cutTopics.length, groups: shownGroups.length - cutGroups.length },
  };
}

/** Of more rows than there is room for, the last line says how many are missing. */
function fit<R>(rows: readonly R[], room: number): readonly R[] {
  return rows.length <= room ? rows : rows.slice(0, Math.max(0, room - 1));
}

function lines<R>(shown: readonly R[], all: readonly R[]): number {
  return shown.length + (shown.length < all.length ? 1 : 0);
}

function itemName({ kind, name: text }: Item): string {
  return `${kind} ${text}`;
}

/** The three sections, one under the other. */
function drawOverview(scene: Scene, state: ListState, { width, height }: Room): Body & { readonly items: readonly Item[] } {
  const { snapshot, now } = scene;
  const sections = sectionsOf(snapshot, now, state, state.isTyping || state.filter !== '' ? height - 1 : height);
  const cursor = cursorOf(sections.items.map(itemName), state);
  const body: Body['lines'][number][] = [];
  if (state.isTyping || state.filter !== '')
    body.push(line(toned(` /${state.filter}`, 'strong'), toned(state.isTyping ? '_' : '', 'dim')));
  let at: number | undefined;
  let before = 0;
  const section = <R>(list: Pick<List<R>, 'columns'>, rows: readonly R[], more: number, key: number, nothing: string): void => {
    const own = cursor - before;
    const isHere = own >= 0 && own < rows.length;
    const drawn = drawList(list, rows, isHere ? own : undefined, { width, height: rows.length + 1 });
    if (isHere && drawn.cursor !== undefined) at = body.length + drawn.cursor;
    body.push(...drawn.lines);
    if (more > 0) body.push(line(toned(`   … ${more} more; ${key} shows all`, 'dim')));
    else if (rows.length === 0) body.push(line(toned(`   ${nothing}`, 'dim')));
    before += rows.length;
  };
  const filtered = state.filter !== '';
  section(topics, sections.topics, sections.left.topics, 2, topicsMissing(snapshot, filtered));
  if (height >= 8) section(lagging, sections.groups, sections.left.groups, 3, groupsMissing(snapshot, filtered));
  if (sections.brokers.length > 0) section(brokers, sections.brokers, 0, 4, '');
  return { lines: body.slice(0, height), cursor: at, items: sections.items };
}

function topicsMissing({ topicsArePart }: Snapshot, filtered: boolean): string {
  if (filtered) return 'no topic passes the filter';
  return topicsArePart ? 'no topics that you may see' : 'no topics yet';
}

function groupsMissing({ groupsListed, groupsArePart, problems }: Snapshot, filtered: boolean): string {
  if (filtered) return 'no group passes the filter';
  if (!groupsListed) return problems[0]?.message ?? 'asking for groups';
  return groupsArePart ? 'no groups that you may see' : 'no groups yet';
}

export function overviewView(): View {
  let state = newList;
  let items: readonly Item[] = [];
  const selected = (): Item | undefined => items[cursorOf(items.map(itemName), state)];
  return {
    tab: 1,
    draw(scene, room) {
      const body = drawOverview(scene, state, room);
      items = body.items;
      return body;
    },
    key(key, scene, actions) {
      const moved = listKey(state, { key, names: items.map(itemName), page: items.length, now: scene.now });
      if (moved) {
        state = moved;
        return true;
      }
      const item = selected();
      if (!item || (key.name !== 'enter' && key.name !== 'right')) return false;
      if (item.kind === 'topic') actions.openTopic(item.name);
      else if (item.kind === 'group') actions.openGroup(item.name);
      else actions.show(4);
      return true;
    },
    focus: () => ({
      topics: new Set(items.flatMap((item) => (item.kind === 'topic' ? [item.name] : []))),
      groups: new Set(items.flatMap((item) => (item.kind === 'group' ? [item.name] : []))),
    }),
    hints: () => (state.isTyping ? ['Enter keeps', 'Esc clears'] : ['Enter open', '/ filter']),
    isTyping: () => state.isTyping,
    value: () => selected()?.name,
    command() {
      const item = selected();
      if (item?.kind === 'topic') return `kt topics describe ${shellWord(item.name)}`;
      return item?.kind === 'group' ? `kt lag ${shellWord(item.name)}` : 'kt cluster describe';
    },
    help: [
      ['WRITTEN MOST', 'topics by records written a second (IN/S)'],
      ['LAGGING MOST', 'groups by records not read yet'],
      ['PART  OUT/S', 'partitions; committed a second by all groups'],
      ['TREND', 'a bar a tick, the newest at the right'],
      ['ANSWERS', 'how long a broker took; * the controller'],
    ],
  };
}
