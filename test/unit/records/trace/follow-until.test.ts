/** A trace that is followed: it ends with the step that was waited for, or when the time for it is over, and never before it has looked. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TraceEvent } from '../../../../src/records/trace/event.ts';
import type { Outcome } from '../../../../src/records/trace/expectation.ts';
import { followUntil } from '../../../../src/records/trace/follow-until.ts';

function event(type: string, timestamp: number): TraceEvent {
  const place = { topic: 'orders', partition: 0, offset: timestamp };
  return { ...place, timestamp, type, key: null, keyEncoding: undefined, value: null, valueEncoding: undefined };
}

/** What is there already, after a while, then nothing more until the trace is stopped. */
async function* topic(readingMs: number, there: readonly TraceEvent[], signal: AbortSignal) {
  await sleep(readingMs, undefined, { signal });
  yield there;
  await sleep(60_000, undefined, { signal });
}

async function outcomeOf(
  readingMs: number,
  there: readonly TraceEvent[],
  withinMs: number,
  stop = new AbortController(),
): Promise<Outcome | undefined> {
  let outcome: Outcome | undefined;
  const done = (result: Outcome): void => {
    outcome = result;
  };
  const events = topic(readingMs, there, stop.signal);
  for await (const _ of followUntil(events, { steps: ['A', 'B'], withinMs }, done, stop));
  return outcome;
}

test('what is there already counts, though reading it takes longer than the time for the steps', async () => {
  const hourAgo = Date.now() - 3_600_000;
  const outcome = await outcomeOf(80, [event('A', hourAgo), event('B', hourAgo + 3)], 5);
  assert.deepEqual(outcome, { kind: 'met', lastedMs: 3 });
});

test('a step that does not come is missing when its time is over, and not before', async () => {
  const began = Date.now();
  assert.equal((await outcomeOf(0, [event('A', began)], 300))?.kind, 'missing');
  assert.ok(Date.now() - began >= 300, 'it waited');
});

test('any number of events may be there already', async () => {
  const many = Array.from({ length: 200_000 }, (_, index) => event('X', index));
  assert.deepEqual(await outcomeOf(0, [event('A', 1), ...many, event('B', 2)], 5), { kind: 'met', lastedMs: 1 });
});

test('a time of months is no time that has passed', async () => {
  const months = 90 * 24 * 3_600_000;
  const stop = new AbortController();
  const outcome = outcomeOf(0, [event('A', Date.now())], months, stop).then(
    () => 'over',
    () => 'stopped',
  );
  assert.equal(await Promise.race([outcome, sleep(100, 'waiting')]), 'waiting');
  stop.abort(new Error('by the test'));
  assert.equal(await outcome, 'stopped');
});
