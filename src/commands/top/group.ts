/** A group: its partitions with lag, verdict and member, and the record that the chosen one is stuck on. */

import { shellWord } from '../../base/shell-word.ts';
import { counted } from '../../base/units.ts';
import type { GroupPartitionState, GroupState } from '../../core/top/snapshot.ts';
import { partitionName } from '../../kafka/routing.ts';
import { committedColumn, lagColumn, numberColumn, trendColumn, writtenColumn } from './columns.ts';
import { groupHelp, lagText, verdictTone } from './groups.ts';
import { alphabetical, type List } from './list.ts';
import { listView } from './list-view.ts';
import { age, whole } from './numbers.ts';
import { type Body, line, type Room, type Scene, shortName, toned, type View } from './view.ts';

/** A partition of a group and where it stands. */
export interface Place {
  readonly topic: string;
  readonly partition: number;
  /** Where the group reads next: where the log begins, if what it committed is gone. */
  readonly offset: bigint;
  readonly end: bigint;
}

/** The record that a partition is stuck on, as short text. */
interface StuckRecord {
  readonly offset: number;
  /** Epoch ms; -1 without. */
  readonly timestamp: number;
  readonly size: number;
  readonly key: string;
  readonly value: string;
}

/** What is known of a place: undefined while it is fetched; a text says why there is no record. */
export type Stuck = { readonly place: Place; readonly found: StuckRecord | string | undefined } | undefined;

/** Fetches what partitions are stuck on, when the cursor rests on one. */
export interface StuckLook {
  rest(place: Place | undefined): void;
  known(): Stuck;
  open(place: Place): void;
  close(): void;
}

const list: List<GroupPartitionState> = {
  columns: [
    { header: 'TOPIC', isName: true, text: ({ topic }) => topic, order: alphabetical(({ topic }) => topic), rank: 0 },
    {
      header: 'P',
      width: 5,
      align: 'right',
      text: ({ partition }) => String(partition),
      order: (a, b) => a.partition - b.partition,
      rank: 1,
    },
    { ...numberColumn('COMMITTED', 12, (row: GroupPartitionState) => row.committedOffset), rank: 6 },
    { ...numberColumn('END', 12, (row: GroupPartitionState) => row.endOffset), rank: 8 },
    { ...lagColumn, width: 11, text: ({ lag }) => whole(lag), rank: 2 },
    { ...writtenColumn, rank: 9 },
    { ...committedColumn, rank: 5 },
    { ...trendColumn, rank: 7 },
    { header: 'VERDICT', width: 12, text: verdict, tone: (row) => (row.status ? 'warn' : verdictTone(row.verdict)), rank: 3 },
    {
      header: 'MEMBER',
      width: 14,
      wideWidth: 24,
      isName: true,
      text: memberText,
      tone: () => 'dim',
      rank: 4,
    },
  ],
  name: partitionName,
  sortedBy: 4,
};

/** Whose it is, and where there is room, from which host. */
function memberText({ clientId, host }: GroupPartitionState, width: number): string {
  const name = clientId ?? '';
  const both = host ? `${name} ${host}` : name;
  return width > 14 && both.length <= width ? both : name;
}

/** What is known of the offsets comes before what they did. */
function verdict({ status, verdict: judged }: GroupPartitionState): string {
  if (status === 'unavailable') return 'no answer';
  if (status !== undefined && status !== 'open-transaction') return status;
  return judged ?? '';
}

/** Where the group reads next; undefined where it has read all, or it is not known. */
function placeOf(row: GroupPartitionState | undefined): Place | undefined {
  if (!row || row.startOffset === null || row.endOffset === null || (row.lag ?? 0n) === 0n) return undefined;
  const { topic, partition, committedOffset, startOffset, endOffset } = row;
  return {
    topic,
    partition,
    offset: committedOffset !== null && committedOffset > startOffset ? committedOffset : startOffset,
    end: endOffset,
  };
}

/** What the chosen partition is stuck on, in two lines. */
function stuckLines(row: GroupPartitionState | undefined, stuck: Stuck, { now }: Scene, { width }: Room): Body['lines'] {
  const place = placeOf(row);
  if (!row || !place) return [];
  const heading = (verb: string, offset: number | bigint, rest = '') => {
    const behind = ` @ ${whole(offset)}`;
    const name = shortName(partitionName(row), width - verb.length - behind.length - rest.length - 2);
    return line(toned(` ${verb} ${name}${behind}`, 'strong'), rest);
  };
  const isKnown = stuck && partitionName(stuck.place) === partitionName(row) && stuck.place.offset === place.offset;
  const found = isKnown ? stuck.found : undefined;
  if (found === undefined || typeof found === 'string')
    return [heading('NEXT', place.offset), line(toned(`   ${found ?? '…'}`, 'dim'))];
  const written = found.timestamp < 0 ? '' : `, written ${age(now - found.timestamp)} ago`;
  const verb = row.verdict === 'stalled' || row.verdict === 'stopped' ? 'STUCK ON' : 'NEXT';
  return [
    heading(verb, found.offset, `${written}, ${whole(found.size)} B; Enter opens it`),
    line(toned('   key ', 'dim'), { text: found.key, width: 24 }, toned('  value ', 'dim'), found.value),
  ];
}

export function groupView(group: string, look: StuckLook): View {
  const find = ({ snapshot }: Scene): GroupState | undefined => snapshot.groups.find((each) => each.group === group);
  return listView<GroupPartitionState>({
    list,
    rows: (scene) => find(scene)?.partitions ?? [],
    what: 'Partitions',
    nothing(scene) {
      const state = find(scene);
      if (!state) return 'the group is gone';
      if (state.problem) return state.problem.message;
      return state.readAt === null ? 'asking' : 'it has committed no offset and is assigned no partition';
    },
    title(scene) {
      const state = find(scene);
      if (!state) return [toned('Groups › ', undefined), toned(group, 'strong'), toned('   gone', 'bad')];
      const { type, state: now, coordinator, members, readAt } = state;
      const who = members === null ? '' : ` · ${counted(members.length, 'member')}`;
      const isOld = readAt !== null && scene.now - readAt > scene.snapshot.intervalMs * 2.5;
      const old = isOld ? `  of ${age(scene.now - readAt)} ago` : '';
      return [
        toned('Groups › ', undefined),
        toned(group, 'strong'),
        toned(`   ${type} · ${now} · coordinator ${coordinator}${who}`, undefined),
        toned(
          `  lag ${state.lag === null ? lagText(state) : `${state.lagIsPart ? '~' : ''}${whole(state.lag)}`}`,
          (state.lag ?? 0n) > 0n ? 'warn' : undefined,
        ),
        toned(old, 'dim'),
      ];
    },
    rests: (row) => look.rest(placeOf(row)),
    below: (row, scene, room) => (room.height < 10 ? [] : stuckLines(row, look.known(), scene, room)),
    open(row, actions) {
      const place = placeOf(row);
      if (place) look.open(place);
      else actions.openTopic(row.topic);
    },
    key(key, row, _scene, actions) {
      if (key.name !== 't' || !row) return false;
      actions.openRecords(row.topic, row.partition);
      return true;
    },
    value: (row) => partitionName(row),
    command: () => `kt lag ${shellWord(group)}`,
    focus: () => ({ groups: new Set([group]) }),
    hints: ['Enter the next record', 't records', 's sort', '/ filter'],
    help: [
      ...groupHelp,
      ['t', 'the records of the partition'],
      ['Enter', 'the record that the group reads next; without lag the topic'],
    ],
    close: () => look.close(),
  });
}
