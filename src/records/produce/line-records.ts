/** Lines as records: the value, or key and value around a separator. */
import { usageError } from '../../base/errors.ts';
import type { ReadPiece } from './record-input.ts';

export interface LineOptions {
  /** Between key and value; undefined if the line is the value. */
  readonly keySeparator: Buffer | undefined;
  /** Text that stands for a null key or value. */
  readonly nullMarker: Buffer | undefined;
  /** The key of every record. */
  readonly fixedKey: Buffer | undefined;
}

/** How a line fills a record. A line without the key separator is refused, as by Kafka's console producer: guessing would lose its key. */
export function lineRecords({ keySeparator, nullMarker, fixedKey }: LineOptions): ReadPiece {
  return (record, bytes, start, end) => {
    let valueStart = start;
    if (keySeparator) {
      const at = indexWithin(bytes, keySeparator, start, end);
      if (at === -1) {
        throw usageError(
          `no key separator ${JSON.stringify(keySeparator.toString())}`,
          `each line must be KEY, the separator, VALUE; ${withoutSeparator(keySeparator.toString())}`,
        );
      }
      valueStart = at + keySeparator.length;
      record.key = bytes;
      const isNull = nullMarker !== undefined && equals(bytes, start, at, nullMarker);
      record.keyStart = isNull ? -1 : start;
      record.keyEnd = isNull ? -1 : at;
    } else if (fixedKey) {
      record.key = fixedKey;
      record.keyStart = 0;
      record.keyEnd = fixedKey.length;
    }
    const isNull = nullMarker !== undefined && equals(bytes, valueStart, end, nullMarker);
    record.value = bytes;
    record.valueStart = isNull ? -1 : valueStart;
    record.valueEnd = isNull ? -1 : end;
  };
}

/** What was meant, if not a separator: a word is more likely a key. */
function withoutSeparator(separator: string): string {
  return /^\w{2,}$/.test(separator)
    ? `-k ${separator} gives every record the key ${separator}`
    : 'leave -K out to send lines without keys';
}

/** `indexOf` that never looks beyond the line: in a big chunk a missing separator would cost a scan of everything after it. */
function indexWithin(bytes: Buffer, sought: Buffer, start: number, end: number): number {
  const first = sought[0];
  const { length } = sought;
  for (let at = start; at <= end - length; at++) {
    if (bytes[at] === first && (length === 1 || equals(bytes, at, at + length, sought))) return at;
  }
  return -1;
}

function equals(bytes: Buffer, start: number, end: number, other: Buffer): boolean {
  if (end - start !== other.length) return false;
  for (let index = 0; index < other.length; index++) if (bytes[start + index] !== other[index]) return false;
  return true;
}
