/** What is wrong with a schema: a mistake of whoever wrote it, with the place. */
import { type KtError, usageError } from '../../../base/errors.ts';

/** @param line counted from 1; undefined when there is no text */
export function schemaProblem(file: string, line: number | undefined, problem: string): KtError {
  return usageError(line === undefined ? `${file}: ${problem}` : `${file}, line ${line}: ${problem}`);
}
