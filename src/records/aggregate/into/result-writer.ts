/** Writes results as records: the key of the group, the row or its shape as JSON, and the last time of the window. */
import { exactJsonText } from '../../../base/json/exact-json.ts';
import { jsonText } from '../../expression/values.ts';
import { restartWork } from '../../expression/work.ts';
import type { Aggregation } from '../aggregation.ts';
import { resultOf } from '../results.ts';
import type { AggregateSpec } from '../spec.ts';
import type { WindowState } from '../window-state.ts';
import type { RecordWriter } from './record-writer.ts';

/** After so many records it is looked whether more may be sent. */
const recordsAtOnce = 500;

export class ResultWriter {
  /** How many results were put. */
  count = 0;
  readonly #writer: RecordWriter;
  readonly #topic: string;
  readonly #spec: AggregateSpec;
  readonly #checkTime: (timeMs: number) => void;

  /** @param checkTime told the time of each result */
  constructor(writer: RecordWriter, topic: string, spec: AggregateSpec, checkTime: (timeMs: number) => void) {
    this.#writer = writer;
    this.#topic = topic;
    this.#spec = spec;
    this.#checkTime = checkTime;
  }

  /** Puts the results of windows, in order, as fast as they can be sent. @param after what to do with each window */
  async write(states: Iterable<WindowState>, aggregation: Aggregation, after?: (state: WindowState) => void): Promise<void> {
    for (const state of states) {
      const result = resultOf(state, this.#spec, aggregation.account);
      if (result) this.#put(state, result.value, aggregation.highestTime);
      after?.(state);
      if (this.count % recordsAtOnce === 0) await this.#writer.producer.room();
    }
  }

  /** @param highestTime the time of results where there is one window for all */
  #put({ end, key }: WindowState, value: unknown, highestTime: number): void {
    const time = Number.isFinite(end) ? end - 1 : Number.isFinite(highestTime) ? highestTime : Date.now();
    this.#checkTime(time);
    restartWork();
    const text = typeof value === 'string' ? value : jsonText(value)!;
    const keyText = typeof key === 'string' ? key : exactJsonText(key);
    this.#writer.put(this.#topic, key === null ? null : Buffer.from(keyText), value === null ? null : Buffer.from(text), time);
    this.count++;
  }
}
