/** Kerberos gives nothing to authenticate with. */

/** Says why, and what to do next. */
export class NoTicket extends Error {
  /** `NO_TICKET`, or `UNKNOWN_SERVICE` where another broker's name may be known. */
  readonly code: 'NO_TICKET' | 'UNKNOWN_SERVICE';
  readonly hint: string;

  constructor(why: string, hint: string, code: NoTicket['code'] = 'NO_TICKET') {
    super(why);
    this.hint = hint;
    this.code = code;
  }
}
