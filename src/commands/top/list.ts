/** Lists of `kt top`: rows with a cursor that sticks to a name, an order that rests while somebody moves, a filter. Pure functions. */
import { namePatternAmong } from '../../base/name-pattern.ts';
import { shortened } from '../../base/shorten.ts';
import type { Key, ScreenLine, Span } from '../../cli/full-screen.ts';
import type { Tone } from '../../cli/shape.ts';
import { cursorStep } from './cursor.ts';
import { type Entry, entryKey } from './entry.ts';

export interface ListColumn<R> {
  readonly header: string;
  /** In columns of the screen; the one without takes the rest. */
  readonly width?: number;
  /** Of the one that takes the rest, the least that it needs. */
  readonly leastWidth?: number;
  /** On a wide screen. */
  readonly wideWidth?: number;
  readonly align?: 'right';
  /** Whether its texts are names: long ones are shortened so that those in sight that differ still do. */
  readonly isName?: true;
  /** A row's text. @param width of the column */
  readonly text: (row: R, width: number) => string;
  readonly tone?: (row: R) => Tone | undefined;
  /** The order of rows by this column, as one wants to see them first; absent: nobody sorts by it. */
  readonly order?: (a: R, b: R) => number;
  /** The higher, the sooner it goes where space is short. */
  readonly rank: number;
}

export interface List<R> {
  readonly columns: readonly ListColumn<R>[];
  readonly name: (row: R) => string;
  /** Index of the column that it is sorted by unless somebody chooses. */
  readonly sortedBy: number;
}

export interface ListState {
  /** The name of the row that the cursor is on; undefined until somebody moves: the first row. */
  readonly selected: string | undefined;
  /** When somebody moved, epoch ms. */
  readonly movedAt: number;
  /** The names in their order at that time. */
  readonly order: readonly string[];
  /** Rows above the first one shown. */
  readonly above: number;
  readonly filter: Entry;
  /** Whether the filter is being typed. */
  readonly isTyping: boolean;
  readonly sortedBy: number | undefined;
  readonly turned: boolean;
}

export const newList: ListState = {
  selected: undefined,
  movedAt: Number.NEGATIVE_INFINITY,
  order: [],
  above: 0,
  filter: '',
  isTyping: false,
  sortedBy: undefined,
  turned: false,
};

/** While somebody moves, rows keep their places for so long. */
const restMs = 3_000;
const gap = 2;
const leastName = 12;
const wideScreen = 110;

/** Whether a name passes a filter: a pattern, or a part of the name. */
export function nameFilter(filter: string): (name: string) => boolean {
  if (filter === '') return () => true;
  const part = filter.toLowerCase();
  const isPart = (name: string) => name.toLowerCase().includes(part);
  try {
    const pattern = namePatternAmong(filter, { has: () => false });
    return pattern.exact ? isPart : (name) => pattern.matches(name) || isPart(name);
  } catch {
    // Half a pattern.
    return isPart;
  }
}

/** The rows as they are shown. @param now epoch ms */
export function arranged<R>(list: List<R>, rows: readonly R[], state: ListState, now: number): readonly R[] {
  const passes = nameFilter(state.filter);
  const shown = state.filter === '' ? [...rows] : rows.filter((row) => passes(list.name(row)));
  const order = list.columns[state.sortedBy ?? list.sortedBy]!.order!;
  const turn = state.turned ? -1 : 1;
  const compared = (a: R, b: R) => turn * order(a, b) || (list.name(a) < list.name(b) ? -1 : 1);
  // In a quiet cluster rows have the order in which they come, by name: nothing to sort, at each tick.
  if (shown.some((row, index) => index > 0 && compared(shown[index - 1]!, row) > 0)) shown.sort(compared);
  if (now - state.movedAt >= restMs) return shown;
  const places = new Map(state.order.map((name, index) => [name, index]));
  const placeOf = (row: R) => places.get(list.name(row)) ?? Number.MAX_SAFE_INTEGER;
  return shown.sort((a, b) => placeOf(a) - placeOf(b));
}

/** The index of the row that the cursor is on; 0 where it has gone. */
export function cursorOf(names: readonly string[], { selected, order }: ListState): number {
  if (selected === undefined) return 0;
  const at = names.indexOf(selected);
  // Where a row has gone, the next one takes its place.
  return at >= 0 ? at : Math.max(0, Math.min(order.indexOf(selected), names.length - 1));
}

/**
 * What a key does to a list; undefined where it does nothing there.
 * @param names of the rows shown, in their order
 * @param page how many rows are shown at once
 */
export function listKey(
  state: ListState,
  { key, names, page, now }: { key: Key; names: readonly string[]; page: number; now: number },
): ListState | undefined {
  if (state.isTyping) {
    if (key.name === 'enter') return { ...state, isTyping: false };
    if (key.name === 'escape') return { ...state, isTyping: false, filter: '' };
    const filter = entryKey(state.filter, key);
    if (filter !== undefined) return { ...state, filter, order: [] };
    // Arrows move in what is found so far.
  }
  if (!state.isTyping && key.name === '/') return { ...state, isTyping: true };
  if (key.name === 'escape' && state.filter !== '') return { ...state, filter: '' };
  const step = state.isTyping && key.text !== undefined ? undefined : cursorStep(key);
  if (!step) return undefined;
  const at = step(cursorOf(names, state), page, names.length);
  // Back at the top it stays there, whatever comes first.
  const selected = key.name === 'g' || key.name === 'home' ? undefined : names[at];
  return { ...state, selected, movedAt: now, order: names };
}

