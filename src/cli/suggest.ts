/** The word that a misspelt one was probably meant to be. */

/** Optimal string alignment: insertions, deletions, replacements and swapped neighbours count one each. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      row[j] = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j]!, before[j - 2]! + 1);
    }
    before = last;
    last = row;
  }
  return last[b.length]!;
}

/** The nearest of `words`, or undefined when none is near: at most two fifths of the letters may differ, or the beginning must match. */
export function closest(typed: string, words: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(typed.length * 0.4)) + 1;
  for (const word of words) {
    const steps = distance(typed, word);
    if (steps < bestDistance) [best, bestDistance] = [word, steps];
  }
  return best ?? (typed.length > 1 ? words.find((word) => word.startsWith(typed)) : undefined);
}
