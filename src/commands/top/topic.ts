/** A topic: its partitions, configs and groups, each a list of its own; its records are another screen. */
import { KtError } from '../../base/errors.ts';
import { shellWord } from '../../base/shell-word.ts';
import { formatDuration } from '../../base/units.ts';
import type { ConfigEntry } from '../../core/configs/entries.ts';
import type { GroupState, PartitionState } from '../../core/top/snapshot.ts';
import { groupColumns, groupHelp } from './groups.ts';
import { alphabetical, type List, largest } from './list.ts';
import { type ListScreen, listView } from './list-view.ts';
import { counted, rate, short, trendBars, unknown, whole } from './numbers.ts';
import { type Body, line, type Scene, toned, type View } from './view.ts';

export interface ConfigRow {
  readonly name: string;
  readonly entry: ConfigEntry;
}

/** The configs of the topic: undefined while they come. */
export type LoadedConfigs = readonly ConfigRow[] | KtError | undefined;

const partitionList: List<PartitionState> = {
  columns: [
    {
      header: 'P',
      width: 4,
      align: 'right',
      text: ({ partition }) => String(partition),
      tone: ({ leader }) => (leader < 0 ? 'bad' : undefined),
      order: (a, b) => a.partition - b.partition,
      rank: 0,
    },
    {
      header: 'LEADER',
      width: 6,
      align: 'right',
      text: ({ leader }) => (leader < 0 ? 'none' : String(leader)),
      tone: ({ leader }) => (leader < 0 ? 'bad' : undefined),
      order: (a, b) => a.leader - b.leader,
      rank: 3,
    },
    { header: 'REPLICAS', width: 8, text: ({ replicas }) => replicas.join(','), rank: 8 },
    {
      header: 'ISR',
      width: 7,
      text: ({ isr }) => isr.join(','),
      tone: ({ isr, replicas }) => (isr.length < replicas.length ? 'warn' : undefined),
      rank: 5,
    },
    {
      header: 'START',
      width: 11,
      align: 'right',
      text: ({ start }) => whole(start),
      tone: ({ answered }) => (answered ? undefined : 'dim'),
      order: largest(({ start }) => start),
      rank: 6,
    },
    {
      header: 'END',
      width: 11,
      align: 'right',
      text: ({ end }) => whole(end),
      tone: ({ answered }) => (answered ? undefined : 'dim'),
      order: largest(({ end }) => end),
      rank: 1,
    },
    {
      header: 'IN/S',
      width: 6,
      align: 'right',
      text: ({ inPerSecond }) => rate(inPerSecond),
      order: largest(({ inPerSecond }) => inPerSecond),
      rank: 2,
    },
    { header: 'TREND', width: 8, wideWidth: 20, text: ({ trend }, width) => trendBars(trend, width), rank: 7 },
    {
      header: 'MOST LAG',
      width: 8,
      align: 'right',
      text: ({ mostLag }) => short(mostLag),
      tone: ({ mostLag }) => ((mostLag ?? 0n) > 0n ? 'warn' : undefined),
      order: largest(({ mostLag }) => mostLag),
      rank: 9,
    },
    { header: 'OF', width: 14, text: ({ mostLagOf }) => mostLagOf ?? '', rank: 10 },
    { header: 'NOTE', text: note, tone: (row) => (row.leader < 0 ? 'bad' : note(row) === '' ? undefined : 'warn'), rank: 4 },
  ],
  name: ({ partition }) => String(partition),
  sortedBy: 0,
};

function note({ leader, isr, replicas, answered, end }: PartitionState): string {
  if (leader < 0) return 'no leader';
  if (!answered && end !== null) return 'no answer';
  return isr.length < replicas.length ? `ISR ${isr.length} of ${replicas.length}` : '';
}

const configList: List<ConfigRow> = {
  columns: [
    { header: 'CONFIG', width: 34, text: ({ name }) => name, order: alphabetical(({ name }) => name), rank: 0 },
    {
      header: 'VALUE',
      text: ({ name, entry }) => configText(name, entry),
      tone: ({ entry }) => (isOwn(entry) ? 'strong' : undefined),
      rank: 1,
    },
    {
      header: 'FROM',
      width: 22,
      text: ({ entry }) => fromText(entry),
      tone: ({ entry }) => (isOwn(entry) ? undefined : 'dim'),
      order: (a, b) => Number(isOwn(b.entry)) - Number(isOwn(a.entry)),
      rank: 2,
    },
  ],
  name: ({ name }) => name,
  sortedBy: 2,
};

function isOwn({ source }: ConfigEntry): boolean {
  return source === 'DYNAMIC_TOPIC_CONFIG';
}

function fromText({ source }: ConfigEntry): string {
  return isOwn({ source } as ConfigEntry)
    ? 'this topic'
    : source
        .replace(/_CONFIG$/, '')
        .toLowerCase()
        .replaceAll('_', ' ');
}

function configText(name: string, { value, sensitive }: ConfigEntry): string {
  if (sensitive) return '(a secret)';
  if (value === null) return unknown;
  return name.endsWith('.ms') && /^\d{4,15}$/.test(value) ? `${value} (${formatDuration(Number(value))})` : value;
}

