/** JavaScript expressions over a record, as `--where` takes them: compiled once, and only what they name is decoded. */
import { usageError } from '../base/errors.ts';
import type { RecordView } from '../kafka/batch/record.ts';
import { visitHeaders } from '../kafka/batch/record-headers.ts';

/** What an expression can name, in the order its function takes them. */
const names = ['key', 'value', 'headers', 'topic', 'partition', 'offset', 'timestamp'] as const;

/** Gives an expression's result for one record. */
export type RecordExpression = (record: RecordView) => unknown;

/**
 * Compiles an expression. `key` is text, `value` the parsed JSON where it is JSON and text elsewhere, both null where absent; `headers` is an
 * object of texts, of which the last of a name counts, as Kafka's `lastHeader`.
 * @param flag who asked, for errors: `--where`
 * @throws KtError `usage` for what is no expression; when run, for a name that does not exist, and whatever else the expression throws
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
  return (record) => {
    try {
      return evaluate(
        withKey ? textOf(record.bytes, record.keyStart, record.keyEnd) : undefined,
        withValue ? jsonOrText(record) : undefined,
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

function textOf(bytes: Buffer, start: number, end: number): string | null {
  return start < 0 ? null : bytes.toString('utf8', start, end);
}

/** How JSON can begin; most of what is no JSON is told by its first character, without an exception. */
const jsonStart = /^\s*["[{\-\dtfn]/;

function jsonOrText({ bytes, valueStart, valueEnd }: RecordView): unknown {
  const text = textOf(bytes, valueStart, valueEnd);
  if (text === null || !jsonStart.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function headersOf(record: RecordView): Readonly<Record<string, string | null>> {
  const headers: Record<string, string | null> = Object.create(null);
  visitHeaders(record, (bytes, keyStart, keyEnd, valueStart, valueEnd) => {
    headers[bytes.toString('utf8', keyStart, keyEnd)] = textOf(bytes, valueStart, valueEnd);
  });
  return headers;
}
