/** Timestamps that the input gives its records: milliseconds since 1970, to the last digit. */
import { usageError } from '../../base/errors.ts';
import { likelyUnit } from '../../base/time-unit.ts';

/** A record without a timestamp (`RecordBatch.NO_TIMESTAMP`): brokers store it as it is. */
const noTimestamp = -1;
const largestTimestamp = 2n ** 63n - 1n;
const hint = 'timestamps are milliseconds since 1970; -1 writes a record without one';

/**
 * @param name the JSON field
 * @param raw gives the JSON text of the value, since JSON.parse rounds beyond 2^53
 * @throws KtError `usage` for what is no timestamp that Kafka can hold
 */
export function timestampOf(name: string, value: unknown, raw: () => string): number | bigint {
  if (Number.isSafeInteger(value)) return checked(name, value as number);
  const digits = typeof value === 'number' ? raw() : '';
  if (!/^-?\d+$/.test(digits)) throw usageError(`"${name}" is not a whole number`, hint);
  const exact = BigInt(digits.slice(0, 40));
  if (exact > largestTimestamp) throw usageError(`"${name}" is out of range`, `the largest timestamp is ${largestTimestamp}`);
  return checked(name, exact);
}

function checked<T extends number | bigint>(name: string, timestamp: T): T {
  if (timestamp < noTimestamp) throw usageError(`"${name}" is negative`, hint);
  return timestamp;
}

/** @throws KtError `usage` for a time before 1970 */
export function checkTimestampOption(timestamp: number | undefined): void {
  if (timestamp !== undefined && timestamp < 0) {
    throw usageError('--timestamp before 1970 (Kafka has no such timestamps)', 'give a later time');
  }
}

/** Tells once of a timestamp that seems to be in another unit: it is written as it is given. */
export function unitNote(note: (text: string) => void): (timestamp: number | bigint) => void {
  let isTold = false;
  return (timestamp) => {
    const unit = isTold ? undefined : likelyUnit(timestamp)?.unit;
    if (unit === undefined) return;
    isTold = true;
    note(`timestamp ${timestamp} looks like ${unit}, but timestamps are milliseconds since 1970 (it is written as it is)`);
  };
}
