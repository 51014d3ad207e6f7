/** How every source fetches: what it asks brokers for, and which of the records that come are wanted. */
import type { FetchedRecords } from '../../kafka/batch/record.ts';
import type { FetchOptions } from '../../kafka/fetch/fetch.ts';
import type { UnreadPartitions } from '../../kafka/fetch/unread.ts';
import type { RecordFilter } from '../filter.ts';
import type { RecordSchemas } from '../schemas/record-schemas.ts';
import type { ReadEvents, ReadRequest } from './request.ts';

export function fetchOptions(
  {
    filter,
    isolation,
    schemas,
    maxBatchBytes,
    partBytes,
  }: Pick<ReadRequest, 'filter' | 'isolation' | 'schemas' | 'maxBatchBytes' | 'partBytes'>,
  { signal, warn, note, arrived }: Pick<ReadEvents, 'signal' | 'warn' | 'note' | 'arrived'>,
  unread: UnreadPartitions,
): FetchOptions {
  const select: FetchOptions['select'] = (records) => {
    arrived?.();
    return wanted(records, filter, schemas);
  };
  return { isolation, maxBatchBytes, partBytes, signal, warn, note, unread: unread.add, select };
}

async function wanted(
  records: FetchedRecords,
  filter: RecordFilter,
  schemas: RecordSchemas | undefined,
): Promise<FetchedRecords> {
  const looking = schemas?.prepare(records);
  if (looking) await looking;
  const waiting = filter.prepare(records);
  if (waiting) await waiting;
  return filter.apply(records);
}
