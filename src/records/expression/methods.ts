/** The methods that texts, lists, numbers and regular expressions have in an expression: JavaScript's that change nothing and are bounded. */
import { ExpressionFailure } from './failure.ts';
import { copied, each, indexIn, lastIndexIn, reduced, sorted } from './list-methods.ts';
import type { Arrow, Method } from './method.ts';
import { isPattern, type Pattern } from './pattern.ts';
import { replaced } from './replace.ts';
import { asText, jsonText } from './values.ts';
import { make, mostLength, work } from './work.ts';

/** A text's own method, whose time grows with the text. */
function text(name: keyof string): Method {
  return {
    text(of: string, a, b) {
      work(of.length >> 4);
      return (of[name] as unknown as Arrow).call(of, plain(a), plain(b));
    },
  };
}

/** A text's own method that looks for another text, from a place or up to one. */
function search(name: 'includes' | 'indexOf' | 'lastIndexOf' | 'startsWith' | 'endsWith'): NonNullable<Method['text']> {
  return (of: string, what, at) => {
    work(of.length >> 4);
    return of[name](asText(what), plain(at) as number | undefined);
  };
}

/** An argument as JavaScript takes it: numbers for integers. */
function plain(value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}

function padded(of: string, length: unknown, fill: unknown, atEnd: boolean): string {
  const wanted = Number(length);
  if (wanted > mostLength) throw new ExpressionFailure('its result is too long');
  const by = fill === undefined ? ' ' : asText(fill);
  return atEnd ? of.padEnd(wanted, by) : of.padStart(wanted, by);
}

/** JavaScript's `toFixed`; of an integer beyond 2^53 with all its digits. */
function fixed(value: number | bigint, digits: unknown): string {
  const places = Number(digits ?? 0);
  const text = Number(value).toFixed(places);
  if (typeof value === 'number') return text;
  return places >= 1 ? `${value}.${'0'.repeat(places)}` : String(value);
}

function textOf(value: number | bigint, base?: unknown): string {
  return base === undefined ? String(value) : value.toString(Number(base));
}

/** Every method there is, with what it is called on. */
export const methods: Readonly<Record<string, Method>> = {
  at: {
    text: (of: string, at) => of.at(Number(at ?? 0)),
    list: (of: readonly unknown[], at) => of.at(Number(at ?? 0)),
  },
  charAt: text('charAt'),
  charCodeAt: text('charCodeAt'),
  codePointAt: text('codePointAt'),
  concat: {
    isVariadic: true,
    text(of: string, others: readonly unknown[]) {
      const all = of + others.map(asText).join('');
      make(all.length);
      return all;
    },
    list(of: readonly unknown[], others: readonly unknown[]) {
      const all = of.concat(...others);
      make(all.length);
      return all;
    },
  },
  endsWith: { text: search('endsWith') },
  every: each('every'),
  exec: { pattern: (of: Pattern, what) => (what === null || what === undefined ? null : of.match(asText(what), false)) },
  filter: each('filter'),
  find: each('find'),
  findIndex: each('findIndex'),
  findLast: each('findLast'),
  flat: {
    list(of: readonly unknown[], depth) {
      const all = of.flat(depth === undefined ? 1 : Number(depth));
      make(all.length);
      return all;
    },
  },
  flatMap: each('flatMap'),
  includes: {
    text: search('includes'),
    list(of: readonly unknown[], what, from) {
      work(of.length);
      return indexIn(of, what, from) >= 0 || (Number.isNaN(what) && indexIn(of.map(Number.isNaN), true, from) >= 0);
    },
  },
  indexOf: {
    text: search('indexOf'),
    list(of: readonly unknown[], what, from) {
      work(of.length);
      return indexIn(of, what, from);
    },
  },
  join: {
    list(of: readonly unknown[], separator) {
      const parts = of.map((one) => (one === null || one === undefined ? '' : asText(one)));
      const between = separator === undefined ? ',' : asText(separator);
      make(parts.reduce((sum, part) => sum + part.length + between.length, 0));
      return parts.join(between);
    },
  },
  lastIndexOf: {
    text: search('lastIndexOf'),
    list(of: readonly unknown[], what, from) {
      work(of.length);
      return lastIndexIn(of, what, from);
    },
  },
  localeCompare: { text: (of: string, other, locale) => of.localeCompare(asText(other), locale as string | undefined) },
  map: each('map'),
  match: {
    text(of: string, what) {
      if (!isPattern(what)) throw new ExpressionFailure('match needs a regular expression');
      return what.match(of, what.isGlobal);
    },
  },
  normalize: text('normalize'),
  padEnd: { text: (of: string, length, fill) => padded(of, length, fill, true) },
  padStart: { text: (of: string, length, fill) => padded(of, length, fill, false) },
  reduce: { isVariadic: true, list: (of: readonly unknown[], args: readonly unknown[]) => reduced(of, args, false) },
  reduceRight: { isVariadic: true, list: (of: readonly unknown[], args: readonly unknown[]) => reduced(of, args, true) },
  repeat: {
    text(of: string, count) {
      const times = Number(count);
      if (!(times >= 0 && times < Number.POSITIVE_INFINITY)) throw new ExpressionFailure('repeat needs a count');
      make(of.length * times);
      return of.repeat(times);
    },
  },
  replace: { text: (of: string, what, by) => replaced(of, what, by, false) },
  replaceAll: { text: (of: string, what, by) => replaced(of, what, by, true) },
  reverse: { list: (of: readonly unknown[]) => copied(of).reverse() },
  search: {
    text(of: string, what) {
      if (!isPattern(what)) throw new ExpressionFailure('search needs a regular expression');
      return what.search(of);
    },
  },
  slice: {
    text: text('slice').text!,
    list(of: readonly unknown[], start, end) {
      work(of.length >> 3);
      return of.slice(plain(start) as number | undefined, plain(end) as number | undefined);
    },
  },
  some: each('some'),
  sort: { list: sorted },
  split: {
    text(of: string, what, most) {
      work(of.length);
      const parts = isPattern(what) ? what.split(of) : what === undefined ? [of] : of.split(asText(what));
      make(parts.length);
      return most === undefined ? parts : parts.slice(0, Number(most) >>> 0);
    },
  },
  startsWith: { text: search('startsWith') },
  substring: text('substring'),
  test: { pattern: (of: Pattern, what) => what !== null && what !== undefined && of.test(asText(what)) },
  toFixed: { number: fixed },
  toLowerCase: text('toLowerCase'),
  toPrecision: {
    number: (of: number | bigint, digits) => (digits === undefined ? String(of) : Number(of).toPrecision(Number(digits))),
  },
  toReversed: { list: (of: readonly unknown[]) => copied(of).reverse() },
  toSorted: { list: sorted },
  toString: {
    text: (of: string) => of,
    list: (of: readonly unknown[]) => jsonText(of),
    number: textOf,
  },
  toUpperCase: text('toUpperCase'),
  trim: text('trim'),
  trimEnd: text('trimEnd'),
  trimStart: text('trimStart'),
};
