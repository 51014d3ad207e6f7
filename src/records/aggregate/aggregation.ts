/** Records in, windows out: the engine, which knows neither where records come from nor where results go. */
import type { FetchedRecords, RecordBatch, RecordView } from '../../kafka/batch/record.ts';
import type { PartitionReach } from '../../kafka/fetch/fetch.ts';
import type { StreamFields } from '../expression/stream-fields.ts';
import { Account } from './account.ts';
import { AlignedWindows } from './aligned-windows.ts';
import { MeasuredRecord } from './measured-record.ts';
import { type OpenWindows, type WindowChanges, WindowMemory, type WindowMemoryOptions } from './open-windows.ts';
import { SessionWindows } from './session-windows.ts';
import type { AggregateSpec } from './spec.ts';
import { Watermark } from './watermark.ts';
import type { WindowState } from './window-state.ts';

export interface AggregationOptions extends WindowMemoryOptions {
  /** What expressions see of records. */
  readonly fields: StreamFields;
  /** Called with each record for which a window has closed; the record is valid only during the call. */
  readonly onLate?: ((record: RecordView) => void) | undefined;
}

/** Where an earlier run has stopped. */
export interface AggregationPast {
  readonly closedThrough: number;
  readonly highestTime: number;
  /** The highest times by partition name. */
  readonly times: ReadonlyMap<string, number>;
}

export class Aggregation {
  readonly account: Account;
  readonly watermark: Watermark;
  /** Windows that end at this time or earlier have closed. */
  closedThrough: number;
  /** Of all records that count, in epoch ms; minus infinity before there are any. */
  highestTime: number;
  readonly #spec: AggregateSpec;
  readonly #options: AggregationOptions;
  readonly #memory: WindowMemory;
  readonly #windows: OpenWindows;
  readonly #record: MeasuredRecord;

  constructor(spec: AggregateSpec, options: AggregationOptions, past?: AggregationPast) {
    this.#spec = spec;
    this.#options = options;
    this.account = new Account(spec.measures);
    this.watermark = new Watermark(past?.times);
    this.closedThrough = past?.closedThrough ?? Number.NEGATIVE_INFINITY;
    this.highestTime = past?.highestTime ?? Number.NEGATIVE_INFINITY;
    this.#memory = new WindowMemory(spec.measures, options);
    const { windows } = spec;
    this.#windows =
      windows.kind === 'session' ? new SessionWindows(windows.gapMs, this.#memory) : new AlignedWindows(windows, this.#memory);
    this.#record = new MeasuredRecord(spec, this.account);
  }

  /** To be called, and waited for if it is not undefined, before `add` is called with a batch. */
  prepare(batch: FetchedRecords): Promise<unknown> | undefined {
    return this.#options.fields.prepare(batch);
  }

  /** Adds a batch to the windows that are open. */
  add(batch: RecordBatch): void {
    const { topic } = batch;
    const scopeOf = this.#options.fields.of(topic);
    const [read, windows, watermark] = [this.#record, this.#windows, this.watermark];
    let seen = watermark.of(topic, 0);
    let partition = 0;
    batch.each((record) => {
      const isWanted = read.read(scopeOf(record), record);
      const { time } = read;
      if (time !== undefined) {
        if (record.partition !== partition) {
          partition = record.partition;
          seen = watermark.of(topic, partition);
        }
        if (time > seen.highest) seen.highest = time;
      }
      if (!isWanted) return;
      if (time !== undefined && time > this.highestTime) this.highestTime = time;
      if (windows.add(time ?? 0, read.key, read.values, this.closedThrough)) return;
      this.account.late++;
      this.#options.onLate?.(record);
    });
    watermark.passed(batch.passed);
  }

  /** Closes what the watermark has passed, and gives it in order; to be taken whole before the next batch is added. */
  advance(reach: readonly PartitionReach[]): Iterable<WindowState> {
    return this.closeThrough(this.watermark.advance(reach) - this.#spec.graceMs);
  }

  /** Closes the windows that end at this time or earlier, and gives them in order. */
  closeThrough(time: number): Iterable<WindowState> {
    if (!(time > this.closedThrough)) return [];
    this.closedThrough = time;
    return this.#windows.close(time);
  }

  /** The reading is over: gives all windows, in order. Only records that come after a window are late for it. */
  *closeAll(): Generator<WindowState> {
    for (const state of this.#windows.close(Number.POSITIVE_INFINITY)) {
      if (Number.isFinite(state.end)) this.closedThrough = Math.max(this.closedThrough, state.end);
      yield state;
    }
  }

  /** Puts a window back that was open. */
  restore(state: WindowState): void {
    this.#windows.restore(state);
  }

  /** The windows that have changed since it was last asked. */
  takeChanges(): WindowChanges {
    return this.#memory.takeChanges();
  }

  /** Gives back what it has on disk. */
  end(): void {
    this.#memory.archive.end();
  }
}
