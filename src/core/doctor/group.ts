/** One group: what holds its lag. */

import { isoTime } from '../../base/iso-time.ts';
import { shellWord } from '../../base/shell-word.ts';
import { counted } from '../../base/units.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { partitionName } from '../../kafka/routing.ts';
import type { GroupLag, PartitionLag } from '../lag/compute.ts';
import { transactionInWords } from '../lag/open-transaction.ts';
import type { LagOptions } from '../lag/options.ts';
import { measureLag } from '../lag/report.ts';
import { age, begin, type Examination, failure, someOf, type Told, waiting } from './finding.ts';
import type { Patient } from './patient.ts';
import { examineGroupPermissions } from './permissions.ts';
import { whatStandsStill } from './standstill.ts';

type Asked = Pick<Patient, 'topic' | 'watchMs'> & { readonly group: string };

export async function* examineGroup(cluster: Cluster, { group, topic, watchMs }: Asked): Examination<void> {
  const found = begin('group');
  const options: LagOptions = { topics: topic === undefined ? [] : [topic], uncommitted: 'count', seconds: true };
  try {
    const { groups, positions, problems } = await measureLag(cluster, [group], options);
    for (const problem of problems) yield found(failure(group, problem));
    const [lag] = groups;
    if (!lag) return;
    if (lag.coordinator !== null && lag.coordinator >= 0) yield* examineGroupPermissions(cluster, group, lag.coordinator);
    const members = positions.get(group)?.members.length ?? 0;
    const held = [...heldBack(lag), ...unread(lag, members)];
    const watched = lag.partitions.filter((row) => isWaiting(row) && row.memberId !== null);
    const still = await whatStandsStill(cluster, group, watched, options, watchMs);
    for (const told of [...held, ...still]) yield found({ ...told, target: `${group} on ${told.target}` });
    if (held.length + still.length + problems.length === 0)
      yield found({ target: group, verdict: 'ok', found: overview(lag, members) });
  } catch (error) {
    yield found(failure(group, error));
  }
}

/** Has records to read, and nothing but the group itself keeps it from them. */
function isWaiting({ lag, status }: PartitionLag): boolean {
  return lag !== null && lag > 0n && (status === undefined || status === 'uncommitted' || status === 'below-start');
}

/** What each partition says of itself. */
export function heldBack({ group, partitions }: GroupLag): readonly Told[] {
  return partitions.flatMap((row): Told[] => {
    const target = partitionName(row);
    const lag = `${row.lag} behind`;
    if (row.status === 'open-transaction') return [{ target, ...waitsForTransaction(row, lag) }];
    if (row.status === 'beyond-end') {
      return [
        {
          target,
          verdict: 'fail',
          found: `its committed offset ${row.committedOffset} is after the end, ${row.endOffset}`,
          why: 'the topic was deleted and made anew, or lost records in an unclean election',
          cure: `kt groups reset-offsets ${shellWord(group)} --topic ${shellWord(row.topic)} --to beginning`,
        },
      ];
    }
    if (row.lost === undefined) return [];
    const found = `${counted(row.lost, 'record')} ${row.lost === 1n ? 'was' : 'were'} deleted before the group came to read`;
    const why = 'retention is shorter than the group is behind';
    return [
      {
        target,
        verdict: 'warn',
        found,
        why,
        cure: `have it catch up, or keep records longer: kt topics alter ${shellWord(row.topic)} --retention`,
      },
    ];
  });
}

function waitsForTransaction({ topic, partition, transaction }: PartitionLag, lag: string): Omit<Told, 'target'> {
  const found = `it has read all that is committed, and is ${lag} a transaction that is still open`;
  const abort = 'kt transactions abort';
  if (!transaction) {
    const why = 'whose it is, is not told: this user may not see it, or it has just ended';
    return { verdict: 'fail', found, why, cure: `kt transactions find-hanging --topic ${shellWord(topic)}` };
  }
  const { transactionalId, startOffset, lastTimestamp } = transaction;
  const why = `${transactionInWords(transaction)}, last wrote at ${isoTime(lastTimestamp)}`;
  const cure =
    transactionalId === null
      ? `${abort} --topic ${shellWord(topic)} --partition ${partition} --start-offset ${startOffset}, once its producer is gone for good`
      : `have its producer commit or abort; kt transactions describe ${shellWord(transactionalId)} shows it, ${abort} ${shellWord(transactionalId)} ends it`;
  return { verdict: 'fail', found, why, cure };
}

/** Partitions that nobody reads: without any member they are one finding. */
export function unread({ group, state, partitions }: GroupLag, members: number): readonly Told[] {
  const ownerless = partitions.filter((row) => isWaiting(row) && row.memberId === null);
  if (ownerless.length === 0) return [];
  const behind = ownerless.reduce((sum, { lag }) => sum + (lag ?? 0n), 0n);
  const target = someOf(ownerless.map(partitionName));
  if (members === 0) {
    return [
      {
        target,
        verdict: 'fail',
        found: `no member reads it; ${waiting(behind)}`,
        why: `the group is ${state}: its consumers are stopped, or cannot join`,
        cure: `start the consumers with group.id=${group}, and look at their logs`,
      },
    ];
  }
  if (/Rebalance|Assigning|Reconciling/i.test(state)) {
    const why = `the group is in state ${state}`;
    return [
      {
        target,
        verdict: 'warn',
        found: 'it has no member at the moment',
        why,
        cure: 'look again: when it does not end, members join and leave',
      },
    ];
  }
  return [
    {
      target,
      verdict: 'fail',
      found: `none of the ${counted(members, 'member')} is assigned it; ${waiting(behind)}`,
      why: 'the members do not subscribe to the topic, or were assigned partitions by hand',
      cure: `kt groups describe ${shellWord(group)} shows who has which partition`,
    },
  ];
}

function overview({ state, lag, partitions }: GroupLag, members: number): string {
  const behind = partitions.filter((row) => (row.lag ?? 0n) > 0n);
  // Of those whose first unread record could be read.
  const ages = behind.flatMap(({ lagSeconds }) => lagSeconds ?? []);
  const who = `${state} with ${counted(members, 'member')}`;
  if (behind.length === 0) return `${who}, and all read (${counted(partitions.length, 'partition')})`;
  const found = `${who}, ${lag} behind in ${counted(behind.length, 'partition')} and reading`;
  if (ages.length < behind.length) return `${found}; how old the oldest unread record is cannot be told`;
  return `${found}; the oldest unread record was written ${age(Math.max(...ages) * 1000)} ago`;
}
