/** Epoch milliseconds → the reader's local time. */

const pad = (value: number, width = 2): string => String(value).padStart(width, '0');

export interface LocalTime {
  /** `2026-01-31` */
  readonly date: string;
  /** `09:30:00` */
  readonly clock: string;
  /** `123` */
  readonly millis: string;
  /** `+01:00` */
  readonly zone: string;
}

/** The parts of a time in the local time zone; undefined before the year 0 and beyond the years JavaScript knows. */
export function localParts(epochMs: number): LocalTime | undefined {
  const time = new Date(epochMs);
  if (!(time.getFullYear() >= 0)) return undefined;
  const ahead = -time.getTimezoneOffset();
  const minutes = Math.abs(ahead);
  return {
    date: [pad(time.getFullYear(), 4), pad(time.getMonth() + 1), pad(time.getDate())].join('-'),
    clock: [time.getHours(), time.getMinutes(), time.getSeconds()].map((part) => pad(part)).join(':'),
    millis: pad(time.getMilliseconds(), 3),
    zone: `${ahead < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60))}:${pad(Math.floor(minutes % 60))}`,
  };
}

/** `2026-01-31 09:30:00.123+01:00` */
export function localTime(epochMs: number): string | undefined {
  const parts = localParts(epochMs);
  return parts && `${parts.date} ${parts.clock}.${parts.millis}${parts.zone}`;
}
