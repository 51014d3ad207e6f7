/** Why brokers refused records of an aborted transaction: when these come again they are not sent. */
import { type Origin, originText } from './origins.ts';

export class Refusals {
  /** By offset first: no text is made of the origins of all other records. */
  readonly #byOffset = new Map<number, Map<string, string>>();

  add(origin: Origin, why: string): void {
    const sameOffset = this.#byOffset.get(origin.offset) ?? new Map<string, string>();
    this.#byOffset.set(origin.offset, sameOffset.set(originText(origin), why));
  }

  /** Undefined for a record that was not refused. */
  of(origin: Origin): string | undefined {
    return this.#byOffset.get(origin.offset)?.get(originText(origin));
  }
}
