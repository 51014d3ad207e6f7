/** Results as lines of text. */
import { exactJsonText } from '../../base/json/exact-json.ts';
import type { AggregateResult } from '../../records/aggregate/results.ts';
import { jsonText } from '../../records/expression/values.ts';
import { restartWork } from '../../records/expression/work.ts';

/** Window, key and measures in columns that line up from row to row, as far as the values allow; or what `--value` gives. */
export function resultText({ row, value }: AggregateResult): string {
  restartWork();
  if (value !== row) return typeof value === 'string' ? value : (jsonText(value) ?? '');
  const { windowStart, windowEnd, key, ...measures } = row;
  const window = windowStart === null || windowEnd === null ? [] : [windowText(windowStart, windowEnd)];
  const shownKey = key === null ? [] : [typeof key === 'string' ? key : exactJsonText(key)];
  const shown = Object.entries(measures).map(([name, result]) => `${name}=${result === null ? '-' : result}`);
  return [...window, ...shownKey, ...shown].join('  ');
}

/** `2026-11-27 09:21:00 - 09:22:00 +01:00`. */
function windowText(start: number, end: number): string {
  const [from, to] = [localTime(start), localTime(end)];
  if (from.zone !== to.zone) return `${from.date} ${from.clock} ${from.zone} - ${to.date} ${to.clock} ${to.zone}`;
  return `${from.date} ${from.clock} - ${from.date === to.date ? '' : `${to.date} `}${to.clock} ${to.zone}`;
}

const pad = (value: number, width = 2): string => String(value).padStart(width, '0');

/** The parts of a time in the machine's zone. */
function localTime(ms: number): { readonly date: string; readonly clock: string; readonly zone: string } {
  const time = new Date(ms);
  const offset = -time.getTimezoneOffset();
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
  const millis = time.getMilliseconds();
  return {
    date: `${pad(time.getFullYear(), 4)}-${pad(time.getMonth() + 1)}-${pad(time.getDate())}`,
    clock: `${pad(time.getHours())}:${pad(time.getMinutes())}:${pad(time.getSeconds())}${millis === 0 ? '' : `.${pad(millis, 3)}`}`,
    zone: `${offset < 0 ? '-' : '+'}${pad(hours)}:${pad(minutes)}`,
  };
}
