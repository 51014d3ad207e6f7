/** Positions in a partition as people write them: read by cli, resolved by core. */

/** Where in a partition: what `--from`, `--to`, `--at` and `--before` take. */
export type Position =
  | { readonly at: 'beginning' }
  | { readonly at: 'end' }
  | { readonly at: 'offset'; readonly offset: bigint }
  /** The newest `count` offsets of each partition. */
  | { readonly at: 'last'; readonly count: number }
  /** The first record at that time or later; the end if there is none. */
  | { readonly at: 'time'; readonly timestampMs: number };
