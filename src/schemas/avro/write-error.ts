/** What is wrong with a JSON text that was to be written: where in it, what was found there, what is wanted. */
import { isUtf8 } from 'node:buffer';
import { SchemaDataError } from '../data-error.ts';
import { pathText } from '../path-text.ts';
import { Flaw } from './flaw.ts';
import { TextCursor } from './text-cursor.ts';

const longestText = 40;

/** @param of the text at fault */
export function writingError(error: unknown, of: TextCursor): unknown {
  if (!(error instanceof Flaw)) return error;
  if (!isUtf8(of.buf.subarray(0, of.end))) return new SchemaDataError('not UTF-8', '');
  try {
    JSON.parse(of.textOf(0, of.end));
  } catch (invalid) {
    return new SchemaDataError(`not JSON (${(invalid as Error).message})`, '');
  }
  return new SchemaDataError(error.message, pathText([...pathTo(of, error.at), ...error.steps.toReversed()]));
}

/** The text of the value at `at`, shortened. */
export function foundAt(of: TextCursor, at: number): string {
  const cursor = copyOf(of);
  cursor.at = at;
  try {
    cursor.skipSpace();
    const begin = cursor.at;
    cursor.skipValue();
    const found = cursor.textOf(begin, cursor.at).replace(/\s+/g, ' ');
    return found.length > longestText ? `${found.slice(0, longestText)}…` : found;
  } catch {
    return cursor.textOf(at, cursor.end).slice(0, longestText);
  }
}

function copyOf({ buf, end }: TextCursor): TextCursor {
  const cursor = new TextCursor();
  cursor.open(buf, 0, end);
  return cursor;
}

/** The steps from the whole value to the one that begins at, or holds, `target`. The text is JSON. */
function pathTo(of: TextCursor, target: number): (string | number)[] {
  const cursor = copyOf(of);
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
