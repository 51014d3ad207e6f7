/** Why brokers refused records of an aborted transaction: when these come again they are not sent. */
import { type Origin, originText } from './origins.ts';

export class Refusals {
  /** By offset first: no text is made of the origins of all other records. */
  readonly #byOffset = new Map<number, Map<string, string>>();
  /** Those that came again in the open transaction. */
  #returned: Origin[] = [];

  add(origin: Origin, why: string): void {
    const sameOffset = this.#byOffset.get(origin.offset) ?? new Map<string, string>();
    this.#byOffset.set(origin.offset, sameOffset.set(originText(origin), why));
  }

  /** A record comes again. @returns undefined for one that was not refused */
  of(origin: Origin): string | undefined {
    const why = this.#byOffset.get(origin.offset)?.get(originText(origin));
    if (why !== undefined) this.#returned.push({ topic: origin.topic, partition: origin.partition, offset: origin.offset });
    return why;
  }

  /** The transaction was committed: what came again in it comes no more. */
  committed(): void {
    for (const origin of this.#returned) {
      const sameOffset = this.#byOffset.get(origin.offset);
      sameOffset?.delete(originText(origin));
      if (sameOffset?.size === 0) this.#byOffset.delete(origin.offset);
    }
    this.#returned = [];
  }

  /** The transaction was aborted: all of it comes once more. */
  undone(): void {
    this.#returned = [];
  }
}
