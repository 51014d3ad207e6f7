/** An open transaction, and how it is told. */

/** The open transaction that a partition's last stable offset waits for. */
export interface OpenTransaction {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  /** Null where no coordinator knows it (a hanging transaction, KIP-664), or this user may not see it. */
  readonly transactionalId: string | null;
  /** Its first offset in the partition: the last stable offset. */
  readonly startOffset: bigint;
  /** When the producer last wrote to the partition, epoch ms. */
  readonly lastTimestamp: number;
}

/** `producer 4001, epoch 0, transactional id payments`. */
export function transactionInWords({ producerId, producerEpoch, transactionalId }: OpenTransaction): string {
  return `producer ${producerId}, epoch ${producerEpoch}${transactionalId === null ? '' : `, transactional id ${transactionalId}`}`;
}
