/** A trace that is followed until what was expected has come, or its time is over. */
import { byTime, type TraceEvent } from './event.ts';
import { type Expectation, type Outcome, outcomeOf } from './expectation.ts';

/**
 * Passes events on; ends with the first that completes what was expected, or when its time is over: that begins with the first step or, as
 * long as that has not come, with the call.
 * @param done gets the outcome, at the end
 * @param stop ends the events
 */
export async function* followUntil(
  events: AsyncIterable<readonly TraceEvent[]>,
  expectation: Expectation,
  done: (outcome: Outcome) => void,
  stop: AbortController,
): AsyncGenerator<readonly TraceEvent[]> {
  const { steps, withinMs } = expectation;
  const startedAt = Date.now();
  const seen: TraceEvent[] = [];
  let outcome = outcomeOf(expectation, seen);
  let timer: NodeJS.Timeout | undefined;
  const wait = (): void => {
    clearTimeout(timer);
    if (withinMs === undefined) return;
    const first = seen.toSorted(byTime).find(({ type }) => type === steps[0]);
    const from = first ? Number(first.timestamp) : startedAt;
    timer = setTimeout(() => stop.abort(over), Math.max(from + withinMs - Date.now(), 0));
  };
  wait();
  try {
    for await (const batch of events) {
      seen.push(...batch);
      outcome = outcomeOf(expectation, seen);
      yield batch;
      // A step that came too early or too late is not put right by what comes.
      if (outcome.kind === 'met' || outcome.kind === 'late') break;
      wait();
    }
  } catch (error) {
    if (stop.signal.reason !== over) throw error;
  } finally {
    clearTimeout(timer);
    done(outcome);
  }
}

const over = new Error('the time for what was expected is over');
