/** What is wrong with a JSON text that was to be written: where in it, what was found there, what is wanted. */
import { SchemaDataError } from '../data-error.ts';
import { pathText } from '../path-text.ts';
import { Flaw } from './flaw.ts';
import { TextCursor } from './text-cursor.ts';

const longestText = 40;

/** @param error a flaw, whose message goes on from what was found: `, wanted double` */
export function writingError(error: unknown, text: string): unknown {
  if (!(error instanceof Flaw)) return error;
  try {
    JSON.parse(text);
  } catch (invalid) {
    return new SchemaDataError(`not JSON (${(invalid as Error).message})`, '');
  }
  return new SchemaDataError(error.message, pathText([...pathTo(text, error.at), ...error.steps.toReversed()]));
}

/** The text of the value at `at`, shortened. */
export function foundAt(text: string, at: number): string {
  const cursor = new TextCursor();
  cursor.open(text);
  cursor.at = at;
  try {
    cursor.skipSpace();
    const begin = cursor.at;
    cursor.skipValue();
    const found = text.slice(begin, cursor.at).replace(/\s+/g, ' ');
    return found.length > longestText ? `${found.slice(0, longestText)}…` : found;
  } catch {
    return text.slice(at, at + longestText);
  }
}

/** The steps from the whole value to the one that begins at, or holds, `target`. The text is JSON. */
function pathTo(text: string, target: number): (string | number)[] {
  const cursor = new TextCursor();
  cursor.open(text);
  const steps: (string | number)[] = [];
  // Goes into the one member that holds the place, again and again.
  for (;;) {
    const kind = cursor.kind();
    if (cursor.at >= target || (kind !== 'object' && kind !== 'array')) return steps;
    cursor.at++;
    const step = memberAt(cursor, target, kind === 'object');
    if (step === undefined) return steps;
    steps.push(step);
  }
}

/** Moves to the member that holds the place; its name or index. */
function memberAt(cursor: TextCursor, target: number, isObject: boolean): string | number | undefined {
  const closer = isObject ? 125 : 93;
  for (let index = 0; !cursor.takes(closer); index++) {
    if (index > 0) cursor.expect(44);
    cursor.skipSpace();
    if (isObject && cursor.at >= target) return undefined;
    const step = isObject ? cursor.takeName() : index;
    cursor.skipSpace();
    const begin = cursor.at;
    cursor.skipValue();
    if (target < cursor.at) {
      cursor.at = begin;
      return step;
    }
  }
  return undefined;
}
