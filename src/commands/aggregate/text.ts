/** Results as lines of text. */
import { exactJsonText } from '../../base/json/exact-json.ts';
import { type LocalTime, localParts } from '../../base/local-time.ts';
import type { AggregateResult } from '../../records/aggregate/results.ts';
import { jsonText } from '../../records/expression/values.ts';
import { restartWork } from '../../records/expression/work.ts';

/** Window, key and measures in columns that line up from row to row, as far as the values allow; or what `--value` gives. */
export function resultText({ row, value, isGrouped }: AggregateResult): string {
  restartWork();
  if (value !== row) return typeof value === 'string' ? value : (jsonText(value) ?? '');
  const { windowStart, windowEnd, key, ...measures } = row;
  const window = windowStart === null || windowEnd === null ? [] : [windowText(windowStart, windowEnd)];
  const shownKey = key === null && !isGrouped ? [] : [typeof key === 'string' ? key : exactJsonText(key)];
  const shown = Object.entries(measures).map(([name, result]) => `${name}=${result === null ? '-' : result}`);
  return [...window, ...shownKey, ...shown].join('  ');
}

/** `2026-11-27 09:21:00 - 09:22:00 +01:00`; epoch milliseconds where there is no such date. */
function windowText(start: number, end: number): string {
  const [from, to] = [localParts(start), localParts(end)];
  if (!from || !to) return `${start} - ${end}`;
  if (from.zone !== to.zone) return `${from.date} ${clockOf(from)} ${from.zone} - ${to.date} ${clockOf(to)} ${to.zone}`;
  return `${from.date} ${clockOf(from)} - ${from.date === to.date ? '' : `${to.date} `}${clockOf(to)} ${to.zone}`;
}

function clockOf({ clock, millis }: LocalTime): string {
  return millis === '000' ? clock : `${clock}.${millis}`;
}
