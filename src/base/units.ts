/** Durations and sizes as people write them, read to and shown from plain numbers (milliseconds, bytes). */

const millisecondsPer: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** What `formatDuration` writes: days rather than weeks, as Kafka's users speak of retention. */
const shownDurations = ['d', 'h', 'm', 's', 'ms'] as const;

/**
 * Reads `500ms`, `30s`, `5m`, `2h`, `7d`, `4w`, `1.5h`, `1h30m` to whole milliseconds; `forever` and `-1` are -1, as in Kafka's configs.
 * @returns undefined when the text is not a duration, such as a number without a unit
 */
export function parseDuration(text: string): number | undefined {
  const words = text.trim();
  if (words === 'forever' || words === '-1') return -1;
  if (!/^(\d+(\.\d+)?(ms|[smhdw]))+$/.test(words)) return undefined;
  let total = 0;
  for (const [, count, unit] of words.matchAll(/([\d.]+)(ms|[smhdw])/g)) total += Number(count) * millisecondsPer[unit!]!;
  const rounded = Math.round(total);
  return Number.isSafeInteger(rounded) ? rounded : undefined;
}

const decimalPrefixes = 'kmgtp';

/**
 * Reads `1024`, `10kB`, `1KiB`, `1.5GiB` to whole bytes, in any case; `unlimited` and `-1` are -1, as in Kafka's configs.
 * @returns undefined when the text is not a size, or larger than 2^53
 */
export function parseSize(text: string): number | undefined {
  const words = text.trim().toLowerCase();
  if (words === 'unlimited' || words === '-1') return -1;
  const match = /^(\d+(?:\.\d+)?)(?:([kmgtp])(i?))?(b?)$/.exec(words);
  if (!match) return undefined;
  const [, count, prefix, binary, byte] = match;
  // 10k could mean either thousand: the B or the i makes it clear.
  if (prefix && !binary && !byte) return undefined;
  const power = prefix ? decimalPrefixes.indexOf(prefix) + 1 : 0;
  const bytes = Math.round(Number(count) * (binary ? 1024 : 1000) ** power);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/**
 * Milliseconds in their two largest units, the rest cut off: `7d`, `1h30m`, `1s250ms`; negative is `forever`.
 */
export function formatDuration(ms: number): string {
  if (ms < 0) return 'forever';
  const first = shownDurations.findIndex((unit) => ms >= millisecondsPer[unit]!);
  if (first === -1) return '0ms';
  let rest = Math.floor(ms);
  let text = '';
  for (const unit of shownDurations.slice(first, first + 2)) {
    const count = Math.floor(rest / millisecondsPer[unit]!);
    rest -= count * millisecondsPer[unit]!;
    if (count > 0) text += `${count}${unit}`;
  }
  return text;
}

/** As `formatDuration` where that cuts nothing off, otherwise all in milliseconds: what `parseDuration` reads as the same. */
export function exactDuration(ms: number): string {
  const text = formatDuration(ms);
  return parseDuration(text) === ms ? text : `${ms}ms`;
}

const shownSizes = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** Bytes in the largest binary unit, with one decimal where it is not whole: `512B`, `1GiB`, `1.5MiB`; negative is `unlimited`. */
export function formatSize(bytes: number): string {
  if (bytes < 0) return 'unlimited';
  let power = 0;
  let count = bytes;
  // Compared as it will be shown, so that 1048575 is 1MiB, not 1024KiB.
  while (power < shownSizes.length - 1 && Math.round(count * 10) / 10 >= 1024) {
    count /= 1024;
    power += 1;
  }
  return `${Math.round(count * 10) / 10}${shownSizes[power]}`;
}

/** Bytes per second of `10MiB/s` or `10MiB`; undefined when the text is no such rate, or not above 0. */
export function parseByteRate(text: string): number | undefined {
  const bytes = parseSize(text.replace(/\/s$/, ''));
  return bytes !== undefined && bytes > 0 ? bytes : undefined;
}

/** A number of things: `1 partition`, `2,004 partitions`; null is a number nobody told. `several` is for nouns whose plural is not just an s more. */
export function counted(count: number | bigint | null, one: string, several = `${one}s`): string {
  if (count === null) return `unknown number of ${several}`;
  return `${count.toLocaleString('en-US')} ${BigInt(count) === 1n ? one : several}`;
}
