/** Which record batches belong to aborted transactions; decided while a partition's batches pass in offset order (KIP-98). */

/** An entry of a Fetch response: the producer's transaction that began at `firstOffset` was aborted. */
export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: bigint;
}

/** Version int16, then type int16: the key of a control record. */
const ABORT = 0;

export class AbortedTransactions {
  readonly #waiting: AbortedTransaction[];
  readonly #aborting = new Set<bigint>();

  constructor(transactions: readonly AbortedTransaction[]) {
    this.#waiting = [...transactions].sort((a, b) =>
      a.firstOffset > b.firstOffset ? -1 : a.firstOffset < b.firstOffset ? 1 : 0,
    );
  }

  /** Whether a transactional data batch was aborted. Every batch with a producer must be shown here or to `marker`, in order. */
  hides(producerId: bigint, lastOffset: bigint): boolean {
    this.#begin(lastOffset);
    return this.#aborting.has(producerId);
  }

  /**
   * A batch whose attributes say `control`: without them, a data record may look like a marker. Only an abort marker of the same producer
   * ends an aborted transaction.
   */
  marker(producerId: bigint, lastOffset: bigint, type: number): void {
    this.#begin(lastOffset);
    if (type === ABORT) this.#aborting.delete(producerId);
  }

  /** The same transactions, as far as they have passed. */
  copy(): AbortedTransactions {
    const copy = new AbortedTransactions(this.#waiting);
    for (const producerId of this.#aborting) copy.#aborting.add(producerId);
    return copy;
  }

  #begin(lastOffset: bigint): void {
    for (let next = this.#waiting.at(-1); next !== undefined && next.firstOffset <= lastOffset; next = this.#waiting.at(-1)) {
      this.#aborting.add(next.producerId);
      this.#waiting.pop();
    }
  }
}
