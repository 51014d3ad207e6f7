/** Numbers that are meant as epoch milliseconds, but are seconds, microseconds or nanoseconds, in which other systems count time. */

const earliestPlausible = Date.UTC(1980, 0);
const latestPlausible = Date.UTC(2100, 0);
const units: readonly (readonly [unit: string, milliseconds: number])[] = [
  ['seconds', 1000],
  ['microseconds', 1e-3],
  ['nanoseconds', 1e-6],
];

/** A unit, and the moment in milliseconds that the number stands for in it. */
export interface OtherUnit {
  readonly unit: string;
  readonly ms: number;
}

/**
 * The unit that a timestamp seems to be in, where it is a year from 1980 to 2100 only in another unit than milliseconds; else undefined.
 * 0 and -1 are no mistakes of unit.
 */
export function likelyUnit(timestamp: number | bigint): OtherUnit | undefined {
  if (isPlausible(Number(timestamp))) return undefined;
  const found = units.find(([, factor]) => isPlausible(Number(timestamp) * factor));
  return found && { unit: found[0], ms: Math.floor(Number(timestamp) * found[1]) };
}

function isPlausible(ms: number): boolean {
  return ms >= earliestPlausible && ms < latestPlausible;
}
