/** A part of an expression as Flink SQL, with what has to be known of it to put it into a larger one. */

export type SqlType = 'BIGINT' | 'DOUBLE' | 'STRING' | 'BOOLEAN';

export interface Term {
  readonly sql: string;
  /** Undefined for `null` and `undefined`, which are of any type. */
  readonly type: SqlType | undefined;
  /** What JavaScript has where the SQL is NULL; absent where it never is. */
  readonly nullMeans?: 'undefined' | 'NaN';
  /** Of a truth value: shorter SQL for conditions, where NULL stands for false. */
  readonly condition?: string;
  /** The value itself, of what is written out. */
  readonly literal?: string | number | bigint | boolean | null;
  /** It may be an infinity or NaN, which no measure takes. */
  readonly mayBeInfinite?: true;
  /** The field that it is, of the record's value. */
  readonly path?: readonly string[];
}

export function isNumber({ type }: Term): boolean {
  return type === 'BIGINT' || type === 'DOUBLE';
}

/** A comparison: of nothing it does not hold. */
export function comparison(sql: string, ...operands: readonly Term[]): Term {
  const mayBeNull = operands.some(({ nullMeans }) => nullMeans !== undefined);
  return { sql: mayBeNull ? `(${sql}) IS TRUE` : `(${sql})`, condition: `(${sql})`, type: 'BOOLEAN' };
}

/** `NULL` where any operand is. */
export function nullOf(...operands: readonly Term[]): Pick<Term, 'nullMeans'> {
  return operands.some(({ nullMeans }) => nullMeans !== undefined) ? { nullMeans: 'undefined' } : {};
}

/** The same for what computes with numbers: JavaScript makes NaN of `undefined`. */
export function computed(sql: string, type: SqlType, ...operands: readonly Term[]): Term {
  const mayBeNull = operands.some(({ nullMeans }) => nullMeans !== undefined);
  const mayBeInfinite = operands.some((each) => each.mayBeInfinite);
  return { sql, type, ...(mayBeNull && { nullMeans: 'NaN' }), ...(mayBeInfinite && { mayBeInfinite }) };
}

/** What JavaScript takes for true, as a condition. */
export function truthOf({ sql, type, condition, literal }: Term): string {
  if (type === undefined) return 'FALSE';
  if (literal !== undefined) return literal ? 'TRUE' : 'FALSE';
  if (type === 'BOOLEAN') return condition ?? sql;
  if (type === 'STRING') return `(${sql} <> '')`;
  // Written so that it does not hold for NaN.
  return `(${sql} > 0 OR ${sql} < 0)`;
}

/** The type of a field that stands beside this: a number is one with fractions, unless only an integer can be the same. */
export function likelyType({ type, literal }: Term): SqlType | undefined {
  return type === 'BIGINT' && typeof literal !== 'bigint' ? 'DOUBLE' : type;
}
