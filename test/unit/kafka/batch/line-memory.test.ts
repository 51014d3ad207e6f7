/** Lines that the kernel appends: the batch is byte for byte the one that is written record by record. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LineMemory } from '../../../../src/kafka/batch/line-memory.ts';
import { BatchWriter } from '../../../../src/kafka/batch/writer.ts';
import { valuesOf } from './fixtures.ts';

const now = 1_790_000_000_000;
const batchBytes = 512 << 10;
/** A turn that does not end. */
const endless = 2 ** 30;

function recordOf(value: Buffer, timestamp: number) {
  return { key: value, keyStart: -1, keyEnd: -1, value, valueStart: 0, valueEnd: value.length, headers: undefined, timestamp };
}

function written(values: readonly Buffer[], timestamp = now): Buffer {
  const writer = new BatchWriter();
  for (const value of values) writer.append(recordOf(value, timestamp));
  return writer.finish('none');
}

/** A value as a line can hold it, of any length up to some kB: long ones are copied in another way. */
const value = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', '\r', '\u{1f600}', '\u{8a}', '\t'), maxLength: 40 }),
  fc.integer({ min: 0, max: 3000 }).map((length) => 'x'.repeat(length)),
);
const lines = fc.array(value, { minLength: 1, maxLength: 50 }).map((values) => values.map((each) => Buffer.from(each)));

const memory = new LineMemory();

test('lines become the same batch as records one by one, wherever in the input they begin and end', () => {
  fc.assert(
    fc.property(
      lines,
      fc.nat(40),
      fc.boolean(),
      fc.integer({ min: 0, max: 2 ** 30 - 1 }),
      (values, before, inMemory, later) => {
        const rest = 'the beginning of the next line';
        const text = Buffer.concat([
          Buffer.alloc(before, 'b'),
          ...values.flatMap((each) => [each, Buffer.from('\n')]),
          Buffer.from(rest),
        ]);
        const chunk = inMemory ? memory.pieces[0]!.subarray(0, text.copy(memory.pieces[0]!)) : text;
        const writer = new BatchWriter();
        // What is in the batch already moves with it.
        writer.append(recordOf(Buffer.from('first'), now));
        const run = memory.run(chunk, before, now + later, false);
        run.left = endless;
        writer.appendLines(memory, run, batchBytes);
        assert.equal(run.added, values.length);
        assert.equal(run.end - run.at, rest.length);
        assert.equal(run.left, endless - values.reduce((sum, { length }) => sum + length + 7, 0));
        const plain = new BatchWriter();
        plain.append(recordOf(Buffer.from('first'), now));
        for (const each of values) plain.append(recordOf(each, now + later));
        assert.equal(writer.payload, plain.payload);
        assert.ok(writer.finish('none').equals(plain.finish('none')));
      },
    ),
    { numRuns: 60 },
  );
});

test('a carriage return before the end of a line belongs to it, or not, as asked', () => {
  for (const mayEndInCrLf of [true, false]) {
    const writer = new BatchWriter();
    const run = memory.run(Buffer.from('a\r\n\r\n\r\r\n\nb\rc\n'), 0, now, mayEndInCrLf);
    run.left = endless;
    writer.appendLines(memory, run, batchBytes);
    const end = mayEndInCrLf ? '' : '\r';
    assert.deepEqual(valuesOf(writer.finish('none')).map(String), [`a${end}`, end, `\r${end}`, '', 'b\rc']);
  }
});

test('a batch takes lines up to its limit, to the byte as records one by one, and goes on in the next', () => {
  const values = Array.from({ length: 9000 }, (_, index) => Buffer.from(`${'x'.repeat(index % 97)}${index}`));
  const text = Buffer.from(values.map((each) => `${each}\n`).join(''));
  const run = memory.run(text, 0, now, false);
  let at = 0;
  for (const limit of [4_000, 70_000, batchBytes]) {
    const writer = new BatchWriter();
    const plain = new BatchWriter();
    run.left = endless;
    writer.appendLines(memory, run, limit);
    for (; at < values.length && plain.fits(recordOf(values[at]!, now), limit); at++) plain.append(recordOf(values[at]!, now));
    assert.equal(writer.count, plain.count);
    assert.equal(run.isFull, at < values.length);
    assert.ok(writer.finish('none').equals(plain.finish('none')));
  }
  assert.equal(at, values.length);
});

test('a turn ends with the record that uses it up', () => {
  const run = memory.run(Buffer.from('12345\n'.repeat(10)), 0, now, false);
  run.left = 30;
  const writer = new BatchWriter();
  writer.appendLines(memory, run, batchBytes);
  assert.deepEqual([run.added, run.left, run.isFull], [3, -6, false]);
  writer.appendLines(memory, run, batchBytes);
  assert.equal(run.added, 0);
});

test('a line that no batch can hold, and a timestamp before the batch’s first, are left to others', () => {
  const long = new LineMemory();
  const run = long.run(Buffer.concat([Buffer.alloc(batchBytes - 20, 'x'), Buffer.from('\n')]), 0, now, false);
  run.left = endless;
  const writer = new BatchWriter();
  writer.appendLines(long, run, batchBytes);
  assert.deepEqual([run.added, run.isFull, writer.count], [0, true, 0]);
  writer.append(recordOf(Buffer.from('a'), now));
  const early = long.run(Buffer.from('b\n'), 0, now - 1, false);
  early.left = endless;
  writer.appendLines(long, early, batchBytes);
  assert.deepEqual([early.added, writer.count], [0, 1]);
});

test('when the memory is used up, nothing is lost: further batches are left to others', () => {
  const small = new LineMemory();
  const writers: BatchWriter[] = [];
  for (;;) {
    const writer = new BatchWriter();
    const run = small.run(Buffer.from(`line ${writers.length}\n`), 0, now, false);
    run.left = endless;
    writer.appendLines(small, run, batchBytes);
    if (run.added === 0) break;
    writers.push(writer);
  }
  assert.ok(writers.length > 50, `${writers.length} batches`);
  for (const [index, writer] of writers.entries())
    assert.ok(writer.finish('none').equals(written([Buffer.from(`line ${index}`)])));
});
