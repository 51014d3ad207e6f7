/** Names alone, one a line, for scripts that read them line by line. */
import { KtError } from '../base/errors.ts';

/** The names as lines. One that holds a line end is left out: half of it could be another's name, and so could anything it is written as. */
export function nameLines(names: readonly string[]): string {
  return names
    .filter((name) => !holdsLineEnd(name))
    .map((name) => `${name}\n`)
    .join('');
}

/** An error for each name that `nameLines` leaves out. */
export function unwrittenNames(names: readonly string[]): readonly KtError[] {
  return names.filter(holdsLineEnd).map(
    (name) =>
      new KtError('usage', `${name} (a name with a line end is more than one line, so -o name leaves it out)`, {
        hint: '-o json shows all names',
      }),
  );
}

function holdsLineEnd(name: string): boolean {
  return name.includes('\n');
}
