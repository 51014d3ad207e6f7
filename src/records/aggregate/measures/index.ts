/** The measures there are: which values each takes, and what gathers them. */
import type { ExactJson } from '../../../base/json/exact-json.ts';
import type { MeasureKind } from '../spec.ts';
import type { Accumulator } from './accumulator.ts';
import { Count } from './count.ts';
import { Distinct } from './distinct.ts';
import { Extreme } from './extreme.ts';
import { Percentile } from './percentile.ts';
import { Mean, Sum } from './sum.ts';

/** @param state what `Accumulator.state` gave; undefined begins with nothing */
export function makeAccumulator(kind: MeasureKind, state?: ExactJson): Accumulator {
  switch (kind) {
    case 'count':
      return new Count(state);
    case 'sum':
      return new Sum(state);
    case 'avg':
      return new Mean(state);
    case 'min':
      return new Extreme(false, state);
    case 'max':
      return new Extreme(true, state);
    case 'distinct':
      return new Distinct(state);
    case 'p50':
      return new Percentile(0.5, state);
    case 'p95':
      return new Percentile(0.95, state);
    case 'p99':
      return new Percentile(0.99, state);
  }
}

/** Whether a measure takes a value that is there: neither null nor undefined. */
export function isMeasurable(kind: MeasureKind, value: unknown): boolean {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value);
    case 'bigint':
      return true;
    case 'string':
      return kind === 'min' || kind === 'max' || kind === 'distinct';
    default:
      return kind === 'distinct';
  }
}
