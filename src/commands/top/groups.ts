/** The groups of a cluster: state, lag, where it goes. */
import { shellWord } from '../../base/shell-word.ts';
import type { Tone } from '../../cli/shape.ts';
import { someStandStill } from '../../core/lag/catch-up.ts';
import { worstFirst } from '../../core/lag/verdicts.ts';
import type { GroupState } from '../../core/top/snapshot.ts';
import { committedColumn, lagColumn, trendColumn, writtenColumn } from './columns.ts';
import { alphabetical, type List, type ListColumn, largest } from './list.ts';
import { listView } from './list-view.ts';
import { age, catchUp, short, unknown, whole } from './numbers.ts';
import type { Scene, View } from './view.ts';

export function verdictTone(verdict: string | null): Tone | undefined {
  if (verdict === 'stalled' || verdict === 'stopped' || verdict === 'rewound') return 'bad';
  return verdict === 'growing' || verdict === 'catching up' ? 'warn' : undefined;
}

/** What is wrong with reading it comes before what is wrong with it. */
export function verdictText({ verdict, problem, readAt }: GroupState): string {
  if (problem?.code?.endsWith('AUTHORIZATION_FAILED')) return 'not allowed';
  if (problem) return 'no answer';
  return readAt === null ? '' : (verdict ?? '');
}

export function lagText({ lag, lagIsPart, problem }: GroupState): string {
  if (lag === null) return problem?.code?.endsWith('AUTHORIZATION_FAILED') ? 'x' : unknown;
  return `${lagIsPart ? '~' : ''}${short(lag)}`;
}

function catchUpText(group: GroupState): string {
  return catchUp(group, someStandStill(group.partitions)) ?? (group.lag === 0n ? '' : unknown);
}

export const groupColumns: Readonly<
  Record<
    'name' | 'type' | 'state' | 'members' | 'topics' | 'lag' | 'in' | 'out' | 'trend' | 'verdict' | 'catchUp',
    ListColumn<GroupState>
  >
> = {
  name: {
    header: 'GROUP',
    isName: true,
    text: ({ group }) => group,
    tone: ({ problem }) => (problem ? 'dim' : undefined),
    order: alphabetical(({ group }) => group),
    rank: 0,
  },
  type: { header: 'TYPE', width: 8, text: ({ type }) => type, order: alphabetical(({ type }) => type), rank: 8 },
  state: {
    header: 'STATE',
    width: 8,
    text: ({ state }) => state,
    tone: ({ state }) => (state === 'Stable' ? undefined : 'dim'),
    order: alphabetical(({ state }) => state),
    rank: 4,
  },
  members: {
    header: 'MEMB',
    width: 4,
    align: 'right',
    text: ({ members }) => (members === null ? unknown : whole(members.length)),
    order: largest(({ members }) => members?.length ?? null),
    rank: 5,
  },
  topics: {
    header: 'TOPICS',
    width: 6,
    align: 'right',
    text: ({ partitions, readAt }) => (readAt === null ? unknown : whole(new Set(partitions.map(({ topic }) => topic)).size)),
    rank: 7,
  },
  lag: { ...lagColumn, text: lagText, rank: 1 },
  in: { ...writtenColumn, rank: 9 },
  out: { ...committedColumn, rank: 10 },
  trend: { ...trendColumn, rank: 3 },
  verdict: {
    header: 'VERDICT',
    width: 11,
    text: verdictText,
    tone: (group) => (group.problem ? 'dim' : verdictTone(group.verdict)),
    order: (a, b) => place(a) - place(b),
    rank: 2,
  },
  catchUp: {
    header: 'CATCH-UP',
    width: 8,
    align: 'right',
    text: catchUpText,
    rank: 6,
  },
};

function place({ verdict }: GroupState): number {
  return verdict === null ? worstFirst.length : worstFirst.indexOf(verdict);
}

const c = groupColumns;
export const groupList: List<GroupState> = {
  columns: [c.name, c.type, c.state, c.members, c.topics, c.lag, c.in, c.out, c.trend, c.verdict, c.catchUp],
  name: ({ group }) => group,
  sortedBy: 5,
};

/** How old the oldest lag is, where groups are asked in turns. */
function remark({ snapshot, now }: Scene): string {
  const part = snapshot.groupsArePart ? ' that you may see' : '';
  const oldest = Math.min(...snapshot.groups.map(({ readAt }) => readAt ?? now));
  const old = now - oldest > snapshot.intervalMs * 2.5 ? `   the oldest lag is of ${age(now - oldest)} ago` : '';
  return part + old;
}

export const groupHelp: View['help'] = [
  ['LAG', 'records not read yet; ~ a leader is missing, x not allowed'],
  ['VERDICT', 'over the last 20 ticks: ok, growing, catching up; stalled: a'],
  ['', 'member commits nothing; stopped: no member; rewound: went back'],
  ['CATCH-UP', 'when the lag is gone, at the rates of all partitions together;'],
  ['', '> later, as one does not fall; never: it does not fall at all'],
];

export function groupsView(): View {
  return listView<GroupState>({
    tab: 3,
    list: groupList,
    rows: ({ snapshot }) => snapshot.groups,
    what: 'Groups',
    remark,
    nothing: ({ snapshot: { problems, groupsListed, groupsArePart } }) => {
      if (problems[0] || !groupsListed) return problems[0]?.message ?? 'asking for groups';
      return groupsArePart ? 'others may be there: Describe on a group shows it' : 'the cluster has no groups yet';
    },
    open: ({ group }, actions) => actions.openGroup(group),
    value: ({ group }) => group,
    command: ({ group }) => `kt lag ${shellWord(group)}`,
    focus: (groups) => ({ groups }),
    hints: ['Enter open', '/ filter', 's sort'],
    help: groupHelp,
  });
}
