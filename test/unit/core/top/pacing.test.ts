/** The queue of kt top's requests: two a second and broker, however late timers are. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../../../src/core/top/clock.ts';
import { Pacing } from '../../../../src/core/top/pacing.ts';
import { fakeClock } from '../../../support/fake-clock.ts';

const { signal } = new AbortController();

/** The most within a second. */
function most(times: readonly number[]): number {
  return Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 1_000).length));
}

test('requests come in pairs, in the order asked for, and one to any broker counts for all of them', async () => {
  const clock = fakeClock();
  const pacing = new Pacing(clock, signal);
  const sent: string[] = [];
  const ask = (name: string, brokers: readonly number[]) =>
    void pacing.turn(brokers).then((goesOut) => {
      goesOut();
      sent.push(`${name} ${clock.now()}`);
    });
  for (const name of ['a', 'b', 'c']) ask(name, [1]);
  ask('any', [1, 2]);
  ask('other', [2]);
  await clock.pass(5_000);
  assert.deepEqual(sent.sort(), ['a 0', 'any 1100', 'b 0', 'c 1100', 'other 0']);
  assert.equal(pacing.rates().busiest, 0.4);
});

/** A clock of which a test says when the process gets to look at it: all timers that are due by then fire one after the other. */
function stallingClock() {
  let now = 0;
  const timers = new Set<{ readonly at: number; readonly fire: () => void }>();
  const clock: Clock = {
    now: () => now,
    wall: () => now,
    pause: (ms) => new Promise((resolve) => timers.add({ at: now + ms, fire: resolve })),
  };
  const wake = async (at: number): Promise<void> => {
    now = at;
    for (;;) {
      await turn();
      const [next] = [...timers].filter((timer) => timer.at <= now).sort((a, b) => a.at - b.at);
      if (!next) return;
      timers.delete(next);
      next.fire();
    }
  };
  return { clock, wake };
}

test('when the process stands still for a while, what was due meanwhile does not come at once', async () => {
  const { clock, wake } = stallingClock();
  const pacing = new Pacing(clock, signal);
  const times: number[] = [];
  for (let request = 0; request < 12; request++)
    void pacing.turn([1]).then((goesOut) => {
      goesOut();
      times.push(clock.now());
    });
  await wake(0);
  await wake(4_000);
  for (let at = 4_010; at < 12_000; at += 50) await wake(at);
  assert.equal(times.length, 12);
  assert.equal(most(times), 2);
});

test('a request counts from when it goes out, and holds back what comes after it until then', async () => {
  const clock = fakeClock();
  const pacing = new Pacing(clock, signal);
  const times: number[] = [];
  /** As on a connection that is open only after some time. */
  const ask = (opensAt: number) =>
    void pacing.turn([1]).then(async (goesOut) => {
      await clock.pause(Math.max(0, opensAt - clock.now()), signal);
      goesOut();
      times.push(clock.now());
    });
  for (let request = 0; request < 6; request++) ask(1_900);
  // Where it goes is not known: it may be the broker whose connection is not open yet.
  void pacing.turn([1, 2]).then((goesOut) => {
    goesOut();
    times.push(clock.now());
  });
  await clock.pass(1_800);
  assert.deepEqual(times, []);
  await clock.pass(20_000);
  assert.equal(times.length, 7);
  assert.equal(most(times), 2);
});

test('what was asked before the brokers were known counts for each of them', async () => {
  const clock = fakeClock();
  const pacing = new Pacing(clock, signal);
  pacing.count([1, 2], clock.now());
  const times: number[] = [];
  for (let request = 0; request < 2; request++)
    void pacing.turn([1]).then((goesOut) => {
      goesOut();
      times.push(clock.now());
    });
  await clock.pass(3_000);
  assert.deepEqual(times, [0, 1100]);
});
