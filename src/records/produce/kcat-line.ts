/** Lines of `kcat -J`: what is other than in those of `kt tail -o json`. */
import { usageError } from '../../base/errors.ts';
import { isWellFormed } from '../../base/well-formed.ts';
import { encodeHeaders, type RecordHeader } from '../../kafka/batch/record-headers.ts';

/** What kcat -J prints (kcat's json.c): the same in other words, and headers as one flat list. */
export const kcatFields: ReadonlySet<string> = new Set([
  'topic',
  'partition',
  'offset',
  'tstype',
  'ts',
  'broker',
  'headers',
  'key',
  'payload',
]);

/**
 * kcat prints text, unless it decoded Avro: then the bytes that stood there are unknown.
 * @param keyFormat and `format` say how keys and values are encoded; undefined where nothing does
 * @throws KtError `usage`
 */
export function checkKcatText(key: unknown, payload: unknown, keyFormat: string | undefined, format: string | undefined): void {
  const isView = (value: unknown): boolean => value !== undefined && value !== null && typeof value !== 'string';
  if (!(isView(key) && keyFormat === undefined) && !(isView(payload) && format === undefined)) return;
  const field = isView(payload) && format === undefined ? 'payload' : 'key';
  throw usageError(
    `"${field}" is not text, so kcat decoded it (a view, which does not hold its bytes)`,
    `${field === 'key' ? '--key-format' : '--value-format'} says how it is to be encoded, such as json`,
  );
}

/** Headers of kcat: names and values in turn; a value may be null. @throws KtError `usage` */
export function kcatHeaders(headers: unknown): Buffer | undefined {
  const isFlat =
    Array.isArray(headers) &&
    headers.length % 2 === 0 &&
    headers.every((item, at) => typeof item === 'string' || (item === null && at % 2 === 1));
  if (!isFlat) {
    throw usageError(
      '"headers" is not a list of names and values in turn',
      'in lines of kcat headers look like ["name","text","name","text"]',
    );
  }
  if (headers.length === 0) return undefined;
  if (!headers.every((item) => item === null || isWellFormed(item))) {
    throw usageError('a header with half of a surrogate pair', 'such text has no UTF-8');
  }
  const pairs = Array.from({ length: headers.length / 2 }, (_, pair): RecordHeader => {
    const [key, value] = [headers[2 * pair] as string, headers[2 * pair + 1] as string | null];
    return { key: Buffer.from(key), value: value === null ? null : Buffer.from(value) };
  });
  return encodeHeaders(pairs);
}
