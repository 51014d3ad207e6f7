/** JavaScript's operators in SQL. */
import * as exact from '../operators.ts';
import { type SqlFields, SqlRefusal } from './fields.ts';
import { doubleSql, literalTerm, typedSql } from './literal.ts';
import { comparison, computed, isNumber, type SqlType, type Term } from './term.ts';
import { concatenation, integerOf } from './text.ts';

const typeNames: Readonly<Record<SqlType, string>> = {
  BIGINT: 'a number',
  DOUBLE: 'a number',
  STRING: 'a text',
  BOOLEAN: 'true or false',
};

export function kindOf({ type }: Term): string {
  return type === undefined ? 'nothing' : typeNames[type];
}

/** @throws SqlRefusal for anything but a number */
export function checkNumber(term: Term, what: string): void {
  if (!isNumber(term)) throw new SqlRefusal(`${what} of ${kindOf(term)}`);
}

const folded: Readonly<Record<string, (a: unknown, b: unknown) => unknown>> = {
  '+': exact.add,
  '-': exact.subtract,
  '*': exact.multiply,
  '/': exact.divide,
  '%': exact.remainder,
};

/** `+`, `-`, `*`, `/` and `%`. @throws SqlRefusal */
export function arithmetic(operator: string, left: Term, right: Term, fields: SqlFields): Term {
  if (operator === '+' && (left.type === 'STRING' || right.type === 'STRING')) return concatenation([left, right], fields);
  for (const each of [left, right]) if (!isNumber(each)) throw new SqlRefusal(`arithmetic with ${kindOf(each)}`);
  if (left.literal !== undefined && right.literal !== undefined) return foldedTerm(operator, left, right);
  if (operator === '/') return division(left, right);
  if (operator === '%') return remainder(left, right, fields);
  const areIntegers = left.type === 'BIGINT' && right.type === 'BIGINT';
  if (areIntegers) fields.note('integers wrap around beyond 64 bits');
  return computed(`(${left.sql} ${operator} ${right.sql})`, areIntegers ? 'BIGINT' : 'DOUBLE', left, right);
}

function foldedTerm(operator: string, left: Term, right: Term): Term {
  const value = folded[operator]!(left.literal, right.literal) as number | bigint;
  if (!Number.isFinite(Number(value))) throw new SqlRefusal(`${value} is no number in SQL`);
  return literalTerm(value);
}

/** Between doubles, which like JavaScript's have infinities and NaN. */
function division(left: Term, right: Term): Term {
  if (right.literal !== undefined && Number(right.literal) === 0) throw new SqlRefusal('a division by 0');
  const quotient = computed(`(${doubleSql(left)} / ${doubleSql(right)})`, 'DOUBLE', left, right);
  return right.literal === undefined ? { ...quotient, mayBeInfinite: true } : quotient;
}

function remainder(left: Term, right: Term, fields: SqlFields): Term {
  if (right.type !== 'BIGINT' || !right.literal) {
    throw new SqlRefusal('a remainder of anything but an integer that is written out', 'for example value.id % 10');
  }
  return computed(`MOD(${integerOf(left, fields).sql}, ${right.sql})`, 'BIGINT', left);
}

/** `===`, `!==`, `==` and `!=`. @throws SqlRefusal */
export function equality(operator: string, left: Term, right: Term): Term {
  const isNegated = operator.startsWith('!');
  if (left.type === undefined || right.type === undefined) return nothing(operator, left.type === undefined ? right : left);
  if (left.type !== right.type && !(isNumber(left) && isNumber(right))) {
    throw new SqlRefusal(`${kindOf(left)} compared with ${kindOf(right)}`);
  }
  if (left.nullMeans === 'undefined' && right.nullMeans === 'undefined') {
    return comparison(`${left.sql} IS ${isNegated ? '' : 'NOT '}DISTINCT FROM ${right.sql}`);
  }
  if (!isNegated) return comparison(`${left.sql} = ${right.sql}`, left, right);
  if (!left.nullMeans && !right.nullMeans) return comparison(`${left.sql} <> ${right.sql}`);
  return comparison(`(${left.sql} = ${right.sql}) IS NOT TRUE`);
}

/** Comparison with `null` or `undefined`. */
function nothing(operator: string, { type, sql, nullMeans }: Term): Term {
  if (operator.length === 3) {
    throw new SqlRefusal(
      'SQL does not tell null from a missing field',
      `${operator.slice(0, 2)} null holds for both: write ${operator.slice(0, 2)}`,
    );
  }
  if (type === undefined) throw new SqlRefusal('nothing compared with nothing');
  const isThere = nullMeans === 'undefined' ? `${sql} IS NOT NULL` : 'TRUE';
  const isMissing = nullMeans === 'undefined' ? `${sql} IS NULL` : 'FALSE';
  return comparison(operator === '==' ? isMissing : isThere);
}

/** `<`, `<=`, `>` and `>=`. @throws SqlRefusal */
export function order(operator: string, left: Term, right: Term, fields: SqlFields): Term {
  const areTexts = left.type === 'STRING' && right.type === 'STRING';
  if (!areTexts && !(isNumber(left) && isNumber(right))) {
    throw new SqlRefusal(`${kindOf(left)} compared with ${kindOf(right)}`);
  }
  // Up to U+D7FF both orders are one.
  if (areTexts && ![left, right].some(({ literal }) => typeof literal === 'string' && /^[\0-\ud7ff]*$/.test(literal)))
    fields.note('texts are ordered by code points, not by UTF-16 units');
  return comparison(`${left.sql} ${operator} ${right.sql}`, left, right);
}

/** Two values of which SQL takes one: both of one type. @throws SqlRefusal */
export function alternatives(left: Term, right: Term): readonly [left: string, right: string, rest: Omit<Term, 'sql'>] {
  const type = commonType(left, right);
  const sqlOf = (term: Term): string => {
    if (term.type === undefined) return `CAST(NULL AS ${type})`;
    return type === 'DOUBLE' ? doubleSql(term) : typedSql(term);
  };
  const both = [left, right];
  const isMissing = both.some(({ type: each, nullMeans }) => each === undefined || nullMeans === 'undefined');
  const nullMeans = isMissing ? 'undefined' : both.find((each) => each.nullMeans)?.nullMeans;
  const mayBeInfinite = both.some((each) => each.mayBeInfinite);
  return [
    sqlOf(left),
    sqlOf(right),
    { type, ...(nullMeans && { nullMeans }), ...(mayBeInfinite && { mayBeInfinite: true as const }) },
  ];
}

function commonType(left: Term, right: Term): SqlType {
  if (left.type === undefined || left.type === right.type) {
    if (right.type === undefined) throw new SqlRefusal('nothing in both cases');
    return right.type;
  }
  if (right.type === undefined) return left.type;
  if (isNumber(left) && isNumber(right)) return 'DOUBLE';
  throw new SqlRefusal(`${kindOf(left)} in one case and ${kindOf(right)} in the other`, 'a column of SQL has one type');
}
