/** Aggregates into a topic as one of several processes of a group: one is active, the others stand by and take over when it ends or dies. */
import { isEnding, KtError } from '../../../base/errors.ts';
import { pause } from '../../../base/pause.ts';
import type { Cluster } from '../../../kafka/cluster.ts';
import { joinGroup, type Membership } from '../../../kafka/group/membership.ts';
import { outlasting } from '../../source/outlast.ts';
import type { Account } from '../account.ts';
import { type Job, Period, Superseded } from './period.ts';

/** After how long without a sign of life another process takes over. */
const sessionTimeoutMs = 10_000;
const retryMs = 500;
/** A reading with an end gives up when nothing could be committed for so long. */
const patienceMs = 120_000;

export interface IntoSummary {
  /** How many results were committed by this process. */
  readonly results: number;
  readonly account: Account | undefined;
}

/**
 * Ends when there is an end to the reading.
 *
 * The group has the topic of the state as its only one: who is assigned its partition is the active process, and its generation is what the
 * brokers check when it commits, so that one that hangs and wakes up commits nothing (KIP-447).
 * @param tell told at the end, however that comes, what has come of it
 * @throws KtError
 */
export async function aggregateInto(cluster: Cluster, job: Job, tell: (summary: IntoSummary) => void): Promise<void> {
  const { group, changelog, request, events } = job;
  const { signal, note, warn } = events;
  const hasEnd = request.exitAtEnd || request.to !== undefined;
  const lasting = <T>(work: () => Promise<T>): Promise<T> => (hasEnd ? work() : outlasting(group, events, work));
  const membership = await lasting(() =>
    joinGroup(cluster, { group, topics: [changelog], sessionTimeoutMs, isLock: true, signal, note: () => {} }),
  );
  let results = 0;
  let account: Account | undefined;
  let workedAt = performance.now();
  try {
    for (let isTold = false; ; ) {
      if (!isActive(membership, changelog)) {
        if (!isTold) note(`group ${group}: another process is active; this one takes over when that ends`);
        isTold = true;
        await over(membership, signal);
        await lasting(() => membership.rejoin());
        workedAt = performance.now();
        continue;
      }
      isTold = false;
      const lost = new AbortController();
      membership.changed.then(
        () => lost.abort(new Superseded('the group assigns its partitions anew')),
        () => {},
      );
      const period = new Period(cluster, job, membership, AbortSignal.any([signal, lost.signal]));
      try {
        await period.run();
        return;
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        if (period.commits > 0) workedAt = performance.now();
        const isLost = lost.signal.aborted || error instanceof Superseded || isFenced(error);
        if (!isLost && !isPassing(error)) throw error;
        if (hasEnd && performance.now() - workedAt > patienceMs) throw error;
        if (isLost) await lasting(() => membership.rejoin());
        else {
          warn(`group ${group}: begins again at the last committed state (${(error as Error).message})`);
          await pause(retryMs, signal);
        }
      } finally {
        results += period.results;
        account = period.account ?? account;
      }
    }
  } finally {
    tell({ results, account });
    await membership.leave();
  }
}

function isActive({ assigned }: Membership, changelog: string): boolean {
  return assigned.some(({ topic, partition }) => topic === changelog && partition === 0);
}

/** Resolves when the member's generation is over. */
function over({ changed }: Membership, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    changed.then(resolve, reject);
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** Whether another process has taken the transactional id, as only an active one does. */
function isFenced(error: unknown): boolean {
  return error instanceof KtError && error.code === 'PRODUCER_FENCED';
}

/** What a new beginning mends, besides lost connections: above all a transaction that the brokers ended. */
const passing: ReadonlySet<string | undefined> = new Set([
  'INVALID_PRODUCER_ID_MAPPING',
  'INVALID_TXN_STATE',
  'TRANSACTION_ABORTABLE',
  'UNKNOWN_PRODUCER_ID',
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR',
  'CONCURRENT_TRANSACTIONS',
]);

function isPassing(error: unknown): boolean {
  return error instanceof KtError && !isEnding(error) && (error.kind === 'connection' || passing.has(error.code));
}
