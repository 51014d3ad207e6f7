/** One event of a trace on a line for people. */
import { localParts } from '../../base/local-time.ts';
import { formatDuration } from '../../base/units.ts';
import { asText } from '../../records/expression/values.ts';
import type { TraceEvent } from '../../records/trace/event.ts';

export interface TraceRow {
  readonly event: TraceEvent;
  readonly sinceStartMs: number | null;
}

const valueCharacters = 80;

/** Time, time since the start, place, type and the beginning of the value. */
export function eventText({ event, sinceStartMs }: TraceRow): string {
  const { topic, partition, offset, type, value, valueEncoding } = event;
  const since = sinceStartMs === null ? '' : `+${formatDuration(sinceStartMs)}`;
  const text = valueEncoding ? `${valueEncoding}: ${String(value)}` : value === null ? 'null' : asText(value);
  const oneLine = text.replace(/\s+/g, ' ');
  const short = oneLine.length > valueCharacters ? `${oneLine.slice(0, valueCharacters - 1)}…` : oneLine;
  return [timeText(event.timestamp), since.padStart(9), `${topic}:${partition}@${offset}`, type ?? '-', short].join('  ');
}

/** `2026-11-27 09:21:13.148+01:00`, in the zone of this machine. */
function timeText(timestamp: number | bigint): string {
  const parts = timestamp < 0 ? undefined : localParts(Number(timestamp));
  return parts ? `${parts.date} ${parts.clock}.${parts.millis}${parts.zone}` : 'no timestamp'.padEnd(29);
}
