/** The transactions of a cluster, as the coordinators list them: ListTransactions, once per broker (KIP-664). */
import { KtError } from '../../base/errors.ts';
import { pause } from '../../base/pause.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { ErrorCode, refused } from '../../kafka/wire/errors.ts';
import { coordinatorLists } from '../cluster/coordinator-lists.ts';
import { describeTransactions } from './describe.ts';

/** Every state of a transaction, as the brokers write them. */
export const transactionStates = [
  'Empty',
  'Ongoing',
  'PrepareCommit',
  'PrepareAbort',
  'CompleteCommit',
  'CompleteAbort',
  'PrepareEpochFence',
  'Dead',
] as const;

export interface ListedTransaction {
  readonly transactionalId: string;
  /** Broker id. */
  readonly coordinator: number;
  readonly producerId: bigint;
  readonly state: string;
}

export interface ListedTransactions {
  /** By transactional id. */
  readonly transactions: readonly ListedTransaction[];
  /** Brokers that did not answer, and coordinators that moved for too long: their transactions are missing from the list. */
  readonly problems: readonly KtError[];
}

/** An empty list lets everything through. */
export interface TransactionFilter {
  readonly states: readonly string[];
  readonly producerIds: readonly bigint[];
  /** Only those that have been open for longer, in ms. */
  readonly longerThanMs?: number | undefined;
}

/** Since this version coordinators filter by duration (KIP-994, Kafka 3.8). */
const durationVersion = 1;
const loadingPauseMs = 100;

/** All transactions that this user may see and that pass the filter, also while coordinators move: they are waited for. */
export async function listTransactions(cluster: Cluster, filter: TransactionFilter): Promise<ListedTransactions> {
  const deadline = performance.now() + cluster.timeoutMs;
  const ask = (broker: number) => ofBroker(cluster, broker, filter, deadline);
  const { items, problems } = await coordinatorLists(cluster, 'transaction', ask, { whole: true });
  // One whose coordinator moves may be on two lists.
  const transactions = [...new Map(items.map((each) => [each.transactionalId, each])).values()];
  transactions.sort((a, b) => (a.transactionalId < b.transactionalId ? -1 : 1));
  return { transactions, problems };
}

/** @param deadline until when a coordinator that loads its transactions is waited for, on the clock of `performance.now()` */
async function ofBroker(
  cluster: Cluster,
  broker: number,
  filter: TransactionFilter,
  deadline: number,
): Promise<readonly ListedTransaction[]> {
  const { states, producerIds, longerThanMs } = filter;
  const filters = longerThanMs !== undefined && (await cluster.apiVersion('ListTransactions', broker)) >= durationVersion;
  const body = {
    stateFilters: states,
    producerIdFilters: producerIds,
    ...(filters && { durationFilter: BigInt(longerThanMs) }),
  };
  for (;;) {
    const { errorCode, transactionStates: found } = await cluster.request('ListTransactions', body, { broker });
    if (errorCode === ErrorCode.COORDINATOR_LOAD_IN_PROGRESS && performance.now() < deadline) {
      await pause(loadingPauseMs, cluster.signal);
      continue;
    }
    // A broker answers this where there is no topic of transactions yet: it has none.
    if (errorCode === ErrorCode.COORDINATOR_NOT_AVAILABLE) return [];
    if (errorCode !== 0) throw refused(errorCode, `transactions of broker ${broker}`);
    const listed = found.map(({ transactionalId, producerId, transactionState: state }) => ({
      ...{ transactionalId, coordinator: broker, producerId, state },
    }));
    return longerThanMs === undefined || filters ? listed : openLonger(cluster, listed, longerThanMs);
  }
}

/** For brokers that do not filter by duration. */
async function openLonger(cluster: Cluster, listed: readonly ListedTransaction[], longerThanMs: number) {
  const described = await describeTransactions(
    cluster,
    listed.map(({ transactionalId }) => transactionalId),
  );
  const latestStart = Date.now() - longerThanMs;
  return listed.filter(({ transactionalId }) => {
    const transaction = described.get(transactionalId)!;
    // One that is gone by now has ended.
    if (transaction instanceof KtError && transaction.code !== 'TRANSACTIONAL_ID_NOT_FOUND') throw transaction;
    return !(transaction instanceof KtError) && transaction.startTime !== null && transaction.startTime < latestStart;
  });
}
