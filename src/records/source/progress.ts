/** How far a reading with an end has come, shown while it lasts. */
import type { FetchRange } from '../../kafka/fetch/fetch.ts';
import type { ReadBar, ReadEvents } from './request.ts';

export class Progress {
  readonly #events: ReadEvents;
  #bar: ReadBar | undefined;

  constructor(events: ReadEvents) {
    this.#events = events;
  }

  /** Shows progress over these ranges when each has an end. @returns what the fetcher tells its moves */
  over(ranges: readonly FetchRange[]): ((offsets: number) => void) | undefined {
    this.stop();
    let offsets = 0;
    for (const { start, end } of ranges) {
      if (end === undefined) return undefined;
      if (end > start) offsets += Number(end - start);
    }
    const bar = this.#events.bar(offsets);
    this.#bar = bar;
    return bar && ((passed) => bar.advance(passed));
  }

  stop(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }
}
