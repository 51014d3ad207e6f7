/** The batches of a partition on their way: order, sequence numbers and what is sent again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { KtError } from '../../../../src/base/errors.ts';
import { type Batch, PartitionDelivery } from '../../../../src/kafka/produce/delivery.ts';

const error = new KtError('refused', 'no');
const retry = { result: 'retry', error } as const;
const failed = { result: 'failed', error, badRecords: new Map() } as const;
const written = { result: 'written', baseOffset: 0n } as const;

function batch(delivery: PartitionDelivery, ...lines: readonly number[]): Batch {
  return {
    delivery,
    bytes: Buffer.alloc(0),
    isPacked: true,
    lines,
    writer: undefined,
    payload: 0,
    openedAt: 0,
    sealedAt: 0,
    sequence: -1,
    attempts: 0,
    isSent: false,
    maybeWritten: false,
    outcome: undefined,
  };
}

function settledDelivery(): PartitionDelivery {
  const delivery = new PartitionDelivery('orders', 0);
  delivery.waiting.push(batch(delivery, 0));
  delivery.answered(delivery.take()!, written);
  return delivery;
}

test('until the first batch is acknowledged one is in flight, then five', () => {
  const delivery = new PartitionDelivery('orders', 0);
  for (let line = 0; line < 8; line++) delivery.waiting.push(batch(delivery, line));
  const first = delivery.take()!;
  assert.equal(delivery.take(), undefined);
  assert.deepEqual(delivery.answered(first, written), [first]);
  const taken = Array.from({ length: 7 }, () => delivery.take());
  assert.deepEqual(
    taken.map((each) => each?.sequence),
    [1, 2, 3, 4, 5, undefined, undefined],
  );
});

test('a failure holds the partition back until all in flight are answered; then the same numbers go out in order', () => {
  const delivery = settledDelivery();
  for (const line of [1, 2, 3, 4]) delivery.waiting.push(batch(delivery, line));
  const [a, b, c] = [delivery.take()!, delivery.take()!, delivery.take()!];
  assert.deepEqual(delivery.answered(a, retry), []);
  assert.equal(delivery.take(), undefined);
  assert.deepEqual(delivery.answered(c, retry), []);
  assert.deepEqual(delivery.answered(b, retry), []);
  assert.deepEqual(
    Array.from({ length: 4 }, () => delivery.take()).map((each) => [each?.lines[0], each?.sequence]),
    [
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 4],
    ],
  );
});

test('behind a refused batch the numbers close up, before it they stay', () => {
  const delivery = settledDelivery();
  for (const line of [1, 2, 3]) delivery.waiting.push(batch(delivery, line));
  const [a, b, c] = [delivery.take()!, delivery.take()!, delivery.take()!];
  delivery.answered(a, retry);
  delivery.answered(b, failed);
  assert.deepEqual(delivery.answered(c, retry), [b]);
  assert.deepEqual(
    [delivery.take(), delivery.take()].map((each) => [each?.lines[0], each?.sequence]),
    [
      [1, 1],
      [3, 2],
    ],
  );
});

test('the parts of a refused batch go out where it stood', () => {
  const delivery = settledDelivery();
  for (const lines of [[1], [2, 3], [4]]) delivery.waiting.push(batch(delivery, ...lines));
  const [a, b, c] = [delivery.take()!, delivery.take()!, delivery.take()!];
  delivery.answered(a, retry);
  delivery.answered(c, retry);
  assert.deepEqual(delivery.answered(b, failed), [b]);
  delivery.requeue([batch(delivery, 2), batch(delivery, 3)], b);
  assert.deepEqual(
    Array.from({ length: 4 }, () => delivery.take()).map((each) => [each?.lines[0], each?.sequence]),
    [
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 4],
    ],
  );
});

test('when several batches in flight are refused, the parts of each go out where it stood', () => {
  const delivery = settledDelivery();
  for (const lines of [[1, 2], [3, 4], [5], [6]]) delivery.waiting.push(batch(delivery, ...lines));
  const [a, b, c] = [delivery.take()!, delivery.take()!, delivery.take()!];
  delivery.answered(c, retry);
  delivery.answered(a, failed);
  for (const each of delivery.answered(b, failed)) {
    const [first, second] = each.lines;
    delivery.requeue([batch(delivery, first!), batch(delivery, second!)], each);
  }
  assert.deepEqual(
    Array.from({ length: 6 }, () => delivery.take()).map((each) => [each?.lines[0], each?.sequence]),
    [1, 2, 3, 4, 5, undefined].map((line) => [line, line]),
  );
});

test('under a new producer id everything is numbered anew, one in flight at first', () => {
  const delivery = settledDelivery();
  for (const line of [1, 2]) delivery.waiting.push(batch(delivery, line));
  delivery.answered(delivery.take()!, retry);
  delivery.restart();
  assert.equal(delivery.take()?.sequence, 0);
  assert.equal(delivery.take(), undefined);
});

/** A broker's side of KIP-98: takes the next number, drops what it has, refuses a gap. */
test('whatever gets lost, a broker that checks sequence numbers has each record once, in order', () => {
  type Step = { readonly fate: 'fine' | 'answer lost' | 'request lost' | 'refused'; readonly order: number };
  const step = fc.record<Step>({
    fate: fc.constantFrom('fine', 'fine', 'fine', 'answer lost', 'request lost', 'refused'),
    order: fc.nat(),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 10, maxLength: 80 }), (steps) => {
      const delivery = new PartitionDelivery('orders', 0);
      const total = 30;
      for (let line = 0; line < total; line += 2) delivery.waiting.push(batch(delivery, line, line + 1));
      const log: number[] = [];
      let next = 0;
      const dropped = new Set<number>();
      for (let round = 0; log.length + dropped.size < total; round++) {
        assert.ok(round < 1000, 'it comes to an end');
        const sent: Batch[] = [];
        for (let taken = delivery.take(); taken; taken = delivery.take()) sent.push(taken);
        // Requests of one connection arrive in order; answers are handled in any.
        const outcomes = sent.map(
          (each): { each: Batch; outcome: typeof written | typeof retry | typeof failed; order: number } => {
            const { fate, order } = steps[round * 5 + sent.indexOf(each)] ?? { fate: 'fine' as const, order: 0 };
            if (fate === 'request lost') return { each, outcome: retry, order };
            if (fate === 'refused' && each.sequence >= next) return { each, outcome: failed, order };
            if (each.sequence > next) return { each, outcome: retry, order };
            if (each.sequence === next) {
              log.push(...each.lines);
              next += each.lines.length;
            }
            return { each, outcome: fate === 'answer lost' ? retry : written, order };
          },
        );
        for (const { each, outcome } of outcomes.sort((a, b) => a.order - b.order)) {
          for (const decided of delivery.answered(each, outcome)) {
            if (decided.outcome?.result === 'failed') for (const line of decided.lines) dropped.add(line);
          }
        }
      }
      assert.deepEqual(
        log,
        Array.from({ length: total }, (_, line) => line).filter((line) => !dropped.has(line)),
      );
    }),
    { numRuns: 500 },
  );
});
