/** A topic: its partitions, configs and groups, each a list of its own; its records are another screen. */

import { KtError } from '../../base/errors.ts';
import { shellWord } from '../../base/shell-word.ts';
import { counted } from '../../base/units.ts';
import type { GroupState, PartitionState } from '../../core/top/snapshot.ts';
import { groupHelp } from './groups.ts';
import { type ListScreen, listView } from './list-view.ts';
import { rate } from './numbers.ts';
import { type ConfigRow, configList, onTopic, partitionList, topicGroups } from './topic-lists.ts';
import { type Body, line, type Scene, toned, type View } from './view.ts';

/** The configs of the topic: undefined while they come. */
export type LoadedConfigs = readonly ConfigRow[] | KtError | undefined;

const tabs = { p: 'Partitions', c: 'Configs', t: 'Records', u: 'Groups' } as const;
const tabHelp = ['p c t u', 'partitions, configs, records, groups'] as const;

function partitionScreen(topic: string): ListScreen<PartitionState> {
  const isGone = ({ snapshot }: Scene) => !snapshot.topics.some((each) => each.topic === topic);
  return {
    list: partitionList,
    rows: ({ snapshot }) => (snapshot.topic?.topic === topic ? snapshot.topic.partitions : []),
    what: 'Partitions',
    nothing: (scene) => (isGone(scene) ? 'the topic is gone' : 'asking'),
    open: ({ partition }, actions) => actions.openRecords(topic, partition),
    value: ({ partition }) => `${topic}:${partition}`,
    command: ({ partition }) => `kt tail ${shellWord(`${topic}:${partition}`)}`,
    hints: ['Enter records', '/ filter', 's sort'],
    help: [
      tabHelp,
      ['ISR', 'replicas in sync'],
      ['START  END', 'offsets; dim: the leader does not answer'],
      ['MOST LAG  OF', 'the group that is furthest behind'],
    ],
  };
}

function configScreen(topic: string, configs: () => LoadedConfigs): ListScreen<ConfigRow> {
  return {
    help: [tabHelp],
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
}

function groupScreen(topic: string): ListScreen<GroupState> {
  return {
    list: topicGroups,
    rows: ({ snapshot }) => snapshot.groups.flatMap((group) => onTopic(group, topic) ?? []),
    what: 'Groups',
    nothing: ({ snapshot }) => (snapshot.groupsListed ? 'no group reads it' : 'asking for groups'),
    open: ({ group }, actions) => actions.openGroup(group),
    value: ({ group }) => group,
    command: ({ group }) => `kt lag ${shellWord(group)} --topic ${shellWord(topic)}`,
    focus: (groups) => ({ groups }),
    hints: ['Enter open', '/ filter', 's sort'],
    help: [tabHelp, ...groupHelp],
  };
}

/** @param configs what is known of them; asked for when first looked at */
export function topicView(topic: string, configs: () => LoadedConfigs): View {
  const views = {
    p: listView(partitionScreen(topic)),
    c: listView(configScreen(topic, configs)),
    u: listView(groupScreen(topic)),
  };
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
    focus: () => ({ topic, topics: new Set([topic]), ...views[open].focus() }),
    hints: () => [...(views[open].isTyping() ? [] : ['p c t u']), ...views[open].hints()],
    isTyping: () => views[open].isTyping(),
    value: (scene) => views[open].value?.(scene),
    command: (scene) => views[open].command?.(scene),
    get help() {
      return views[open].help;
    },
  };
}
