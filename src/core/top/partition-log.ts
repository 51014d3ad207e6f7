/** Where the log of one partition ends, over the last seconds, and what is written to it a second: by differences of end offsets. */

/** Samples that a rate is taken over: five ticks, because offsets advance in steps. */
const windowSamples = 6;

/** What partitions tell their topic, which then adds them up anew. */
export interface Change {
  isChanged: boolean;
}

/** There are thousands of these, and each gets a sample at each tick. Offsets are numbers: exact below 2^53, as every real offset is. */
export class PartitionLog {
  /** Records written per second between ticks, oldest first; null where unknown. Only kept for a topic that is looked at. */
  readonly trend: (number | null)[] = [];
  readonly #topic: Change;
  /** Samples in a ring, of which `#newest` was written last. */
  readonly #ends: number[] = [];
  readonly #times: number[] = [];
  #newest = -1;
  #rate: number | null = null;
  #lastRate: number | null = null;
  #start: number | null = null;
  #end: number | null = null;
  #answered = false;

  constructor(topic: Change = { isChanged: false }) {
    this.#topic = topic;
  }

  /** @param at when its leader answered, in ms of a clock that only goes forward */
  add(end: number, at: number): void {
    // Deleted and made anew, or cut by an unclean election: no rate is ever negative.
    if (this.#end !== null && end < this.#end) this.#forget();
    const before = this.#newest;
    this.#newest = (before + 1) % windowSamples;
    this.#ends[this.#newest] = end;
    this.#times[this.#newest] = at;
    const oldest = this.#ends.length < windowSamples ? 0 : (this.#newest + 1) % windowSamples;
    const [rate, lastRate] = [this.#since(oldest, end, at), before < 0 ? null : this.#since(before, end, at)];
    if (end !== this.#end || rate !== this.#rate || lastRate !== this.#lastRate) this.#topic.isChanged = true;
    this.#end = end;
    this.#rate = rate;
    this.#lastRate = lastRate;
    this.answered = true;
  }

  get start(): number | null {
    return this.#start;
  }

  set start(offset: number) {
    if (offset !== this.#start) this.#topic.isChanged = true;
    this.#start = offset;
  }

  /** Its last end offset, however old; null before the first. */
  get end(): number | null {
    return this.#end;
  }

  /** Whether its leader gave its end offset when last asked. */
  get answered(): boolean {
    return this.#answered;
  }

  set answered(answered: boolean) {
    if (answered !== this.#answered) this.#topic.isChanged = true;
    this.#answered = answered;
  }

  /** Records per second over the window; null with fewer than two samples, or without an answer. */
  get rate(): number | null {
    return this.#answered ? this.#rate : null;
  }

  /** Records per second between the last two samples. */
  get lastRate(): number | null {
    return this.#answered ? this.#lastRate : null;
  }

  #since(index: number, end: number, at: number): number | null {
    const ms = at - this.#times[index]!;
    return ms <= 0 ? null : ((end - this.#ends[index]!) / ms) * 1000;
  }

  #forget(): void {
    this.#ends.length = 0;
    this.#times.length = 0;
    this.#newest = -1;
    this.#start = null;
  }
}
