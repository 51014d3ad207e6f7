/** The keys of `kt lag --watch`: from one view of the rows to the next, and nothing else. */
import type { Key } from '../../cli/full-screen.ts';
import { moves } from '../top/cursor.ts';
import { entryKey } from '../top/entry.ts';
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

/** The last place where the view can begin. */
export function lastFirst(count: number, room: number): number {
  return Math.max(0, count - room);
}

/**
 * The view after a key; undefined for a key that means nothing here.
 * @param count how many rows there are
 * @param room how many of them fit on the screen
 */
export function pressed(view: WatchView, key: Key, count: number, room: number): WatchView | undefined {
  const scroll = scrolls[key.name];
  // Letters are the filter's while it is typed.
  if (scroll && !(view.typing && key.text !== undefined)) {
    const last = lastFirst(count, room);
    return { ...view, first: Math.max(0, Math.min(scroll(Math.min(view.first, last), room, last), last)) };
  }
  if (view.typing) return typed(view, key);
  if (key.name === 's') return { ...view, sorting: after(sortings, view.sorting), reversed: false, first: 0 };
  if (key.name === 'r') return { ...view, reversed: !view.reversed, first: 0 };
  if (key.name === 'g') return { ...view, level: after(levels, view.level), first: 0 };
  if (key.name === '/') return { ...view, typing: true };
  if (key.name === 'escape' && view.filter !== '') return { ...view, filter: '', first: 0 };
  return undefined;
}

/** What a key does to the first row that is shown. */
const scrolls: typeof moves = { ...moves, b: moves['pageup']!, space: moves['pagedown']! };

/** A letter of the filter, or its end. */
function typed(view: WatchView, key: Key): WatchView | undefined {
  if (key.name === 'enter') return { ...view, typing: false };
  if (key.name === 'escape') return { ...view, typing: false, filter: '', first: 0 };
  const filter = entryKey(view.filter, key);
  return filter === undefined ? undefined : { ...view, filter, first: 0 };
}

function after<T>(all: readonly T[], one: T): T {
  return all[(all.indexOf(one) + 1) % all.length]!;
}
