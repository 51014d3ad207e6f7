/** Which record batches belong to aborted transactions; decided while a partition's batches pass in offset order (KIP-98). */
import { attribute, field } from './header.ts';
import { malformed } from './malformed.ts';
import { ended, readVarint, readVarlong } from './varint.ts';

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

/** Whether a batch's records are hidden from the user: control records, or those of an aborted transaction. */
export function isHidden(
  records: Buffer,
  at: number,
  end: number,
  lastOffset: bigint,
  aborted: AbortedTransactions | undefined,
): boolean {
  const attributes = records[at + field.attributes + 1]!;
  const control = (attributes & attribute.control) !== 0;
  if (aborted === undefined || (attributes & attribute.transactional) === 0) return control;
  const producerId = records.readBigInt64BE(at + field.producerId);
  if (!control) return aborted.hides(producerId, lastOffset);
  aborted.marker(producerId, lastOffset, markerType(records, at, end));
  return true;
}

/** The type in a control batch's only record's key; -1 when compaction has emptied the batch. */
function markerType(records: Buffer, at: number, end: number): number {
  if (records.readInt32BE(at + field.recordCount) === 0) return -1;
  readVarint(records, at + field.records);
  readVarlong(records, ended.at + 1);
  readVarint(records, ended.at);
  const keyLength = readVarint(records, ended.at);
  if (keyLength < 4 || ended.at + keyLength > end) malformed('a control record without a type');
  return records.readInt16BE(ended.at + 2);
}
