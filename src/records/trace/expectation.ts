/** `--expect`: whether the events of a trace are the steps that were expected, in their order and in time. */
import { formatDuration } from '../../base/units.ts';
import { byTime, placeText, type TraceEvent } from './event.ts';

export interface Expectation {
  /** Types of events, in the order in which they have to come; others may come between them. */
  readonly steps: readonly string[];
  /** How long after the first step the last may come, in ms; undefined: at any time. */
  readonly withinMs: number | undefined;
}

export type Outcome =
  | { readonly kind: 'met'; readonly lastedMs: number }
  /** What is wrong, for people. */
  | { readonly kind: 'missing' | 'misplaced' | 'late'; readonly why: string };

/**
 * Compares events with what was expected. Events of different partitions with the same timestamp have no order among them.
 * @param events in any order
 */
export function outcomeOf({ steps, withinMs }: Expectation, events: readonly TraceEvent[]): Outcome {
  const ordered = events.toSorted(byTime);
  const taken: TraceEvent[] = [];
  for (const step of steps) {
    const last = taken.at(-1);
    const found = ordered.find((event) => event.type === step && !taken.includes(event) && mayFollow(event, last));
    if (!found) return notFound(step, ordered, taken);
    taken.push(found);
    const lasted = millisBetween(taken[0]!, found);
    if (withinMs === undefined || lasted <= withinMs) continue;
    // Durations are rounded for people: what is over must look like it.
    const shown = formatDuration(lasted) === formatDuration(withinMs) ? `${lasted}ms` : formatDuration(lasted);
    const why = `${step} is late: it came ${shown} after ${steps[0]} (${placeText(found)}), and --within is ${formatDuration(withinMs)}`;
    return { kind: 'late', why };
  }
  return { kind: 'met', lastedMs: millisBetween(taken[0]!, taken.at(-1)!) };
}

function notFound(step: string, events: readonly TraceEvent[], taken: readonly TraceEvent[]): Outcome {
  const last = taken.at(-1);
  const elsewhere = events.find((event) => event.type === step && !taken.includes(event));
  if (elsewhere && last) {
    return {
      kind: 'misplaced',
      why: `${step} is out of order: it came before ${last.type} (${placeText(elsewhere)}, and that at ${placeText(last)})`,
    };
  }
  const next = events.find((event) => !taken.includes(event) && mayFollow(event, last));
  const came = next ? `${next.type ?? 'a record without a type'} (${placeText(next)}) came instead` : 'nothing came';
  const place = last ? ` after ${last.type} (${placeText(last)})` : '';
  return { kind: 'missing', why: `${step} is missing: ${came}${place}` };
}

function mayFollow(event: TraceEvent, last: TraceEvent | undefined): boolean {
  if (last === undefined) return true;
  const isSamePartition = event.topic === last.topic && event.partition === last.partition;
  if (isSamePartition) return event.offset > last.offset;
  return event.timestamp >= last.timestamp;
}

function millisBetween(a: TraceEvent, b: TraceEvent): number {
  return Number(b.timestamp) - Number(a.timestamp);
}
