/** What errors mean for a pipe: for one record, for a transaction that can be done again, or for all that follows. */
import { KtError } from '../../base/errors.ts';
import { type Origin, originText } from './origins.ts';

/** What brokers say of a record that they will never take. */
const ofRecords: ReadonlySet<string | undefined> = new Set([
  'INVALID_RECORD',
  'INVALID_TIMESTAMP',
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
]);
/** After these a transaction is over or can only be aborted, and the next one may go through. */
const ofTransactions: ReadonlySet<string | undefined> = new Set([
  'CONCURRENT_TRANSACTIONS',
  'INVALID_PRODUCER_EPOCH',
  'INVALID_PRODUCER_ID_MAPPING',
  'INVALID_TXN_STATE',
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'PRODUCER_FENCED',
  'TRANSACTION_ABORTABLE',
  'UNKNOWN_PRODUCER_ID',
]);

/** Whether an error is about the record itself: it would come again. */
export function refusesRecord({ code }: KtError): boolean {
  return ofRecords.has(code);
}

/** Whether a transaction that failed so may be done again. @param outlives whether the pipe lives through outages, having no end */
export function mayPass(error: unknown, outlives: boolean): boolean {
  if (!(error instanceof KtError)) return false;
  return error.kind === 'connection' ? outlives : ofTransactions.has(error.code);
}

/** The error of a pipe that ends at a record which failed. */
export function stoppedAt(origin: Origin, why: string, cause?: KtError): KtError {
  return new KtError(cause?.kind ?? 'refused', `${originText(origin)} (${why})`, {
    code: cause?.code,
    hint:
      cause?.kind === 'connection' ? cause.hint : '--dead-letter TOPIC keeps such records and goes on; --where leaves some out',
    cause,
  });
}
