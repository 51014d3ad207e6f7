/** A screen that is one list: cursor, filter, order and scrolling, which stay as they are while something is opened from it. */
import type { Key } from '../../cli/full-screen.ts';
import type { Focus } from '../../core/top/snapshot.ts';
import { arranged, cursorOf, drawList, type List, type ListState, listKey, newList, orderText, sortKey } from './list.ts';
import { whole } from './numbers.ts';
import { type Actions, type Body, ends, line, type Room, type Scene, toned, type View } from './view.ts';

export interface ListScreen<R> {
  readonly list: List<R>;
  readonly rows: (scene: Scene) => readonly R[];
  /** What there are, in plural: `Topics`. */
  readonly what: string;
  /** Said after the count: what may be missing. */
  readonly remark?: (scene: Scene) => string;
  /** Said where there are none. */
  readonly nothing: (scene: Scene) => string;
  readonly open?: (row: R, actions: Actions) => void;
  readonly value?: (row: R) => string;
  readonly command?: (row: R) => string;
  readonly focus?: (names: ReadonlySet<string>) => Partial<Focus>;
  /** Lines under the list, of the row that the cursor is on. */
  readonly below?: (row: R | undefined, scene: Scene, room: Room) => Body['lines'];
  readonly key?: (key: Key, row: R | undefined, scene: Scene, actions: Actions) => boolean;
  readonly hints: readonly string[];
  readonly help: View['help'];
  readonly tab?: View['tab'];
  readonly title?: View['title'];
  /** Called after each drawing with the row that the cursor is on. */
  readonly rests?: (row: R | undefined) => void;
  readonly close?: () => void;
}

/** The list with the line above it, as it is drawn. */
function drawListScreen<R>(screen: ListScreen<R>, state: ListState, scene: Scene, room: Room) {
  const all = screen.rows(scene);
  const rows = arranged(screen.list, all, state, scene.now);
  const names = rows.map(screen.list.name);
  const cursor = cursorOf(names, state);
  const count = state.filter === '' ? whole(all.length) : `${whole(rows.length)} of ${whole(all.length)}`;
  const filter =
    state.isTyping || state.filter !== ''
      ? [toned('   /', 'strong'), toned(state.filter, 'strong'), ...(state.isTyping ? [toned('_', 'dim')] : [])]
      : [];
  const left = [
    toned(` ${screen.what} `, 'strong'),
    toned(count, undefined),
    toned(screen.remark?.(scene) ?? '', 'dim'),
    ...filter,
  ];
  const top = ends(left, [toned(`${orderText(screen.list, state)} `, 'dim')], room.width);
  const below = screen.below?.(rows[cursor], scene, room) ?? [];
  const height = Math.max(2, room.height - 1 - below.length);
  const drawn = drawList(screen.list, rows, cursor, { width: room.width, height, above: state.above });
  const why =
    all.length === 0 ? screen.nothing(scene) : rows.length === 0 ? 'nothing passes the filter; Esc clears it' : undefined;
  const lines = [...drawn.lines, ...(why === undefined ? [] : [line(toned(`  ${why}`, 'dim'))])];
  const space = Array.from({ length: below.length === 0 ? 0 : Math.max(0, height - lines.length) }, () => line());
  const body: Body = {
    lines: [top, ...lines, ...space, ...below],
    cursor: drawn.cursor === undefined ? undefined : drawn.cursor + 1,
  };
  const seen = names.slice(drawn.above, drawn.above + height - 1);
  return { body, above: drawn.above, names, row: rows[cursor], seen, height: height - 1 };
}

export function listView<R>(screen: ListScreen<R>): View {
  let state = newList;
  let last: { names: readonly string[]; row: R | undefined; seen: readonly string[]; height: number } = {
    names: [],
    row: undefined,
    seen: [],
    height: 10,
  };
  return {
    ...(screen.tab && { tab: screen.tab }),
    ...(screen.title && { title: screen.title }),
    draw(scene, room) {
      const drawn = drawListScreen(screen, state, scene, room);
      state = { ...state, above: drawn.above };
      last = drawn;
      screen.rests?.(drawn.row);
      return drawn.body;
    },
    key(key, scene, actions) {
      // The row under the cursor now, whatever came since it was drawn.
      const { names, row } = drawListScreen(screen, state, scene, { width: 80, height: last.height + 2 });
      if (!state.isTyping && screen.key?.(key, row, scene, actions)) return true;
      const moved = listKey(state, { key, names, page: last.height, now: scene.now });
      const sorted = moved || state.isTyping ? undefined : sortKey(screen.list, state, key);
      if (moved ?? sorted) {
        state = (moved ?? sorted)!;
        return true;
      }
      if (screen.open && row !== undefined && (key.name === 'enter' || key.name === 'right')) {
        screen.open(row, actions);
        return true;
      }
      return false;
    },
    focus: () => screen.focus?.(new Set(last.seen)) ?? {},
    hints: () => (state.isTyping ? ['Enter keeps', 'Esc clears'] : screen.hints),
    isTyping: () => state.isTyping,
    value: () => (last.row === undefined ? undefined : screen.value?.(last.row)),
    command: () => (last.row === undefined ? undefined : screen.command?.(last.row)),
    help: screen.help,
    ...(screen.close && { close: screen.close }),
  };
}
