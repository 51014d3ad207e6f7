/**
 * What an error means for a transaction, after KIP-1050's classes.
 *
 * - Retriable: the coordinator moves, loads or is busy; `CoordinatorClient` asks again.
 * - Abortable: the transaction can only be aborted, then the producer can begin another one: TRANSACTION_ABORTABLE, a missing permission
 *   on a topic or group, a refused or lost batch, and the errors of a member that its group has moved on without (`isStale`).
 * - Fatal: the producer has ended. Only a new one can continue, where the id was fenced or forgotten (PRODUCER_FENCED, INVALID_PRODUCER_EPOCH,
 *   INVALID_PRODUCER_ID_MAPPING), or nobody until a permission on the transactional id is granted.
 */
import { KtError } from '../../base/errors.ts';
import { refusedFor } from '../permissions.ts';
import { errorOf } from '../wire/errors.ts';

/** Whether an error says that another producer has the transactional id now, or that the brokers took it from this one. */
export function isFencing(name: string): boolean {
  return name === 'PRODUCER_FENCED' || name === 'INVALID_PRODUCER_EPOCH';
}

/** The error of a producer that lost its transactional id. It is fatal: only a new producer can continue. */
export function fencedError(transactionalId: string): KtError {
  return new KtError('refused', `transactional id ${transactionalId} (another producer with this transactional id took over)`, {
    code: 'PRODUCER_FENCED',
    hint: 'give each producer an id of its own; brokers also end a transaction that is open for 15 minutes: --transaction-size 100000 commits in parts',
  });
}

/** What must be allowed, besides WRITE on the transactional id. */
export interface TransactionNeeds {
  readonly topic?: readonly [operation: string, topics: string];
  readonly group?: readonly [operation: string, group: string];
}

/** Errors after which the transaction can only be aborted or is over, with what to do next. */
const hints: Readonly<Record<string, string>> = {
  INVALID_PRODUCER_ID_MAPPING:
    'the brokers forgot the transactional id, unused for transactional.id.expiration.ms (7 days by default); run it again',
  INVALID_TXN_STATE: 'the brokers ended the transaction meanwhile; nothing of it was committed: run it again',
  TRANSACTION_ABORTABLE: 'the brokers cannot commit this transaction; nothing of it was committed: run it again',
};

/** The `refused` error for a code that a transaction coordinator answers. */
export function transactionRefusal(errorCode: number, transactionalId: string, needs: TransactionNeeds = {}): KtError {
  return refusedFor(
    errorCode,
    `transactional id ${transactionalId}`,
    { 'transactional id': ['WRITE', transactionalId], ...needs },
    null,
    hints[errorOf(errorCode).name],
  );
}
