/** A filter as it is typed over live records: plain text in key or value, or an expression as `--where` takes it. */
import type { RecordView } from '../../kafka/batch/record.ts';
import { compileExpression } from '../expression/compile.ts';
import { RecordFilter } from '../filter.ts';
import type { RecordSchemas } from '../schemas/record-schemas.ts';
import type { FieldFormats } from '../serde/stream-serdes.ts';
import type { FieldTexts } from './field-texts.ts';

export type RecordMatch = (record: RecordView) => boolean;

/** What of a record an expression names. Plain text hardly ever holds a field's name with an operator behind it. */
const expressionStart =
  /(^|[\s(![&|,+-])(value|key|headers|topic|partition|offset|timestamp)\s*(\?\.|[.[<>]|[=!]==?|\s(in|instanceof)\s)/;

export function isExpression(text: string): boolean {
  return expressionStart.test(text);
}

/**
 * @param text not empty
 * @throws KtError `usage` with the place of what is wrong in an expression, such as one that is typed only in half
 */
export async function recordMatch(
  topic: string,
  text: string,
  texts: FieldTexts,
  formats: FieldFormats & { readonly schemas: RecordSchemas | undefined },
): Promise<RecordMatch> {
  if (!isExpression(text)) {
    const wanted = text.toLowerCase();
    const holds = (record: RecordView, field: 'key' | 'value') => texts.of(record, field).text.toLowerCase().includes(wanted);
    return (record) => holds(record, 'key') || holds(record, 'value');
  }
  const where = [await compileExpression('the filter', text)];
  const filter = new RecordFilter({ ...formats, key: undefined, value: undefined, headers: [], where });
  await filter.prepare({ topic, each: () => {} });
  return (record) => {
    let passes = false;
    filter.apply({ topic, each: (visit) => void visit(record) }).each(() => {
      passes = true;
    });
    return passes;
  };
}
