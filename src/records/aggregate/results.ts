/** From windows to results: a row for each, and the shape that `--value` gives it. */
import type { ExactJson } from '../../base/json/exact-json.ts';
import { isForRecord } from '../expression/failure.ts';
import { numberWithoutJson } from '../expression/values.ts';
import type { Account } from './account.ts';
import type { AggregateSpec } from './spec.ts';
import type { WindowState } from './window-state.ts';

/** What one window has come to. The measures are fields of their own, by their names. */
export interface AggregateRow {
  /** Epoch ms, inclusive; null where there is one window for all. */
  readonly windowStart: number | null;
  /** Epoch ms, exclusive. */
  readonly windowEnd: number | null;
  readonly key: ExactJson;
  readonly [measure: string]: unknown;
}

export interface AggregateResult {
  readonly row: AggregateRow;
  /** What is given out: the row, or what `--value` makes of it. */
  readonly value: unknown;
  /** Whether results are by key: a key of null is that of records without one then. */
  readonly isGrouped: boolean;
}

/** Undefined for a row on which `--value` fails, which is counted. */
export function resultOf(state: WindowState, spec: AggregateSpec, account: Account): AggregateResult | undefined {
  const row = rowOf(state, spec, account);
  const isGrouped = spec.by !== undefined;
  if (!spec.value) return { row, value: row, isGrouped };
  try {
    const value = spec.value.compiled.evaluate(row);
    if (value === undefined) throw new TypeError('its value is undefined');
    const number = numberWithoutJson(value);
    if (number !== undefined) throw new TypeError(`its value holds ${number}, which JSON has not`);
    return { row, value, isGrouped };
  } catch (error) {
    if (!isForRecord(error)) throw error;
    account.shapeFailed(error as Error);
    return undefined;
  }
}

function rowOf({ start, end, key, accumulators }: WindowState, { measures }: AggregateSpec, account: Account): AggregateRow {
  const row: Record<string, unknown> = {
    windowStart: Number.isFinite(start) ? start : null,
    windowEnd: Number.isFinite(end) ? end : null,
    key,
  };
  measures.forEach(({ name }, index) => {
    const result = accumulators[index]!.result();
    const isTooLarge = typeof result === 'number' && !Number.isFinite(result);
    if (isTooLarge) account.tooLarge++;
    row[name] = isTooLarge ? null : result;
  });
  return row as AggregateRow;
}
