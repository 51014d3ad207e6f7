/** JSON text → the same text indented and coloured, never parsed: numbers keep every digit. */
import type { Page, Paint } from './page.ts';
import type { Palette } from './palette.ts';

const space = /[ \t\r\n]*/y;
const scalar = /[^ \t\r\n{}[\]:,"]+/y;

function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  pattern.test(text);
  return Math.max(pattern.lastIndex, at);
}

/** Where the string that begins at `start` ends; the text's end if the string was cut off. */
function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

/**
 * Puts valid JSON text, or the beginning of one, on a page.
 * Returns how many UTF-16 units of it fitted.
 */
export function putJson(page: Page, text: string, palette: Palette, indent: number): number {
  let depth = 0;
  const rowAt = (): boolean => page.row(indent + depth * 2);
  for (let at = skip(space, text, 0); at < text.length; ) {
    const character = text[at]!;
    let end = at + 1;
    let paint: Paint = palette.faint;
    let next = -1;
    if (character === '"') {
      end = stringEnd(text, at);
      next = skip(space, text, end);
      paint = text[next] === ':' ? palette.jsonName : palette.jsonString;
    } else if (character === '}' || character === ']') {
      depth--;
      if (!rowAt()) return at;
    } else if (character === '{' || character === '[') {
      const inside = skip(space, text, end);
      if (text[inside] === '}' || text[inside] === ']') {
        // An empty object or list stays on its row.
        end = inside + 1;
        if (page.put(`${character}${text[inside]}`, paint) < 2) return at;
        at = skip(space, text, end);
        continue;
      }
    } else if (character !== ':' && character !== ',') {
      end = skip(scalar, text, at);
      paint = /[-\d]/.test(character) ? palette.jsonNumber : palette.jsonWord;
    }
    const taken = page.put(text.slice(at, end), paint);
    if (taken < end - at) return at + taken;
    if (character === ':') page.put(' ');
    if (character === '{' || character === '[') depth++;
    if ((character === '{' || character === '[' || character === ',') && !rowAt()) return end;
    at = next < 0 ? skip(space, text, end) : next;
  }
  return text.length;
}
