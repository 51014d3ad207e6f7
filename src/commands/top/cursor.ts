/** The keys that move a cursor over rows. */
import type { Key } from '../../cli/full-screen.ts';

type Move = (at: number, page: number, last: number) => number;

/** What the keys that move over rows everywhere do: from a row and the rows of a page to another row, which may be outside of `0` to `last`. */
export const moves: Readonly<Record<string, Move>> = {
  up: (at) => at - 1,
  k: (at) => at - 1,
  down: (at) => at + 1,
  j: (at) => at + 1,
  pageup: (at, page) => at - page,
  pagedown: (at, page) => at + page,
  home: () => 0,
  end: (_at, _page, last) => last,
};

const steps: Readonly<Record<string, Move>> = {
  ...moves,
  'ctrl-b': moves['pageup']!,
  'ctrl-f': moves['pagedown']!,
  g: moves['home']!,
  G: moves['end']!,
};

/**
 * What a key does to a cursor; undefined where it does not move one.
 * @returns from the row it is on, the rows shown at once and all rows to the row it comes to, all counted from 0
 */
export function cursorStep({ name }: Key): ((at: number, page: number, count: number) => number) | undefined {
  const step = steps[name];
  if (!step) return undefined;
  return (at, page, count) => {
    const last = Math.max(0, count - 1);
    return Math.max(0, Math.min(last, step(at, Math.max(1, page - 1), last)));
  };
}
