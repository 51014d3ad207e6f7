/** Why an expression has no result for one record: the record is left out and counted, and reading continues. */
export class ExpressionFailure extends Error {}
