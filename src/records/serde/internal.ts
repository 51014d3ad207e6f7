/** Serde `internal`: the records of Kafka's own topics, by the coordinator that writes them. Only read, never written. */
import type { RecordView } from '../../kafka/batch/record.ts';
import { InternalRecords, recordTypeOf } from '../../kafka/internals/records.ts';
import { exactInteger, type Serde, type SerdeContext } from './serde.ts';

export function makeSerde({ field, coordinator = 'group' }: SerdeContext): Serde {
  const records = new InternalRecords(coordinator);
  // The key says what the value is.
  let recordType: number | undefined;
  const fields = (bytes: Buffer, start: number, end: number) =>
    field === 'key' ? records.key(bytes, start, end) : records.value(recordType, bytes, start, end);
  return {
    name: 'internal',
    kind: 'json',
    text(bytes, start, end) {
      const value = fields(bytes, start, end);
      return value && exactJson(value);
    },
    decode(bytes, start, end) {
      const value = fields(bytes, start, end);
      return value && withNumbers(value);
    },
    takes: 'nothing: it is only read',
    at(record: RecordView) {
      recordType = recordTypeOf(record.bytes, record.keyStart, record.keyEnd);
    },
    ...(field === 'key' && { recordType: () => recordType }),
  };
}

/** JSON in which a BigInt is a number with all its digits. */
function exactJson(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(exactJson).join(',')}]`;
  return `{${Object.entries(value)
    .map(([name, item]) => `${JSON.stringify(name)}:${exactJson(item)}`)
    .join(',')}}`;
}

/** The same data with numbers instead of BigInts where they are exact. */
function withNumbers(value: unknown): unknown {
  if (typeof value === 'bigint') return exactInteger(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withNumbers);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withNumbers(item)]));
}
