/** What is wrong with the bytes of a message, before it is known which field they belong to. */

export class WireFault extends Error {
  /** Index into the buffer. */
  readonly at: number;

  constructor(problem: string, at: number) {
    super(problem);
    this.at = at;
  }
}