const topicGroups: List<GroupState> = {
  columns: ['name', 'state', 'members', 'lag', 'out', 'trend', 'verdict', 'catchUp'].map(
    (key) => groupColumns[key as keyof typeof groupColumns],
  ),
  name: ({ group }) => group,
  sortedBy: 3,
};

/** A group as it stands to one topic. */
function onTopic(group: GroupState, topic: string): GroupState | undefined {
  const partitions = group.partitions.filter((row) => row.topic === topic);
  if (partitions.length === 0) return undefined;
  const known = partitions.filter(({ lag }) => lag !== null);
  const rates = partitions.flatMap(({ outPerSecond }) => outPerSecond ?? []);
  return {
    ...group,
    partitions,
    lag: known.length === 0 ? null : known.reduce((sum, { lag }) => sum + lag!, 0n),
    lagIsPart: known.length < partitions.length,
    outPerSecond: rates.length === 0 ? null : rates.reduce((sum, each) => sum + each, 0),
  };
}

const tabs = { p: 'Partitions', c: 'Configs', t: 'Records', u: 'Groups' } as const;

/** @param configs what is known of them; asked for when first looked at */
export function topicView(topic: string, configs: () => LoadedConfigs): View {
  const gone = ({ snapshot }: Scene) => !snapshot.topics.some((each) => each.topic === topic);
  const hints = ['Enter open', '/ filter', 's sort'];
  const common = { help: [['p c t u', 'partitions, configs, records, groups']] as View['help'] };
  const partitions: ListScreen<PartitionState> = {
    ...common,
    list: partitionList,
    rows: ({ snapshot }) => (snapshot.topic?.topic === topic ? snapshot.topic.partitions : []),
    what: 'Partitions',
    nothing: (scene) => (gone(scene) ? 'the topic is gone' : 'asking'),
    open: ({ partition }, actions) => actions.openRecords(topic, partition),
    value: ({ partition }) => `${topic}:${partition}`,
    command: ({ partition }) => `kt tail ${shellWord(`${topic}:${partition}`)}`,
    hints: ['Enter records', '/ filter', 's sort'],
    help: [
      ...common.help,
      ['ISR', 'replicas in sync'],
      ['START  END', 'offsets; dim: the leader does not answer'],
      ['MOST LAG  OF', 'the group that is furthest behind'],
    ],
  };
  const configScreen: ListScreen<ConfigRow> = {
    ...common,
    list: configList,
    rows: () => {
      const known = configs();
      return known === undefined || known instanceof KtError ? [] : known;
    },
    what: 'Configs',
    nothing() {
      const known = configs();
      return known instanceof KtError ? known.message : 'asking';
    },
    value: ({ name, entry }) => `${name}=${entry.value ?? ''}`,
    command: () => `kt configs describe topic ${shellWord(topic)}`,
    hints: ['/ filter', 's sort'],
  };
  const groups: ListScreen<GroupState> = {
    ...common,
    list: topicGroups,
    rows: ({ snapshot }) => snapshot.groups.flatMap((group) => onTopic(group, topic) ?? []),
    what: 'Groups',
    nothing: ({ snapshot }) => (snapshot.groupsListed ? 'no group reads it' : 'asking for groups'),
    open: ({ group }, actions) => actions.openGroup(group),
    value: ({ group }) => group,
    command: ({ group }) => `kt lag ${shellWord(group)} --topic ${shellWord(topic)}`,
    hints,
    help: [...common.help, ...groupHelp],
  };
  const views = { p: listView(partitions), c: listView(configScreen), u: listView(groups) };
  let open: keyof typeof views = 'p';
  return {
    title(scene) {
      const state = scene.snapshot.topics.find((each) => each.topic === topic);
      const facts = state
        ? `   ${counted(state.partitions, 'partition')} · RF ${state.replicationFactor} · in ${rate(state.inPerSecond, state.inIsPart)}/s`
        : '   gone';
      return [toned('Topics › ', undefined), toned(topic, 'strong'), toned(facts, state ? undefined : 'bad')];
    },
    draw(scene, room): Body {
      const body = views[open].draw(scene, { ...room, height: room.height - 1 });
      const bar = line(
        ...Object.entries(tabs).map(([key, name]) =>
          key === open ? toned(` [${key} ${name}]`, 'strong') : toned(` ${key} ${name}`, undefined),
        ),
      );
      return { lines: [bar, ...body.lines], cursor: body.cursor === undefined ? undefined : body.cursor + 1 };
    },
    key(key, scene, actions) {
      if (!views[open].isTyping()) {
        if (key.name === 't') {
          actions.openRecords(topic);
          return true;
        }
        if (key.name === 'p' || key.name === 'c' || key.name === 'u') {
          open = key.name;
          return true;
        }
      }
      return views[open].key(key, scene, actions);
    },
    focus: () => ({ topic, topics: new Set([topic]), ...(open === 'u' && { groups: new Set<string>() }) }),
    hints: () => [...(views[open].isTyping() ? [] : ['p c t u']), ...views[open].hints()],
    isTyping: () => views[open].isTyping(),
    value: (scene) => views[open].value?.(scene),
    command: (scene) => views[open].command?.(scene),
    get help() {
      return views[open].help;
    },
  };
}
