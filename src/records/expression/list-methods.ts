/** How the methods of lists work that call arrow functions, or give the elements in another order. */
import { ExpressionFailure } from './failure.ts';
import type { Arrow, Method } from './method.ts';
import { make, work } from './work.ts';

/** A list's own method that calls an arrow function for each element, with the element, its index and the list. */
export function each(name: 'map' | 'filter' | 'find' | 'findIndex' | 'findLast' | 'some' | 'every' | 'flatMap'): Method {
  return {
    list(of: readonly unknown[], arrow) {
      work(of.length);
      const result = (of[name] as unknown as (call: Arrow) => unknown).call(of, arrowOf(name, arrow));
      if (Array.isArray(result)) make(result.length);
      return result;
    },
  };
}

function arrowOf(name: string, value: unknown): Arrow {
  if (typeof value !== 'function') throw new ExpressionFailure(`${name} needs an arrow function`);
  return value as Arrow;
}

export function copied(of: readonly unknown[]): unknown[] {
  make(of.length);
  work(of.length);
  return [...of];
}

/** Ascending as JavaScript sorts: by text, unless an arrow function compares. */
export function sorted(of: readonly unknown[], compare?: unknown): unknown[] {
  const list = copied(of);
  work(list.length * Math.ceil(Math.log2(list.length + 1)));
  if (compare === undefined) return list.sort();
  const arrow = arrowOf('sort', compare);
  return list.sort((a, b) => Number(arrow(a, b)));
}

export function reduced(of: readonly unknown[], args: readonly unknown[], fromRight: boolean): unknown {
  work(of.length);
  const arrow = arrowOf('reduce', args[0]);
  const list = fromRight ? of.toReversed() : of;
  if (args.length < 2 && list.length === 0) throw new ExpressionFailure('reduce of an empty list needs a first value');
  return args.length < 2 ? list.reduce((a, b) => arrow(a, b)) : list.reduce((a, b) => arrow(a, b), args[1]);
}
