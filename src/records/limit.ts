/** `-n`: counts records over all parts, and cuts the part in which the wanted number is reached. */

import type { FetchedRecords, Visit } from '../kafka/batch/record.ts';
import type { FetchedPart } from '../kafka/fetch/fetch.ts';

export class Limit {
  #left: number;
  #lastOffset = -1;

  constructor(maxRecords: number | undefined) {
    this.#left = maxRecords ?? Number.POSITIVE_INFINITY;
  }

  get reached(): boolean {
    return this.#left <= 0;
  }

  apply(records: FetchedRecords): FetchedRecords {
    if (this.#left === Number.POSITIVE_INFINITY) return records;
    const each = (visit: Visit) =>
      records.each((record) => {
        this.#lastOffset = record.offset;
        const more = visit(record);
        return --this.#left > 0 && more !== false;
      });
    return { topic: records.topic, each };
  }

  /** The offset behind the last record that was let through. */
  nextOffset(part: FetchedPart): bigint {
    return this.#lastOffset < 0 ? part.nextOffset : BigInt(this.#lastOffset) + 1n;
  }
}
