/**
 * How kt knows its own throttles again. A throttle is a rate on brokers and lists of `partition:broker` on topics (KIP-73). kt writes two kinds of
 * entries more into a topic's list of leaders, of partitions that no topic can have: the brokers whose rate it set, and that rate. Brokers pay
 * them no attention; they live and die with the list, and any kt anywhere finds them.
 */

/** The largest number a broker reads in a list. */
const largest = 2 ** 31 - 1;
const brokerMark = largest;
const rateMark = largest - 1;

/** Bytes per second: the largest rate that a mark can hold. */
export const largestRate = largest;

export interface Mark {
  readonly brokers: readonly number[];
  /** Bytes per second. */
  readonly rate: number;
}

/** The list of entries that says which brokers kt throttles, and how much. */
export function markEntries({ brokers, rate }: Mark): readonly string[] {
  return [...brokers.map((broker) => `${brokerMark}:${broker}`), `${rateMark}:${rate}`];
}

/** Everything a list says of kt's throttles: several rates when it was changed on the way. Undefined for a list that kt did not write. */
export function marksIn(list: string): { readonly brokers: readonly number[]; readonly rates: readonly number[] } | undefined {
  const entries = list.split(',').map((entry) => entry.split(':').map(Number) as [number, number]);
  const marked = (mark: number) => entries.filter(([partition]) => partition === mark).map(([, value]) => value);
  const [brokers, rates] = [marked(brokerMark), marked(rateMark)];
  return rates.length > 0 ? { brokers, rates } : undefined;
}
