/** There is no token to authenticate with. */

/** Says why, and what to do next. */
export class NoToken extends Error {
  readonly hint: string;

  constructor(why: string, hint: string) {
    super(why);
    this.hint = hint;
  }
}
