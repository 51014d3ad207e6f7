/** A job that words of another tool name. */
import type { Draft, Rules } from './rules.ts';

export interface Job {
  /** How many of the leading words name the job. */
  readonly taken: number;
  readonly command: string;
  readonly rules?: Rules | undefined;
  /** Options of kt that the job always has. */
  readonly options?: readonly string[] | undefined;
  /** Puts the draft into kt's order once all is read; false when kt has no such job. */
  readonly finish?: ((draft: Draft, words: readonly string[]) => boolean) | undefined;
  /** What to say instead of a line, where the words typed do not tell all that kt's line needs; undefined when kt has no such job. */
  readonly advice?: ((draft: Draft) => string | undefined) | undefined;
  /** The whole answer, where the words typed play no part in it. */
  readonly line?: string;
}
