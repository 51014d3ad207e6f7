/** What tests ask of a source of records, and a listener that wants to know nothing. */
import { RecordFilter } from '../../src/records/filter.ts';
import type { ReadEvents, ReadRequest } from '../../src/records/source/request.ts';

/** Reads the topics whole, unless the test wants something else. */
export function readRequest(topics: readonly string[], wanted: Partial<ReadRequest> = {}): ReadRequest {
  return {
    topics,
    partitions: [],
    from: { at: 'beginning' },
    to: undefined,
    exitAtEnd: true,
    maxRecords: undefined,
    last: undefined,
    merge: false,
    filter: new RecordFilter({ key: undefined, value: undefined, headers: [], where: [] }),
    isolation: 'read_committed',
    group: undefined,
    ...wanted,
  };
}

export const noEvents: ReadEvents = {
  signal: new AbortController().signal,
  note: () => {},
  warn: () => {},
  waiting: () => {},
  bar: () => undefined,
};
