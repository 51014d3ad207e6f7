/** `-n`: counts records over all batches, and cuts the batch in which the limit is reached. */
import type { NextOffset, RecordBatch, RecordView } from '../kafka/batch/record.ts';

export class Limit {
  #left: number;

  constructor(maxRecords: number | undefined) {
    this.#left = maxRecords ?? Number.POSITIVE_INFINITY;
  }

  /** How many records it lets through still; undefined without a limit. */
  get left(): number | undefined {
    return this.#left === Number.POSITIVE_INFINITY ? undefined : this.#left;
  }

  get reached(): boolean {
    return this.#left <= 0;
  }

  /** The batch, of which the record that reaches the limit is the last. */
  apply(batch: RecordBatch): RecordBatch {
    if (this.#left === Number.POSITIVE_INFINITY) return batch;
    const { topic } = batch;
    let cut: readonly NextOffset[] | undefined;
    const visited = batch.passed.length > 1 ? new Map<number, number | bigint>() : undefined;
    return {
      topic,
      each: (visit) =>
        batch.each((record) => {
          visited?.set(record.partition, offsetOf(record));
          const more = visit(record);
          if (--this.#left > 0) return more;
          cut = passedAt(record, batch.passed, visited);
          return false;
        }),
      get passed() {
        return cut ?? batch.passed;
      },
    };
  }
}

/**
 * Where the partitions of a batch that is cut behind a record continue.
 * @param passed of the whole batch
 * @param visited the last offset of each partition, where the batch has records of several
 */
function passedAt(
  record: RecordView,
  passed: readonly NextOffset[],
  visited: ReadonlyMap<number, number | bigint> | undefined,
): readonly NextOffset[] {
  const { topic } = record;
  const lastOffsets = visited ?? new Map([[record.partition, offsetOf(record)]]);
  return passed
    .filter((each) => each.topic === topic && lastOffsets.has(each.partition))
    .map(({ partition }) => ({ topic, partition, nextOffset: BigInt(lastOffsets.get(partition)!) + 1n }));
}

/** A number where it is exact: it takes no memory of its own. */
function offsetOf(record: RecordView): number | bigint {
  return Number.isSafeInteger(record.offset) ? record.offset : record.exactOffset();
}
