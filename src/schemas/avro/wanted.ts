/** The error for a value in JSON text that does not fit. */
import type { TextCursor } from './text-cursor.ts';
import { foundAt } from './write-error.ts';

/** @param at where the value begins; here if not given. @throws Flaw `found "abc", wanted double` */
export function misfit(from: TextCursor, wanted: string, at = from.at): never {
  return from.fail(`found ${foundAt(from, at)}, wanted ${wanted}`, at);
}
