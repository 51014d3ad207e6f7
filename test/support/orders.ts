/** Orders for aggregations, the same for each seed, and what windows over them come to, computed the plain way. */

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
  const groups = new Map<string, Order[]>();
  for (const order of of) {
    const start = Math.floor(order.timestamp / sizeMs) * sizeMs;
    const name = `${start} ${order.category}`;
    groups.set(name, [...(groups.get(name) ?? []), order]);
  }
  const rows = [...groups.values()].map((group) => {
    const windowStart = Math.floor(group[0]!.timestamp / sizeMs) * sizeMs;
    const totals = group.map(({ total }) => total).sort((a, b) => a - b);
    const place = 0.95 * (totals.length - 1);
    const [low, high] = [totals[Math.floor(place)]!, totals[Math.ceil(place)]!];
    return {
      windowStart,
      windowEnd: windowStart + sizeMs,
      key: group[0]!.category,
      count: group.length,
      revenue: totals.reduce((sum, total) => sum + total, 0),
      max: totals.at(-1)!,
      users: new Set(group.map(({ user }) => user)).size,
      p95: low + (high - low) * (place - Math.floor(place)),
    };
  });
  return rows.sort((a, b) => a.windowEnd - b.windowEnd || (a.key < b.key ? -1 : 1));
}
