/** What a method of an expression is: by the kind of value it is called on, what it does. */
/** An arrow function of an expression. */
export type Arrow = (...args: readonly unknown[]) => unknown;
// biome-ignore lint/suspicious/noExplicitAny: each method is written for the receiver under which it stands.
type Implementation = (of: any, a?: any, b?: any) => unknown;

export interface Method {
  /** Takes any number of arguments, which it is given as a list. */
  readonly isVariadic?: true;
  readonly text?: Implementation;
  readonly list?: Implementation;
  readonly number?: Implementation;
  readonly pattern?: Implementation;
}
