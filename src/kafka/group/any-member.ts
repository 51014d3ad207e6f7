/** What members of both group protocols have in common. */

import { pause } from '../../base/pause.ts';
import { partitionsInWords } from '../by-topic.ts';
import { closingMs } from '../coordinator-client.ts';
import type { AssignedPartition, Offsets } from './offsets.ts';

export interface MemberOptions {
  readonly group: string;
  readonly topics: readonly string[];
  readonly groupInstanceId?: string;
  readonly sessionTimeoutMs?: number;
  readonly isLock?: boolean;
  readonly signal: AbortSignal;
  note(text: string): void;
}

/**
 * How long the group waits for this member in a rebalance. Java's five minutes leave room for slow processing; kt only has
 * to write out one fetch, and whoever stopped its output (a pager) should not hold up the group.
 */
export const rebalanceTimeoutMs = 60_000;

/** Checked before each commit: the coordinator does not check who owns a partition, and would let a member rewind another's offset. */
export function mayCommit(
  assigned: readonly AssignedPartition[],
  offsets: Offsets,
  { isLock }: Pick<MemberOptions, 'isLock'>,
): boolean {
  if (isLock) return assigned.length > 0;
  return [...offsets].every(([topic, partitions]) =>
    [...partitions.keys()].every((partition) => assigned.some((own) => own.topic === topic && own.partition === partition)),
  );
}

/** Waits at most 3 s for the coordinator to confirm that the member left, and notes what happens if it does not. */
export async function leaveInTime(leaving: Promise<unknown>, { group, note }: MemberOptions, session: string): Promise<void> {
  const late = new AbortController();
  const left = leaving.then(
    () => true,
    () => false,
  );
  const inTime = await Promise.race([left, pause(closingMs, late.signal).then(() => false)]);
  late.abort();
  if (!inTime) note(`group ${group} did not confirm that kt left: its partitions go to other members after ${session}`);
}

/** `assigned orders:0,1, users:2`. */
export function assignedInWords(partitions: readonly AssignedPartition[]): string {
  if (partitions.length === 0) return 'assigned no partition: there are more members than partitions';
  return `assigned ${partitionsInWords(partitions)}`;
}
