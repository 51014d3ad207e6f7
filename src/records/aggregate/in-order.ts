/** Windows from memory and from the archive in one order: by their end, then by key. */
import { orderOf, type WindowState } from './window-state.ts';

/** @param archived in this order already */
export function* inOrder(
  states: readonly WindowState[],
  archived: Iterator<WindowState> = [].values(),
): Generator<WindowState> {
  const sorted = states.map((state) => ({ state, order: orderOf(state.end, state.key) }));
  sorted.sort((a, b) => a.order.compare(b.order));
  let next = archived.next();
  for (const { state, order } of sorted) {
    for (; !next.done && orderOf(next.value.end, next.value.key).compare(order) < 0; next = archived.next()) yield next.value;
    yield state;
  }
  for (; !next.done; next = archived.next()) yield next.value;
}
