/** Floats of 32 bits as the numbers that people wrote: 0.1, not 0.10000000149011612. */

const smallestNormal = 2 ** -126;
/** A float holds every decimal of up to so many digits. */
const sureDigits = 6;
/** So many digits tell every float. */
const enoughDigits = 9;

/**
 * The double whose shortest text is the shortest text of a float: the nearest decimal of the fewest digits that still means the float.
 * @param value a float
 */
export function shortestFloat(value: number): number {
  const thousandths = Math.round(value * 1000);
  // With so few digits this decimal is it, and found much faster.
  if (Math.abs(thousandths) < 10 ** sureDigits && Math.fround(thousandths / 1000) === value && value !== 0)
    return thousandths / 1000;
  if (!Number.isFinite(value) || value === 0) return value;
  for (let digits = Math.abs(value) < smallestNormal ? 1 : sureDigits; digits < enoughDigits; digits++) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.fround(candidate) === value) return candidate;
  }
  return Number(value.toPrecision(enoughDigits));
}
