/** Values as text, where SQL writes them as JavaScript does. */
import { type SqlFields, SqlRefusal } from './fields.ts';
import { literalTerm, sqlText } from './literal.ts';
import type { Term } from './term.ts';

/** A value's text; NULL where there is none. @throws SqlRefusal for what SQL writes otherwise */
export function textOf(term: Term, fields: SqlFields): Term {
  if (term.type === undefined) return literalTerm(String(term.literal));
  if (term.type === 'STRING') return term;
  if (term.literal !== undefined) return literalTerm(String(term.literal));
  const { nullMeans } = term;
  const rest = { type: 'STRING', ...(nullMeans && { nullMeans }) } as const;
  if (term.type === 'BOOLEAN')
    return { ...rest, sql: `CASE WHEN ${term.sql} THEN 'true' WHEN NOT (${term.sql}) THEN 'false' END` };
  return { ...rest, sql: `CAST(${integerOf(term, fields).sql} AS STRING)` };
}

/** A number as an integer. @throws SqlRefusal where it may have fractions */
export function integerOf(term: Term, fields: SqlFields): Term {
  if (term.type === 'BIGINT') return term;
  if (term.path) return fields.integer(term.path);
  throw new SqlRefusal(
    'a number that may have fractions would be written otherwise',
    'Flink writes 2 as 2.0; take the number itself',
  );
}

/** What stands in a longer text: `undefined` where there is nothing, as in JavaScript. */
export function insertedText(term: Term, fields: SqlFields): string {
  const { sql, nullMeans } = textOf(term, fields);
  return nullMeans ? `COALESCE(${sql}, ${sqlText(nullMeans)})` : sql;
}

export function concatenation(parts: readonly Term[], fields: SqlFields): Term {
  return { sql: `(${parts.map((part) => insertedText(part, fields)).join(' || ')})`, type: 'STRING' };
}
