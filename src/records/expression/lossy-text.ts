/** Text that an expression sees of bytes that are no UTF-8: U+FFFD stands where several bytes may have been, so different bytes look the same. */
import { isUtf8 } from '../../base/bytes/utf8.ts';
import type { RecordView } from '../../kafka/batch/record.ts';
import { ExpressionFailure } from './failure.ts';
import type { FieldName, RecordScope } from './scope.ts';

const replacement = '\uFFFD';

/** Whether a key or value, as an expression sees it, is text that its bytes are not. */
export function isLossy(field: 'key' | 'value', seen: unknown, record: RecordView): boolean {
  if (typeof seen !== 'string' || !seen.includes(replacement)) return false;
  const { bytes, keyStart, keyEnd, valueStart, valueEnd } = record;
  return field === 'key' ? !isUtf8(bytes, keyStart, keyEnd) : !isUtf8(bytes, valueStart, valueEnd);
}

/**
 * Refuses a result that was made of such text: it would be taken for the same as others.
 * @param uses what the expression names of a record
 * @throws ExpressionFailure
 */
export function checkWhole(result: unknown, uses: ReadonlySet<FieldName>, scope: RecordScope, record: RecordView): void {
  if (typeof result !== 'string' || !result.includes(replacement)) return;
  for (const field of ['key', 'value'] as const)
    if (uses.has(field) && isLossy(field, scope[field], record))
      throw new ExpressionFailure(`its ${field} is not text: --${field}-format hex reads any`);
}
