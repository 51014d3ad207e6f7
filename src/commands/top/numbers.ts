/** Numbers of `kt top` as text that fits its columns: `–` is not known, `0` is zero. */
import { localParts } from '../../base/local-time.ts';
import { formatDuration } from '../../base/units.ts';
import { keepsUp } from '../../core/lag/catch-up.ts';

export const unknown = '–';

/** `1,204,112`. */
export function whole(value: number | bigint | null): string {
  return value === null ? unknown : value.toLocaleString('en-US');
}

const prefixes = ['', 'k', 'M', 'G', 'T', 'P'] as const;

/** Three digits and a prefix: `882`, `12.1k`, `1.20M`; below ten with one decimal where it is not whole. */
export function short(value: number | bigint | null): string {
  if (value === null) return unknown;
  let count = Number(value);
  if (count < 9.95) return count === 0 || Number.isInteger(count) ? String(count) : count < 0.05 ? '<0.1' : count.toFixed(1);
  let power = 0;
  while (count >= 999.5 && power < prefixes.length - 1) {
    count /= 1000;
    power++;
  }
  if (power === 0) return String(Math.round(count));
  return `${count.toFixed(count < 9.995 ? 2 : count < 99.95 ? 1 : 0)}${prefixes[power]}`;
}

/** A rate that leaves something out is marked. */
export function rate(value: number | null, isPart = false): string {
  return `${isPart && value !== null ? '~' : ''}${short(value)}`;
}

/** `1.1 TB`, as disks are sold. */
export function size(bytes: number | null): string {
  if (bytes === null) return unknown;
  if (bytes < 1000) return `${bytes} B`;
  const text = short(bytes);
  return `${text.slice(0, -1)} ${text.at(-1)}B`;
}

/** `43 min`, the largest unit alone. */
export function age(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
}

export const never = 'never';

interface CatchingUp {
  readonly lag: bigint | null;
  readonly inPerSecond: number | null;
  readonly outPerSecond: number | null;
  readonly catchUpSeconds: number | null;
}

/**
 * When the lag will be gone: `37s`, `>37s`, `never` where it does not fall, or `keeps up`; null without lag, and where it is unknown.
 * @param takesLonger whether the lag of some of the partitions does not fall (`someStandStill`)
 */
export function catchUp(row: CatchingUp, takesLonger: boolean): string | null {
  const { lag, inPerSecond, catchUpSeconds } = row;
  if (lag === null || lag === 0n || inPerSecond === null) return null;
  if (catchUpSeconds === null) return keepsUp(row) ? 'keeps up' : never;
  return `${takesLonger ? '>' : ''}${formatDuration(Math.max(1, catchUpSeconds) * 1000)}`;
}

const bars = '▁▂▃▄▅▆▇█';

/** A bar a value, the newest at the right, from nothing to the highest of them; a gap where it was not known. */
export function trendBars(values: readonly (number | null)[], width: number): string {
  const shown = values.slice(-width);
  const highest = shown.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
  const bar = (value: number | null): string => {
    if (value === null) return ' ';
    return value <= 0 ? bars[0]! : bars[Math.min(7, 1 + Math.floor((value / highest) * 6))]!;
  };
  return shown.map(bar).join('').padStart(width);
}

/** `12:04:31`, in the machine's zone. */
export function clockTime(epochMs: number): string {
  return localParts(epochMs)?.clock ?? unknown;
}
