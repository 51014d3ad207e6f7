/** The keys of `kt lag --watch`: from one view of the rows to the next, and nothing else. */
import { type Choice, levels, sortings } from './watch-rows.ts';

/** What a screen shows of the rows. */
export interface WatchView extends Choice {
  /** The first row that is shown. */
  readonly first: number;
  /** Whether keys are letters of the filter. */
  readonly typing: boolean;
}

export const firstView: WatchView = {
  level: 'partition',
  filter: '',
  sorting: 'lag',
  reversed: false,
  first: 0,
  typing: false,
};

export const keysHelp = '↑↓ scroll · s sort · r reverse · / filter · g group · q quit';

const up = ['\x1b[A', '\x1bOA', 'k'];
const down = ['\x1b[B', '\x1bOB', 'j'];
const pageUp = ['\x1b[5~', 'b'];
const pageDown = ['\x1b[6~', ' '];
const home = ['\x1b[H', '\x1b[1~', '\x1bOH'];
const end = ['\x1b[F', '\x1b[4~', '\x1bOF'];
const enter = ['\r', '\n'];
const backspace = ['\x7f', '\b'];
const esc = '\x1b';

/** The last place where the view can begin. */
export function lastFirst(count: number, room: number): number {
  return Math.max(0, count - room);
}

/**
 * The view after a key; undefined for a key that means nothing here.
 * @param count how many rows there are
 * @param room how many of them fit on the screen
 */
export function pressed(view: WatchView, key: string, count: number, room: number): WatchView | undefined {
  if (view.typing) return typed(view, key);
  const scrolled = (by: number): WatchView => ({
    ...view,
    first: Math.min(Math.max(0, Math.min(view.first, lastFirst(count, room)) + by), lastFirst(count, room)),
  });
  if (up.includes(key)) return scrolled(-1);
  if (down.includes(key)) return scrolled(1);
  if (pageUp.includes(key)) return scrolled(-room);
  if (pageDown.includes(key)) return scrolled(room);
  if (home.includes(key)) return scrolled(-count);
  if (end.includes(key)) return scrolled(count);
  if (key === 's') return { ...view, sorting: after(sortings, view.sorting), reversed: false, first: 0 };
  if (key === 'r') return { ...view, reversed: !view.reversed, first: 0 };
  if (key === 'g') return { ...view, level: after(levels, view.level), first: 0 };
  if (key === '/') return { ...view, typing: true };
  if (key === esc && view.filter !== '') return { ...view, filter: '', first: 0 };
  return undefined;
}

/** A letter of the filter, or its end; Ctrl-C and the like are not its own. */
function typed(view: WatchView, key: string): WatchView | undefined {
  if (enter.includes(key)) return { ...view, typing: false };
  if (key === esc) return { ...view, typing: false, filter: '', first: 0 };
  if (backspace.includes(key)) return { ...view, filter: [...view.filter].slice(0, -1).join(''), first: 0 };
  if (key < ' ') return key.length > 1 ? view : undefined;
  return { ...view, filter: view.filter + key, first: 0 };
}

function after<T>(all: readonly T[], one: T): T {
  return all[(all.indexOf(one) + 1) % all.length]!;
}
