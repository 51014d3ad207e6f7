/** Columns that several lists have; how soon one goes where space is short each list says itself. */
import { type ListColumn, largest } from './list.ts';
import { rate, short, trendBars, whole } from './numbers.ts';

type Shared<R> = Omit<ListColumn<R>, 'rank'>;

/** Numbers, the largest first. @param text how one is written; in full unless said otherwise */
export function numberColumn<R, N extends number | bigint | null>(
  header: string,
  width: number,
  value: (row: R) => N,
  text: (value: N) => string = whole,
): Shared<R> {
  return { header, width, align: 'right', text: (row) => text(value(row)), order: largest(value) };
}

type Flow = { readonly inPerSecond: number | null; readonly outPerSecond: number | null };
export const writtenColumn = numberColumn('IN/S', 6, (row: Pick<Flow, 'inPerSecond'>) => row.inPerSecond, rate);
export const committedColumn = numberColumn('OUT/S', 6, (row: Pick<Flow, 'outPerSecond'>) => row.outPerSecond, rate);

type Lag = { readonly lag: bigint | null };
export const lagColumn: Shared<Lag> = {
  ...numberColumn('LAG', 6, (row: Lag) => row.lag, short),
  tone: (row) => ((row.lag ?? 0n) > 0n ? 'warn' : undefined),
};

export const trendColumn: Shared<{ readonly trend: readonly (number | null)[] }> = {
  header: 'TREND',
  width: 8,
  wideWidth: 20,
  text: (row, width) => trendBars(row.trend, width),
};

type UnderReplicated = { readonly underReplicated: number };
export const underReplicatedColumn: Shared<UnderReplicated> = {
  ...numberColumn('UNDER', 6, (row: UnderReplicated) => row.underReplicated),
  tone: (row) => (row.underReplicated > 0 ? 'warn' : undefined),
};
