/** What an aggregation computes: from the command's words to the engine, and to Flink's SQL. */
import type { CompiledExpression } from '../expression/compile.ts';
import type { FieldName } from '../expression/scope.ts';

/** An expression as it was written, for messages and translations, and compiled. */
export interface NamedExpression<Name extends string = FieldName> {
  readonly text: string;
  readonly compiled: CompiledExpression<Name>;
}

/** What a row has besides measures. */
export const rowNames = ['windowStart', 'windowEnd', 'key'] as const;

export const measureKinds = ['count', 'sum', 'avg', 'min', 'max', 'distinct', 'p50', 'p95', 'p99'] as const;
export type MeasureKind = (typeof measureKinds)[number];

export interface Measure {
  /** Its field in rows: unique, an identifier, and none of `rowNames`. */
  readonly name: string;
  readonly kind: MeasureKind;
  /** What is measured; undefined for `count`. */
  readonly of: NamedExpression | undefined;
}

/** Windows are aligned to the epoch, their start inclusive, their end exclusive. */
export type Windows =
  /** One for all records. */
  | { readonly kind: 'none' }
  | { readonly kind: 'tumbling'; readonly sizeMs: number }
  /** Of `sizeMs`, one every `hopMs`: a record is in several. */
  | { readonly kind: 'hopping'; readonly sizeMs: number; readonly hopMs: number }
  /** As long as records of a key are less than `gapMs` apart. */
  | { readonly kind: 'session'; readonly gapMs: number };

export interface AggregateSpec {
  readonly topic: string;
  /** Records for which all hold. */
  readonly where: readonly NamedExpression[];
  /** The key of the aggregation; undefined puts all records into one. */
  readonly by: NamedExpression | undefined;
  readonly measures: readonly Measure[];
  readonly windows: Windows;
  /** A record's time in epoch ms; undefined is its timestamp. */
  readonly time: NamedExpression | undefined;
  /** How long after a window's end records for it are still taken, in ms of record time. */
  readonly graceMs: number;
  /** A row when its window closes, or one each time that it changes. */
  readonly emit: 'final' | 'updates';
  /** The shape of output values, from `rowNames` and the measures' names; undefined is the row. */
  readonly value: NamedExpression<string> | undefined;
}
