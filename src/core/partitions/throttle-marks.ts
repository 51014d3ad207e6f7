/**
 * How kt knows its own throttles again. A throttle is a rate on brokers and lists of `partition:broker` on topics (KIP-73). kt writes three kinds of
 * entries more into a topic's list of leaders, of partitions that no topic can have: the brokers whose rate it set, that rate, and when. Brokers pay
 * them no attention; they live and die with the list, and any kt anywhere finds them.
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

/** Several rates and times where a throttle was changed on the way. */
export interface Marks {
  readonly brokers: readonly number[];
  readonly rates: readonly number[];
  readonly times: readonly number[];
}

/** Everything a list says of kt's throttles; undefined for a list that kt did not write. */
export function marksIn(list: string): Marks | undefined {
  const entries = list.split(',').map((entry) => entry.split(':').map(Number) as [number, number]);
  const marked = (mark: number) => entries.filter(([partition]) => partition === mark).map(([, value]) => value);
  const [brokers, rates, times] = [marked(brokerMark), marked(rateMark), marked(timeMark)];
  return rates.length > 0 ? { brokers, rates, times } : undefined;
}
