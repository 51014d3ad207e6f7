/**
 * How kt recognizes its own throttles. A throttle is a rate on brokers and lists of `partition:broker` on topics (KIP-73). kt adds three kinds of
 * entries to a topic's list of leaders, for partitions that no topic can have: the brokers whose rate it set, that rate, and when. Brokers ignore
 * them; they exist as long as the list, and any other kt finds them.
 */

/** The largest number a broker reads in a list. */
const largest = 2 ** 31 - 1;
const brokerMark = largest;
const rateMark = largest - 1;
const timeMark = largest - 2;

/** Bytes per second: the largest rate that a mark can hold. */
export const largestRate = largest;

export interface Mark {
  readonly brokers: readonly number[];
  /** Bytes per second. */
  readonly rate: number;
  /** Epoch seconds of when it was set. */
  readonly since: number;
}

/** The list of entries that says which brokers kt throttles, and how much. */
export function markEntries({ brokers, rate, since }: Mark): readonly string[] {
  return [...brokers.map((broker) => `${brokerMark}:${broker}`), `${rateMark}:${rate}`, `${timeMark}:${since}`];
}

/** Several rates and times where a throttle was changed in between. */
export interface Marks {
  readonly brokers: readonly number[];
  readonly rates: readonly number[];
  readonly times: readonly number[];
}

/** What a list says about kt's throttles; undefined for a list that kt did not write. */
export function marksIn(list: string): Marks | undefined {
  const entries = list.split(',').map((entry) => entry.split(':').map(Number) as [number, number]);
  const marked = (mark: number) => entries.filter(([partition]) => partition === mark).map(([, value]) => value);
  const [brokers, rates, times] = [marked(brokerMark), marked(rateMark), marked(timeMark)];
  return rates.length > 0 ? { brokers, rates, times } : undefined;
}
