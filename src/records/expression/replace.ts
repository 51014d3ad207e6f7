/** `replace` and `replaceAll` of texts. */
import type { Arrow } from './method.ts';
import { isPattern } from './pattern.ts';
import { asText } from './values.ts';
import { make, work } from './work.ts';

/** What a replacement can name of a text that was found. */
const special = /\$([$&`'])/g;

/** @param what a text or a pattern @param by a text, or an arrow function that gives one */
export function replaced(of: string, what: unknown, by: unknown, all: boolean): string {
  work(of.length);
  if (isPattern(what)) return what.replace(of, by as string | Arrow, all);
  const wanted = asText(what);
  const text = typeof by === 'function' ? undefined : asText(by);
  if (all && text !== undefined && !text.includes('$')) return joinedAll(of, wanted, text);
  const each = (hit: string, at: number): string => {
    const its = text === undefined ? asText((by as Arrow)(hit, at, of)) : expanded(text, hit, at, of);
    make(its.length);
    return its;
  };
  const result = all ? of.replaceAll(wanted, each) : of.replace(wanted, each);
  make(result.length);
  return result;
}

/** A replacement with the text that was found (`$&`), or what stands before or behind it, in its place. */
function expanded(text: string, hit: string, at: number, of: string): string {
  return text.replace(special, (_, mark) => {
    if (mark === '$') return '$';
    return mark === '&' ? hit : mark === '`' ? of.slice(0, at) : of.slice(at + hit.length);
  });
}

/** The length is known before the text is made. */
function joinedAll(of: string, wanted: string, text: string): string {
  const parts = of.split(wanted);
  make(of.length + parts.length * text.length);
  return parts.join(text);
}
