/** A value that goes on, which a command with a table may return instead of a finished one: its samples as JSON lines, or as a screen. */
import type { Key } from './full-screen.ts';
import type { Block, TableShape } from './shape.ts';

/** One JSON line per sample; a screen where it has one, stdout is a terminal and `-o json` was not asked for. */
export interface Live<S, K = unknown> {
  /** The samples, until the signal is aborted. */
  readonly live: (signal: AbortSignal) => AsyncIterable<S>;
  readonly json: (sample: S) => unknown;
  readonly screen?: LiveScreen<S, K>;
}

/** What a full screen shows of the newest sample, and what keys do to that. */
export interface LiveScreen<S, K = unknown> {
  /** How the view looks before any key was pressed. */
  readonly view: K;
  /** The view after a key; undefined for a key that means nothing to it. */
  readonly press: (view: K, key: Key, sample: S, lines: number) => K | undefined;
  /** What a screen of so many lines shows of a sample. */
  readonly blocks: (sample: S, lines: number, view: K) => readonly Block[];
}

// biome-ignore-start lint/suspicious/noExplicitAny: samples are known to their own functions.
/** The shape of a command that returns finished values and live ones: these never reach the shape's functions. */
export function orLive<V>(shape: TableShape<V>): TableShape<V | Live<any, any>> {
  return shape as TableShape<any>;
}

export function isLive(value: unknown): value is Live<any, any> {
  return typeof value === 'object' && value !== null && 'live' in value && typeof value.live === 'function';
}
// biome-ignore-end lint/suspicious/noExplicitAny: samples are known to their own functions.
