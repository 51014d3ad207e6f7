/** Who comes next where not all can come at once: each once a round, and some at every turn. */

export class Turns<T> {
  #last: T | undefined;

  /**
   * @param all in an order that stays
   * @param share how much of them a turn takes, from 0 to 1
   * @param always those that come at every turn
   */
  next(all: readonly T[], share: number, always: ReadonlySet<T>): Set<T> {
    if (share >= 1) return new Set(all);
    const wanted = Math.ceil(all.length * share);
    // It may be gone by now: then a round begins anew.
    const from = this.#last === undefined ? 0 : all.indexOf(this.#last) + 1;
    const chosen = new Set(all.filter((each) => always.has(each)));
    for (let index = 0; index < wanted; index++) chosen.add(all[(from + index) % all.length]!);
    this.#last = all[(from + wanted - 1) % all.length];
    return chosen;
  }
}
