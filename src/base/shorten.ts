/** Long names where space is short: cut in the middle, and so that names that differ still do. */

const ellipsis = '…';
/** Names that are prose, or wider than their characters, are cut at their end by whoever draws them. */
const plainName = /^[\x21-\x7e]+$/;

/**
 * Names in at most `width` characters each, those that are longer with `…` for what is left out; equal ones stay equal.
 * @returns text that is no name as it is
 */
export function shortened(texts: readonly string[], width: number): readonly string[] {
  const long = [...new Set(texts)].filter((text) => text.length > width && plainName.test(text));
  if (long.length === 0 || width < 3) return texts;
  const others = texts.filter((text) => text.length <= width);
  const short = inTheMiddle(long, width);
  const taken = new Set([...others, ...short]).size === new Set(others).size + long.length;
  const shown = taken ? short : byDifferences(long, width);
  const by = new Map(long.map((text, index) => [text, shown[index]!]));
  return texts.map((text) => by.get(text) ?? text);
}

function inTheMiddle(texts: readonly string[], width: number): readonly string[] {
  const head = Math.ceil((width - 1) / 2);
  return texts.map((text) => text.slice(0, head) + ellipsis + text.slice(text.length - (width - 1 - head)));
}

/** Each with the characters at the same places: those where names differ first, then as many more as there is room for. */
function byDifferences(texts: readonly string[], width: number): readonly string[] {
  const longest = Math.max(...texts.map(({ length }) => length));
  const shown = new Set<number>();
  const fits = (): boolean => lengthOf(shown, longest) <= width;
  const add = (at: number): void => {
    if (shown.has(at)) return;
    shown.add(at);
    if (!fits()) shown.delete(at);
  };
  const places = differences(texts);
  for (const at of places) add(at);
  // What stands beside a difference says what it is, the beginning what it belongs to.
  for (let far = 1; far < longest; far++) {
    if (far * 2 <= width) add(far - 1);
    for (const at of places) for (const beside of [at - far, at + far]) if (beside >= 0 && beside < longest) add(beside);
  }
  return texts.map((text) => picked(text, shown));
}

/** Where sorted neighbours first differ: these places tell all of them apart. */
function differences(texts: readonly string[]): readonly number[] {
  const sorted = texts.toSorted();
  const places = sorted.slice(1).map((text, index) => {
    const before = sorted[index]!;
    let at = 0;
    while (at < before.length && before[at] === text[at]) at++;
    return at;
  });
  return [...new Set(places)].sort((a, b) => a - b);
}

/** The most characters that a name takes with these places shown. */
function lengthOf(shown: ReadonlySet<number>, longest: number): number {
  let length = shown.size;
  for (const at of shown) if (at > 0 && !shown.has(at - 1)) length++;
  return length + (shown.has(longest - 1) ? 0 : 1);
}

function picked(text: string, shown: ReadonlySet<number>): string {
  let short = '';
  let isGap = false;
  for (let at = 0; at < text.length; at++) {
    if (!shown.has(at)) isGap = true;
    else {
      short += (isGap ? ellipsis : '') + text[at];
      isGap = false;
    }
  }
  return short + (isGap ? ellipsis : '');
}
