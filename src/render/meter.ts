/** Progress of work whose size is known, as one line of text: a bar, the rate, the time left. */
import { formatSize } from '../base/units.ts';

/** People cannot read faster. */
const redrawMs = 100;
const cells = 24;

export class Meter {
  readonly #total: number;
  readonly #unit: 'records' | 'bytes';
  readonly #startedAt: number;
  #done = 0;
  #shownAt = Number.NEGATIVE_INFINITY;

  /** @param now in ms of any clock that only goes forward */
  constructor(total: number, unit: 'records' | 'bytes', now: number) {
    this.#total = total;
    this.#unit = unit;
    this.#startedAt = now;
  }

  /** Counts what was done; returns the line when it is time to redraw it. */
  advance(by: number, now: number): string | undefined {
    this.#done += by;
    if (now - this.#shownAt < redrawMs) return undefined;
    this.#shownAt = now;
    const part = this.#total > 0 ? Math.min(1, this.#done / this.#total) : 1;
    const filled = Math.floor(part * cells);
    const seconds = Math.max(1, now - this.#startedAt) / 1000;
    const rate = this.#done / seconds;
    const left = rate > 0 ? Math.max(0, this.#total - this.#done) / rate : undefined;
    const bar = `${'█'.repeat(filled)}${'░'.repeat(cells - filled)}`;
    const ends = left === undefined ? '' : `  ${duration(left)} left`;
    return `${bar} ${String(Math.floor(part * 100)).padStart(3)}%  ${this.#amount(rate)}/s${ends}`;
  }

  #amount(count: number): string {
    return this.#unit === 'bytes' ? formatSize(Math.round(count)) : `${Math.round(count).toLocaleString('en-US')} records`;
  }
}

function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m ${Math.floor(seconds % 60)}s`;
  return `${Math.floor(minutes / 60)}h ${minutes % 60}m`;
}
