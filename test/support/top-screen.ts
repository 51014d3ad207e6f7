/** Screens of `kt top` as text, without a terminal: a made-up cluster, and what a view draws of it. */
import type { Key } from '../../src/cli/full-screen.ts';
import { firstLine, lastLine, secondLine, thirdLine } from '../../src/commands/top/header.ts';
import type { Actions, Scene, View } from '../../src/commands/top/view.ts';
import type { BrokerState, GroupPartitionState, GroupState, Snapshot, TopicState } from '../../src/core/top/snapshot.ts';
import { sumsOf } from '../../src/core/top/state.ts';
import { plain } from '../../src/render/colors.ts';
import { drawFrame } from '../../src/render/screen/frame.ts';

/** When it is, epoch ms. */
export const now = Date.UTC(2026, 10, 27, 12, 4, 31);

export function topic(name: string, more: Partial<TopicState> = {}): TopicState {
  return {
    topic: name,
    internal: false,
    partitions: 3,
    replicationFactor: 3,
    underReplicated: 0,
    offline: 0,
    unanswered: 0,
    denied: false,
    inPerSecond: 0,
    inIsPart: false,
    outPerSecond: null,
    trend: [null, 0, 1, 2, 3],
    records: 100,
    groups: 0,
    lag: null,
    lagsMost: null,
    ...more,
  };
}

export function groupPartition(partition: number, more: Partial<GroupPartitionState> = {}): GroupPartitionState {
  return {
    topic: 'orders',
    partition,
    committedOffset: 90n,
    startOffset: 0n,
    endOffset: 100n,
    lag: 10n,
    memberId: null,
    groupInstanceId: null,
    clientId: null,
    host: null,
    inPerSecond: 1,
    outPerSecond: 0,
    trend: [],
    verdict: 'ok',
    ...more,
  };
}

export function group(name: string, more: Partial<GroupState> = {}): GroupState {
  return {
    group: name,
    type: 'consumer',
    state: 'Stable',
    coordinator: 1,
    members: [],
    lag: 0n,
    lagIsPart: false,
    inPerSecond: 0,
    outPerSecond: 0,
    trend: [0, 1, 2],
    verdict: 'ok',
    catchUpSeconds: 0,
    partitions: [],
    readAt: now,
    problem: undefined,
    ...more,
  };
}

export function broker(id: number, more: Partial<BrokerState> = {}): BrokerState {
  return {
    broker: id,
    host: `kafka-${id}`,
    port: 9092,
    rack: 'a',
    isController: id === 1,
    leaders: 10,
    replicas: 30,
    underReplicated: 0,
    offline: 0,
    inPerSecond: 5,
    answerMs: 4,
    answerTrend: [4, 4],
    problem: undefined,
    answeredAt: now,
    bytes: null,
    totalBytes: null,
    usableBytes: null,
    sizedAt: null,
    sizeProblem: undefined,
    ...more,
  };
}

function snapshot(more: Partial<Snapshot> = {}): Snapshot {
  return {
    sums: sumsOf(more.topics ?? []),
    timestamp: now,
    clusterId: 'made-up',
    brokers: [broker(1), broker(2), broker(3)],
    topics: [],
    groups: [],
    topic: undefined,
    topicsArePart: false,
    groupsArePart: false,
    groupsListed: true,
    problems: [],
    answeredAt: now,
    isGone: false,
    nextTryMs: null,
    intervalMs: 2_000,
    asks: { all: 3.7, busiest: 1.3 },
    ...more,
  };
}

export function scene(more: Partial<Snapshot> = {}, later = 0): Scene {
  return { snapshot: snapshot(more), where: 'prod-eu', now: now + later, isPaused: false };
}

/** The whole screen, line by line, as a terminal without colours shows it. */
export function screenText(view: View, of: Scene, columns: number, lines: number): readonly string[] {
  const body = view.draw(of, { width: columns, height: lines - 4 });
  const space = Array.from({ length: Math.max(0, lines - 4 - body.lines.length) }, () => ({ spans: [] }));
  const all = [
    firstLine(of, columns),
    secondLine(of, view, columns),
    thirdLine(of, columns),
    ...body.lines,
    ...space,
    lastLine(view, undefined, columns),
  ];
  const drawn = drawFrame({ lines: all, cursor: { line: 0, column: 0 } }, { columns, lines }, { paint: plain, unicode: true });
  return drawn.map((line) => line.replaceAll(/\x1b\[[\d;?]*[a-zA-Z]/g, '').trimEnd());
}

/** What was opened and said. */
export function actions(): Actions & { readonly done: string[] } {
  const done: string[] = [];
  return {
    done,
    open: () => done.push('open'),
    back: () => done.push('back'),
    show: (tab) => done.push(`screen ${tab}`),
    say: (text) => done.push(`say ${text}`),
    redraw: () => {},
    openTopic: (name) => done.push(`topic ${name}`),
    openGroup: (name) => done.push(`group ${name}`),
    openRecords: (name, partition) => done.push(`records ${name}${partition === undefined ? '' : `:${partition}`}`),
  };
}

/** Keys by their names; one character types itself. */
export function press(view: View, of: Scene, keys: readonly string[], act: Actions = actions()): void {
  for (const name of keys) {
    const key: Key = { name, ...([...name].length === 1 && { text: name }), ...(name === 'space' && { text: ' ' }) };
    view.key(key, of, act);
  }
}
