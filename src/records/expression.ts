/** JavaScript expressions over a record, as `--where` takes them: compiled once; only the fields that they name are decoded. */
import { usageError } from '../base/errors.ts';
import type { RecordView } from '../kafka/batch/record.ts';
import { visitHeaders } from '../kafka/batch/record-headers.ts';

/** What an expression can name, in the order in which its function takes them. */
const names = ['key', 'value', 'headers', 'topic', 'partition', 'offset', 'timestamp'] as const;

/** How an expression gets the fields that depend on the stream's formats: asked only for a name that the expression contains. */
export interface FieldValues {
  key(record: RecordView): unknown;
  value(record: RecordView): unknown;
}

/** Gives an expression's result for one record. */
export type RecordExpression = (record: RecordView, fields: FieldValues) => unknown;

/**
 * Compiles an expression. `headers` is an object of texts, in which the last of a name counts, as with Kafka's `lastHeader`.
 * @param flag who asked, for errors: `--where`
 * @throws KtError `usage` for what is not an expression; when run, for a name that does not exist, and whatever else the expression throws
 */
export function recordExpression(flag: string, source: string): RecordExpression {
  let evaluate: (...values: readonly unknown[]) => unknown;
  try {
    // The line break ends a trailing comment.
    evaluate = new Function(...names, `"use strict"; return (${source}\n);`) as typeof evaluate;
  } catch (error) {
    throw usageError(
      `${flag} '${source}' (not a JavaScript expression: ${(error as Error).message})`,
      `quote it for the shell, such as ${flag} 'value.amount > 100'`,
    );
  }
  const named = (name: (typeof names)[number]): boolean => new RegExp(`\\b${name}\\b`).test(source);
  const [withKey, withValue, withHeaders] = [named('key'), named('value'), named('headers')];
  return (record, fields) => {
    try {
      return evaluate(
        withKey ? fields.key(record) : undefined,
        withValue ? fields.value(record) : undefined,
        withHeaders ? headersOf(record) : undefined,
        record.topic,
        record.partition,
        record.offset,
        record.timestamp,
      );
    } catch (error) {
      if (!(error instanceof ReferenceError)) throw error;
      throw usageError(`${flag} '${source}' (${error.message})`, `an expression can name ${names.join(', ')}`);
    }
  };
}

function headersOf(record: RecordView): Readonly<Record<string, string | null>> {
  const headers: Record<string, string | null> = Object.create(null);
  visitHeaders(record, (bytes, keyStart, keyEnd, valueStart, valueEnd) => {
    headers[bytes.toString('utf8', keyStart, keyEnd)] = valueStart < 0 ? null : bytes.toString('utf8', valueStart, valueEnd);
  });
  return headers;
}
