/** Times and spans in Flink SQL, to be run with the session's time zone UTC. */
import { usageError } from '../../../base/errors.ts';

const [secondMs, minuteMs, hourMs, dayMs] = [1_000, 60_000, 3_600_000, 86_400_000];
/** Flink takes three digits. */
const mostDays = 999;

/** A timestamp in epoch ms. @param hasMs false where it is known to be of whole seconds */
export function epochMs(timestamp: string, hasMs = true): string {
  const seconds = `UNIX_TIMESTAMP(DATE_FORMAT(${timestamp}, 'yyyy-MM-dd HH:mm:ss')) * 1000`;
  return hasMs ? `(${seconds} + EXTRACT(MILLISECOND FROM ${timestamp}))` : `(${seconds})`;
}

/** @param what the option, for errors. @throws KtError `usage` for more than 999 days */
export function interval(ms: number, what: string): string {
  for (const [unit, unitMs] of [
    ['DAY', dayMs],
    ['HOUR', hourMs],
    ['MINUTE', minuteMs],
    ['SECOND', secondMs],
  ] as const) {
    if (ms % unitMs === 0 && ms / unitMs < 100) return `INTERVAL '${ms / unitMs}' ${unit}`;
  }
  const days = Math.floor(ms / dayMs);
  if (days > mostDays) throw usageError(`${what} (Flink SQL cannot say more than ${mostDays} days)`, 'give a shorter one');
  const pad = (value: number, width = 2) => String(Math.floor(value)).padStart(width, '0');
  const clock = `${pad((ms % dayMs) / hourMs)}:${pad((ms % hourMs) / minuteMs)}:${pad((ms % minuteMs) / secondMs)}`;
  return `INTERVAL '${days} ${clock}.${pad(ms % secondMs, 3)}' DAY(3) TO SECOND(3)`;
}

/** Before all times that Flink knows but this one: it stands for none, since a row without a time ends the job. */
export const noTime = 'TO_TIMESTAMP_LTZ(-62135596800000, 3)';
