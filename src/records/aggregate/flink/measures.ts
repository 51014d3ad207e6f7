/** Measures in Flink SQL: what is measured of a record, and what becomes of it in a window. */
import { SqlRefusal } from '../../expression/sql/fields.ts';
import { doubleSql, typedSql } from '../../expression/sql/literal.ts';
import { kindOf } from '../../expression/sql/operators.ts';
import { isNumber, type Term } from '../../expression/sql/term.ts';
import type { Measure, MeasureKind } from '../spec.ts';

/** A measure's column in what is measured, and in the results. */
export interface MeasureSql {
  /** Of one record; undefined for what needs none. */
  readonly measured: string | undefined;
  /** Of a window. */
  readonly result: string;
  readonly type: string;
}

const percentiles: Partial<Record<MeasureKind, number>> = { p50: 0.5, p95: 0.95, p99: 0.99 };

/**
 * @param term what is measured
 * @param column the name of its column, quoted
 * @throws SqlRefusal for values that the measure does not take
 */
export function measureSql({ kind }: Measure, term: Term | undefined, column: string): MeasureSql {
  if (!term) return { measured: undefined, result: 'COUNT(*)', type: 'BIGINT' };
  if (term.type === undefined) throw new SqlRefusal(`--${kind} of nothing`);
  if (kind === 'distinct') {
    return { measured: finite(term), result: `COUNT(DISTINCT ${column})`, type: 'BIGINT' };
  }
  const isExtreme = kind === 'min' || kind === 'max';
  if (!isNumber(term) && !(isExtreme && term.type === 'STRING')) throw new SqlRefusal(`--${kind} of ${kindOf(term)}`);
  if (isExtreme) return { measured: finite(term), result: `${kind.toUpperCase()}(${column})`, type: term.type };
  if (kind === 'sum') {
    // A sum of integers is exact in kt, and would wrap around in a BIGINT.
    if (term.type === 'BIGINT')
      return { measured: `CAST(${term.sql} AS DECIMAL(38, 0))`, result: `SUM(${column})`, type: 'DECIMAL(38, 0)' };
    return { measured: finite(term), result: `SUM(${column})`, type: 'DOUBLE' };
  }
  const measured = term.type === 'BIGINT' ? doubleSql(term) : finite(term);
  const percentile = percentiles[kind];
  const result = percentile === undefined ? `AVG(${column})` : `PERCENTILE(${column}, ${percentile})`;
  return { measured, result, type: 'DOUBLE' };
}

/** Infinities and NaN are left out. */
function finite(term: Term): string {
  const { sql, mayBeInfinite } = term;
  return mayBeInfinite ? `CASE WHEN ABS(${sql}) < CAST('Infinity' AS DOUBLE) THEN ${sql} END` : typedSql(term);
}
