/** How the methods of lists work that call arrow functions, or give the elements in another order. */
import { ExpressionFailure } from './failure.ts';
import type { Arrow, Method } from './method.ts';
import { same } from './operators.ts';
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
  if (args.length < 2 && of.length === 0) throw new ExpressionFailure('reduce of an empty list needs a first value');
  const first = args.length < 2 ? [] : [args[1]];
  return (of[fromRight ? 'reduceRight' : 'reduce'] as (arrow: Arrow, ...first: unknown[]) => unknown).call(of, arrow, ...first);
}

/** The index of a value; -1 where it is not there. @param from where to begin; a negative one counts from the end */
export function indexIn(of: readonly unknown[], what: unknown, from: unknown): number {
  const start = from === undefined ? 0 : placeIn(of, from);
  return of.findIndex((one, at) => at >= start && same(one, what));
}

/** The last index of a value. @param from where to begin, going back */
export function lastIndexIn(of: readonly unknown[], what: unknown, from: unknown): number {
  const end = from === undefined ? of.length : placeIn(of, from);
  return of.findLastIndex((one, at) => at <= end && same(one, what));
}

function placeIn({ length }: readonly unknown[], from: unknown): number {
  const place = Math.trunc(Number(from)) || 0;
  return place < 0 ? length + place : place;
}
