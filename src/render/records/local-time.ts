/** Epoch milliseconds → the reader's local time. */

const pad = (value: number, width = 2): string => String(value).padStart(width, '0');

/** `2026-01-31 09:30:00.123` in the local time zone; undefined before the year 0 and beyond the years JavaScript knows. */
export function localTime(epochMs: number): string | undefined {
  const time = new Date(epochMs);
  if (!(time.getFullYear() >= 0)) return undefined;
  const date = [pad(time.getFullYear(), 4), pad(time.getMonth() + 1), pad(time.getDate())].join('-');
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map((part) => pad(part)).join(':');
  return `${date} ${clock}.${pad(time.getMilliseconds(), 3)}`;
}
