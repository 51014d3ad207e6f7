/** Why an expression has no result for one record: the record is left out and counted, and reading continues. */
export class ExpressionFailure extends Error {}

/** Whether an error is about one record alone, whose values do not fit the expression. */
export function isForRecord(error: unknown): boolean {
  return [ExpressionFailure, TypeError, RangeError, SyntaxError].some((kind) => error instanceof kind);
}
