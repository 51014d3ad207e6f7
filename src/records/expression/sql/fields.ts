/** What an expression can name, as SQL: the fields of a record are columns. */
import type { SqlType, Term } from './term.ts';

export interface SqlFields {
  /**
   * A field by its path, `['value', 'user', 'id']`.
   * @param wanted the type that its use asks for, which counts where nothing else tells the type
   * @throws SqlRefusal
   */
  field(path: readonly string[], wanted: SqlType): Term;
  /** Whether nothing but its use tells the type of a field. */
  isOpen(path: readonly string[]): boolean;
  /** The same field as an integer, so that it can be written as text. @throws SqlRefusal where it may have fractions */
  integer(path: readonly string[]): Term;
  /** Whether all known values are ISO 8601 times in UTC. */
  isUtcTime(path: readonly string[]): boolean;
  /** Says where the SQL can differ from the expression. */
  note(text: string): void;
}

/** Why SQL cannot say a part of an expression. */
export class SqlRefusal extends Error {
  readonly hint: string | undefined;

  constructor(why: string, hint?: string) {
    super(why);
    this.hint = hint;
  }
}
