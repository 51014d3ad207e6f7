import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TraceEvent } from '../../../../src/records/trace/event.ts';
import { outcomeOf } from '../../../../src/records/trace/expectation.ts';

/** `A@5` is an event of type A at 5 ms; each type has a topic of its own, unless `topic/` stands before it. */
function event(text: string, offset: number): TraceEvent {
  const [, topic, type, time] = /^(?:(\w+)\/)?(\w+)@(-?\d+)$/.exec(text)!;
  return {
    topic: topic ?? `of-${type}`,
    partition: 0,
    offset,
    timestamp: Number(time),
    type: type!,
    key: null,
    keyEncoding: undefined,
    value: null,
    valueEncoding: undefined,
  };
}

const outcome = (steps: string, events: string, withinMs?: number) =>
  outcomeOf({ steps: steps.split(' '), withinMs }, events === '' ? [] : events.split(' ').map(event));

describe('what is expected of a trace', () => {
  it('is met by steps in their order, with others between them', () => {
    for (const events of [
      'A@1 B@2 C@3',
      'C@3 B@2 A@1',
      'A@1 X@1 B@2 X@2 C@3',
      'C@0 A@1 B@2 C@3',
      'A@1 B@1 C@1',
      'C@1 B@1 A@1',
    ]) {
      assert.equal(outcome('A B C', events).kind, 'met', events);
    }
    assert.deepEqual(outcome('A B A', 'A@1 B@2 A@5'), { kind: 'met', lastedMs: 4 });
  });

  it('names the step that is missing, and what came instead', () => {
    assert.deepEqual(outcome('A B', ''), { kind: 'missing', why: 'A is missing: nothing came' });
    assert.deepEqual(outcome('A B', 'A@1'), {
      kind: 'missing',
      why: 'B is missing: nothing came after A (of-A:0 at offset 0)',
    });
    assert.deepEqual(outcome('A B C', 'A@1 X@2 C@3'), {
      kind: 'missing',
      why: 'B is missing: X (of-X:0 at offset 1) came instead after A (of-A:0 at offset 0)',
    });
    assert.equal(outcome('A A', 'A@1').kind, 'missing');
  });

  it('names the step that is out of order: within a partition offsets decide, not times', () => {
    assert.deepEqual(outcome('A B', 'B@1 A@2'), {
      kind: 'misplaced',
      why: 'B is out of order: it came before A (of-B:0 at offset 0, and that at of-A:0 at offset 1)',
    });
    assert.equal(outcome('A B', 't/B@5 t/A@5').kind, 'misplaced');
    assert.equal(outcome('A B', 't/A@7 t/B@5').kind, 'met');
  });

  it('names the step that is late', () => {
    assert.equal(outcome('A B', 'A@0 B@1000', 1000).kind, 'met');
    assert.deepEqual(outcome('A B C', 'A@0 B@500 C@1001', 1000), {
      kind: 'late',
      why: 'C is late: it came 1s1ms after A (of-C:0 at offset 2), and --within is 1s',
    });
  });
});
