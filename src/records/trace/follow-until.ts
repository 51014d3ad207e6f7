/** A trace that is followed until what was expected has come, or its time is over. */
import { timerMs } from '../../base/pause.ts';
import { byTime, type TraceEvent } from './event.ts';
import { type Expectation, type Outcome, outcomeOf } from './expectation.ts';

/** So long a record that was written in time may be on its way. */
const onItsWayMs = 500;

/**
 * Passes events on; ends with the first that completes what was expected, or when its time is over: that begins with the first step or, as
 * long as that has not come, when what was there already has been read. Before that nothing is over, however long it takes.
 * @param events all that are there already, then those that come
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
  const seen: TraceEvent[] = [];
  let outcome = outcomeOf(expectation, seen);
  let followedFrom: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  const wait = (): void => {
    clearTimeout(timer);
    if (withinMs === undefined) return;
    followedFrom ??= Date.now();
    const first = seen.toSorted(byTime).find(({ type, timestamp }) => type === steps[0] && timestamp >= 0);
    const end = Math.max((first ? Number(first.timestamp) : followedFrom) + withinMs, followedFrom) + onItsWayMs;
    timer = setTimeout(() => (Date.now() >= end ? stop.abort(over) : wait()), timerMs(Math.max(end - Date.now(), 0)));
  };
  try {
    for await (const batch of events) {
      for (const event of batch) seen.push(event);
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
