/** The records of one partition that a share group has handed to this member, and what is told of them afterwards. */
import type { RecordParts } from '../batch/reader.ts';
import type { FetchedRecords, Visit } from '../batch/record.ts';
import type { TopicPartition } from '../cluster.ts';

/** What becomes of a record that was acknowledged: it is done, comes again, or is refused for good (KIP-932). */
const acknowledgeTypes = { accept: 1, release: 2, reject: 3 } as const;
export type AcknowledgeType = keyof typeof acknowledgeTypes;
/** For offsets at which there is no record: compacted away, or the end of a transaction. */
const gapType = 0;

/** Offsets that were handed out together, both included; `deliveryCount` is 1 the first time. */
export interface AcquiredRange {
  readonly firstOffset: bigint;
  readonly lastOffset: bigint;
  readonly deliveryCount: number;
}

export interface Acknowledgements extends TopicPartition {
  readonly batches: readonly {
    readonly firstOffset: bigint;
    readonly lastOffset: bigint;
    readonly acknowledgeTypes: readonly number[];
  }[];
}

/** Offsets as numbers, which are exact: a log never gets that long. */
interface Range {
  readonly first: number;
  readonly last: number;
  readonly deliveryCount: number;
}

/** Answers hold whole record batches: only the acquired records in them are visited. */
export class AcquiredRecords implements FetchedRecords {
  readonly topic: string;
  readonly partition: number;
  /** How often the record that is being visited has been handed out, this time included. */
  deliveryCount = 0;
  readonly #parts: RecordParts;
  readonly #ranges: readonly Range[];
  /** First and last offsets of runs of records that were visited. */
  readonly #runs: number[] = [];
  /** How many of those belong to the parts before this one. */
  #runsBefore = 0;
  #range = 0;
  #rangeBefore = 0;
  /** Everything before this offset was told already. */
  #toldTo = 0;

  constructor(parts: RecordParts, acquired: readonly AcquiredRange[]) {
    this.topic = parts.topic;
    this.partition = parts.partition;
    this.#parts = parts;
    this.#ranges = acquired.map(({ firstOffset, lastOffset, deliveryCount }) => {
      return { first: Number(firstOffset), last: Number(lastOffset), deliveryCount };
    });
  }

  each(visit: Visit): void {
    const ranges = this.#ranges;
    this.#runs.length = this.#runsBefore;
    this.#range = this.#rangeBefore;
    this.#parts.each((record) => {
      const { offset } = record;
      while (this.#range < ranges.length && ranges[this.#range]!.last < offset) this.#range++;
      const range = ranges[this.#range];
      if (range === undefined || offset < range.first) return undefined;
      this.#add(offset);
      this.deliveryCount = range.deliveryCount;
      return visit(record);
    });
  }

  /** Says that the visits so far were only a look. */
  looked(): void {
    this.#parts.looked();
  }

  /** Where this part begins. */
  get firstOffset(): bigint {
    const [range] = this.#ranges;
    return BigInt(Math.max(range?.first ?? 0, Number(this.#parts.nextOffset)));
  }

  /** Once this part was visited: the offset behind it. */
  get nextOffset(): bigint {
    return this.#parts.nextOffset;
  }

  /** Moves on behind the records that were visited. Returns whether there are more. */
  advance(): boolean {
    this.#runsBefore = this.#runs.length;
    this.#rangeBefore = this.#range;
    return this.#parts.advance();
  }

  /** What is told of everything acquired before an offset, as far as it was not told before. Offsets without a record are never to come again. */
  acknowledgements(type: AcknowledgeType, before: bigint): Acknowledgements {
    const batches: { firstOffset: bigint; lastOffset: bigint; acknowledgeTypes: number[] }[] = [];
    const add = (first: number, last: number, code: number): void => {
      if (first > last) return;
      batches.push({ firstOffset: BigInt(first), lastOffset: BigInt(last), acknowledgeTypes: [code] });
    };
    const endOffset = Number(before);
    for (const range of this.#ranges) {
      const end = Math.min(range.last, endOffset - 1);
      let next = Math.max(range.first, this.#toldTo);
      for (let at = 0; at < this.#runs.length; at += 2) {
        const first = Math.max(this.#runs[at]!, next);
        const last = Math.min(this.#runs[at + 1]!, end);
        if (first > last) continue;
        add(next, first - 1, gapType);
        add(first, last, acknowledgeTypes[type]);
        next = last + 1;
      }
      add(next, end, gapType);
    }
    this.#toldTo = Math.max(this.#toldTo, endOffset);
    return { topic: this.topic, partition: this.partition, batches };
  }

  #add(offset: number): void {
    const runs = this.#runs;
    // A run of a part before this one is left as it is: this part may be visited again.
    if (runs.length > this.#runsBefore && runs.at(-1) === offset - 1) runs[runs.length - 1] = offset;
    else runs.push(offset, offset);
  }
}
