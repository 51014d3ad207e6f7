/** The error of a SASL mechanism that a broker does not offer. */
export class NotOffered extends Error {
  /** What it offers, as far as it says. */
  readonly mechanisms: readonly string[];

  constructor(mechanisms: readonly string[]) {
    super('the broker does not offer the SASL mechanism');
    this.mechanisms = mechanisms;
  }
}
