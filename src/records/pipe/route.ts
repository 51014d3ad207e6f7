/** The way of records through a pipe: each is changed and gets a topic and a partition, or fails; what is to be done with it is the visitor's part. */
import type { FetchedRecords, RecordView } from '../../kafka/batch/record.ts';
import { RecordCopies } from '../copied-record.ts';
import { isForRecord } from '../expression/failure.ts';
import type { RecordFilter } from '../filter.ts';
import { HeldBytes } from '../held-bytes.ts';
import type { Field } from '../serde/serde.ts';
import type { Destinations } from './destinations.ts';
import type { RecordChange } from './record-change.ts';

/** Gets each record, with why it failed if it did; `false` ends the visit. */
export type OnRouted = (record: RecordView, failure: unknown) => boolean;

export class Route {
  readonly #filter: RecordFilter;
  readonly #change: RecordChange;
  readonly #destinations: Destinations;
  readonly #maxBatchBytes: number | undefined;
  /** Where the record at hand goes. */
  topic = '';
  partition = 0;

  constructor(filter: RecordFilter, change: RecordChange, destinations: Destinations, maxBatchBytes: number | undefined) {
    this.#filter = filter;
    this.#change = change;
    this.#destinations = destinations;
    this.#maxBatchBytes = maxBatchBytes;
  }

  /** The record at hand as it is to be written. */
  get bytes() {
    return this.#change.bytes;
  }

  /** Its key or value as JSON, where that is written with a schema. */
  written(field: Field) {
    return this.#change.written(field);
  }

  /**
   * Visits a batch's records with their way. Records behind one whose topic is not known yet are copied, and go on when that was looked up.
   * @throws KtError what looking up topics throws; what is not about one record alone
   */
  async each(batch: FetchedRecords, visit: OnRouted): Promise<void> {
    await this.#change.prepare(batch);
    await this.#destinations.prepare(batch.topic);
    let copies: RecordCopies | undefined;
    const waiting: { readonly record: RecordView; readonly failure: unknown }[] = [];
    batch.each((record) => {
      if (copies === undefined) {
        const unknown = this.#unknownTopic(record);
        if (unknown === undefined) return this.#take(record, this.#filter.failure, visit);
        copies = new RecordCopies(new HeldBytes('--to-header', this.#maxBatchBytes));
      }
      waiting.push({ record: copies.copy(record), failure: this.#filter.failure });
      return true;
    });
    for (const { record, failure } of waiting) {
      const unknown = this.#unknownTopic(record);
      if (unknown !== undefined) await this.#destinations.learn(unknown);
      if (!this.#take(record, failure, visit)) return;
    }
    if (waiting.length > 0) this.#destinations.forgetUnknown();
  }

  /** The topic of a record that has to be looked up first. */
  #unknownTopic(record: RecordView): string | undefined {
    try {
      const topic = this.#destinations.topicOf(record);
      return this.#destinations.knows(topic) ? undefined : topic;
    } catch (error) {
      if (!isForRecord(error)) throw error;
      return undefined;
    }
  }

  #take(record: RecordView, failed: unknown, visit: OnRouted): boolean {
    let failure = failed;
    try {
      if (failure === undefined) this.#place(record);
    } catch (error) {
      if (!isForRecord(error)) throw error;
      failure = error;
    }
    return visit(record, failure);
  }

  #place(record: RecordView): void {
    const change = this.#change;
    const destinations = this.#destinations;
    change.apply(record);
    this.topic = destinations.topicOf(record);
    this.partition = destinations.partitionOf(this.topic, record, change.bytes, change.partition);
  }
}
