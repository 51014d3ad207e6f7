/** Epoch milliseconds as people read them. */

/** The last millisecond that JavaScript's dates know, and with a minus the first. */
const lastMs = 8_640_000_000_000_000;

/** ISO 8601 in UTC; the number itself where no date is known for it, such as nanoseconds that a producer wrote for milliseconds. */
export function isoTime(epochMs: number | bigint): string {
  const isKnown = epochMs >= -lastMs && epochMs <= lastMs;
  return isKnown ? new Date(Number(epochMs)).toISOString() : String(epochMs);
}