/** Sorts by the next column that can be sorted by, or turns the order. */
export function sortKey<R>(list: List<R>, state: ListState, key: Key): ListState | undefined {
  if (key.name === 'S') return { ...state, turned: !state.turned, movedAt: Number.NEGATIVE_INFINITY };
  if (key.name !== 's') return undefined;
  const count = list.columns.length;
  for (let step = 1; step <= count; step++) {
    const next = ((state.sortedBy ?? list.sortedBy) + step) % count;
    if (list.columns[next]!.order) return { ...state, sortedBy: next, turned: false, movedAt: Number.NEGATIVE_INFINITY };
  }
  return undefined;
}

/** `by LAG ↓`. */
export function orderText<R>(list: List<R>, state: ListState): string {
  return `by ${list.columns[state.sortedBy ?? list.sortedBy]!.header} ${state.turned ? '↑' : '↓'}`;
}

/** The first row shown, so that the cursor is in sight. */
export function firstShown(cursor: number, above: number, height: number, count: number): number {
  const least = Math.max(0, cursor - height + 1);
  return Math.max(0, Math.min(Math.max(above, least), cursor, count - height));
}

function leastOf<R>({ leastWidth = leastName }: ListColumn<R>): number {
  return leastWidth;
}

/** Which columns there is room for, and how wide each is. */
function layout<R>(columns: readonly ListColumn<R>[], width: number) {
  const chosen = new Set<ListColumn<R>>();
  const widthOf = (column: ListColumn<R>) =>
    (width >= wideScreen ? column.wideWidth : undefined) ?? column.width ?? leastOf(column);
  let room = width - 1;
  for (const column of [...columns].sort((a, b) => a.rank - b.rank)) {
    const needed = widthOf(column) + (chosen.size > 0 ? gap : 0);
    if (chosen.size > 0 && needed > room) continue;
    chosen.add(column);
    room -= needed;
  }
  return columns
    .filter((column) => chosen.has(column))
    .map((column) => ({ column, width: column.width === undefined ? leastOf(column) + Math.max(0, room) : widthOf(column) }));
}

export interface DrawnList {
  readonly lines: readonly ScreenLine[];
  /** The line with the cursor; undefined without rows. */
  readonly cursor: number | undefined;
  /** How many rows are above the first one shown. */
  readonly above: number;
}

/** The header, and the rows in sight. @param height lines, with the header */
export function drawList<R>(
  list: Pick<List<R>, 'columns'>,
  rows: readonly R[],
  cursor: number | undefined,
  { width, height, above = 0 }: { width: number; height: number; above?: number },
): DrawnList {
  const places = layout(list.columns, width);
  const header: ScreenLine = {
    spans: spans(
      places.map(({ column, width: wide }) => ({ text: column.header, width: wide, ...aligned(column), tone: 'dim' as const })),
    ),
  };
  const room = Math.max(0, height - 1);
  const first = firstShown(cursor ?? 0, above, room, rows.length);
  const shown = rows.slice(first, first + room);
  const texts = places.map(({ column, width: wide }) => {
    const whole = shown.map((row) => column.text(row, wide));
    return column.isName ? shortened(whole, wide) : whole;
  });
  const lines = shown.map((row, index): ScreenLine => {
    const cells = places.map(({ column, width: wide }, place) => ({
      text: texts[place]![index]!,
      width: wide,
      tone: column.tone?.(row),
      ...aligned(column),
    }));
    const selected = first + index === cursor;
    return { spans: spans(cells, selected ? '>' : ' '), selected };
  });
  const at = cursor === undefined || rows.length === 0 ? undefined : cursor - first + 1;
  return { lines: [header, ...lines], cursor: at, above: first };
}

function aligned<R>({ align }: ListColumn<R>): Pick<Span, 'align'> {
  return align ? { align } : {};
}

function spans(cells: readonly Span[], sign = ' '): readonly Span[] {
  const between: Span = { text: '', width: gap };
  return [{ text: sign, width: 1 }, ...cells.flatMap((cell, index) => (index === 0 ? [cell] : [between, cell]))];
}

/** Orders for columns: the largest first, unknown ones last. */
export function largest<R>(value: (row: R) => number | bigint | null): (a: R, b: R) => number {
  return (a, b) => {
    const [first, second] = [value(a), value(b)];
    if (first === null || second === null) return first === second ? 0 : first === null ? 1 : -1;
    return first < second ? 1 : first > second ? -1 : 0;
  };
}

/** By text. */
export function alphabetical<R>(value: (row: R) => string): (a: R, b: R) => number {
  return (a, b) => (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : 0);
}
