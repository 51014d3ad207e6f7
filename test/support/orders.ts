/** Orders for aggregations, the same for each seed, and what windows over them come to, computed the plain way. */
import { expectedRows } from './windowed.ts';

export interface Order {
  readonly id: number;
  readonly user: number;
  readonly category: string;
  /** A multiple of a quarter: sums are exact in any order. */
  readonly total: number;
  /** Epoch ms. */
  readonly timestamp: number;
}

const categories = ['books', 'games', 'garden', 'music', 'toys'] as const;
/** A whole minute. */
const firstMs = 1_790_000_040_000;

export function orders(count: number, stepMs: number, seed = 12_345): readonly Order[] {
  let x = seed;
  return Array.from({ length: count }, (_, id) => {
    x = (Math.imul(x, 1_103_515_245) + 12_345) & 0x7fffffff;
    const category = categories[(x >> 16) % categories.length]!;
    return { id, user: 1_000 + ((x >> 8) % 500), category, total: ((x >> 4) % 4_000) / 4, timestamp: firstMs + id * stepMs };
  });
}

/** As `kt produce -i json` takes them. */
export function orderLines(of: readonly Order[]): string {
  return of
    .map(
      ({ timestamp, ...order }) => `${JSON.stringify({ key: String(order.user), value: JSON.stringify(order), timestamp })}\n`,
    )
    .join('');
}

/** The options of `kt aggregate` whose results `revenueOf` computes. */
export const revenueOptions = [
  ...['--by', 'value.category', '--count', '--sum', 'revenue=value.total'],
  ...['--max', 'value.total', '--distinct', 'users=value.user', '--p95', 'value.total'],
] as const;

/** The rows of tumbling windows by category, in order. */
export function revenueOf(of: readonly Order[], sizeMs: number): readonly unknown[] {
  const records = of.map(({ timestamp, category, total, user }) => {
    return { timeMs: timestamp, key: category, value: total, counted: user };
  });
  return expectedRows(records, { sizeMs, hopMs: sizeMs })
    .map(({ windowStart, windowEnd, key, count, sum, max, distinct, p95 }) => {
      return { windowStart, windowEnd, key, count, revenue: sum, max, users: distinct, p95 } as Row;
    })
    .sort((a, b) => a.windowEnd - b.windowEnd || (a.key < b.key ? -1 : 1));
}

interface Row {
  readonly windowEnd: number;
  readonly key: string;
}
