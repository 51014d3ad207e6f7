/** Windows from memory and from the archive in one order: by their end, then by key. */
import { orderedKey } from './group-key.ts';
import type { WindowState } from './window-state.ts';

/** A window with what it is sorted by: most differ by their ends alone. */
interface Placed {
  readonly state: WindowState;
  readonly key: Buffer;
}

/** @param archived in this order already */
export function* inOrder(
  states: readonly WindowState[],
  archived: Iterator<WindowState> = [].values(),
): Generator<WindowState> {
  const sorted = states.map(placed).sort(compare);
  let next = archived.next();
  for (const each of sorted) {
    for (; !next.done && compare(placed(next.value), each) < 0; next = archived.next()) yield next.value;
    yield each.state;
  }
  for (; !next.done; next = archived.next()) yield next.value;
}

function placed(state: WindowState): Placed {
  return { state, key: orderedKey(state.key) };
}

function compare(a: Placed, b: Placed): number {
  return a.state.end === b.state.end ? a.key.compare(b.key) : a.state.end - b.state.end;
}
