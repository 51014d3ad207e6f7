/** What is thrown deep inside a datum; on the way out it learns where in the value that was. */
import { SchemaDataError } from '../data-error.ts';
import { pathText } from '../path-text.ts';

export class Flaw extends Error {
  /** The byte of the field, or the character of the text. */
  readonly at: number;
  /** Innermost first. */
  readonly steps: (string | number)[] = [];

  constructor(problem: string, at: number) {
    super(problem);
    this.at = at;
  }
}

/** The error with one more step of its path: a name in a record or map, or an index. */
export function inside(error: unknown, step: string | number): unknown {
  if (error instanceof Flaw) error.steps.push(step);
  return error;
}

/** What the callers of a compiled schema get; any other error is a defect and stays as it is. */
export function readingError(error: unknown): unknown {
  return error instanceof Flaw ? new SchemaDataError(error.message, pathText(error.steps.toReversed()), error.at) : error;
}
