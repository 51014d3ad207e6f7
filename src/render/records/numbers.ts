/** A record's 64-bit numbers, exact even beyond what a double can hold. */

import type { ByteSink } from '../../base/bytes/byte-sink.ts';
import type { RecordView } from '../../kafka/batch/record.ts';

/** Appends the offset in decimal digits. */
export function appendOffset(sink: ByteSink, record: RecordView): void {
  if (Number.isSafeInteger(record.offset)) sink.number(record.offset);
  else sink.ascii(record.exactOffset().toString());
}

/** Appends the timestamp, in epoch milliseconds. */
export function appendTimestamp(sink: ByteSink, record: RecordView): void {
  if (Number.isSafeInteger(record.timestamp)) sink.number(record.timestamp);
  else sink.ascii(record.exactTimestamp().toString());
}
