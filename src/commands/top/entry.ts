/** A line of text that is typed: filters, searches. */
import type { Key } from '../../cli/full-screen.ts';

export type Entry = string;

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const longest = 1_000;

/** The text after a key; undefined where the key types nothing. */
export function entryKey(entry: Entry, key: Key): Entry | undefined {
  if (key.name === 'backspace')
    return [...graphemes.segment(entry)]
      .slice(0, -1)
      .map(({ segment }) => segment)
      .join('');
  if (key.name === 'ctrl-u') return '';
  if (key.name === 'ctrl-w') return entry.replace(/\S*\s*$/, '');
  if (key.text === undefined) return undefined;
  // A pasted line end would be another line.
  return (entry + key.text.replace(/[\r\n]+$/, '').replace(/[\r\n\t]+/g, ' ')).slice(0, longest);
}
