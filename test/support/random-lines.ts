/** Random batches of records as JSON lines: by the kernel where it can, and record by record. Run by Node's tests, and with `run` by Bun's program. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ByteSink } from '../../src/base/bytes/byte-sink.ts';
import { attribute, field } from '../../src/kafka/batch/header.ts';
import { RecordBatches, type RecordBatchesOptions } from '../../src/kafka/batch/reader.ts';
import { encodeHeaders } from '../../src/kafka/batch/record-headers.ts';
import { BatchWriter } from '../../src/kafka/batch/writer.ts';
import { makeSerde as stringSerde } from '../../src/records/serde/string.ts';
import { jsonFormat } from '../../src/render/records/json.ts';
import type { AppendRecord } from '../../src/render/records/output.ts';
import { someBytes } from '../unit/render/records/bytes.ts';
import { fieldsOf } from './record-fields.ts';

export interface LineRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: readonly (readonly [Buffer, Buffer | null])[];
  readonly timestamp?: bigint;
}

/** One batch with these records. */
export function lineBatch(records: readonly LineRecord[], baseOffset = 0n, isAppendTime = false): Buffer {
  const writer = new BatchWriter();
  for (const { key, value, headers = [], timestamp = 1_790_000_000_000n } of records) {
    writer.append({
      ...fieldsOf(key, value),
      headers: encodeHeaders(headers.map(([name, content]) => ({ key: name, value: content }))),
      timestamp,
    });
  }
  const batch = writer.finish('none', false);
  batch.writeBigInt64BE(baseOffset, field.baseOffset);
  if (isAppendTime) batch[field.attributes + 1]! |= attribute.logAppendTime;
  return batch;
}

const plain = Buffer.alloc(70_000, 'plain text ');
/** Mostly text, since one field that is none keeps the kernel from the rest: also more of it than the kernel takes at once. */
const bytes = fc.oneof(
  { weight: 100, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }).map((text) => Buffer.from(text)) },
  {
    weight: 100,
    arbitrary: fc
      .string({ unit: fc.constantFrom('"', '\\', '\n', '\x01', '\x7f', 'ж', '\u2028', '😀', 'a') })
      .map((text) => Buffer.from(text)),
  },
  { weight: 2, arbitrary: fc.nat(70_000).map((length) => plain.subarray(0, length)) },
  { weight: 1, arbitrary: someBytes },
);
const bytesOrNull = fc.option(bytes);
const longest = (1n << 63n) - 1n;
const record: fc.Arbitrary<LineRecord> = fc.record({
  key: bytesOrNull,
  value: bytesOrNull,
  headers: fc.array(fc.tuple(bytes, bytesOrNull), { maxLength: 3 }),
  timestamp: fc.oneof(
    { weight: 60, arbitrary: fc.nat(30_000).map((later) => 1_790_000_000_000n + BigInt(later)) },
    { weight: 1, arbitrary: fc.constantFrom(-1n, 0n, 9_999n, 10_000n, 1n << 53n, longest, -longest) },
    { weight: 1, arbitrary: fc.bigInt({ min: -longest, max: longest }) },
  ),
});
const baseOffset = fc.oneof(
  { weight: 9, arbitrary: fc.nat(20_000).map(BigInt) },
  { weight: 3, arbitrary: fc.constantFrom((1n << 53n) - 3n, longest - 3n, longest - 500n, -1n) },
);

class Lines {
  readonly #sink = new ByteSink(1 << 20);
  readonly #append: AppendRecord = jsonFormat(stringSerde(), stringSerde(), this.#sink, false);
  readonly #takes: boolean;
  visited = 0;

  constructor(takes: boolean) {
    this.#takes = takes;
  }

  /** The lines, and what is wrong with the batch. */
  of(options: RecordBatchesOptions): string {
    this.#sink.length = 0;
    let wrong = '';
    try {
      new RecordBatches(options).each(
        (view) => {
          this.visited++;
          this.#append(view);
        },
        this.#takes ? this.#append.take : undefined,
      );
    } catch (error) {
      wrong = String(error);
    }
    return this.#sink.buf.toString('latin1', 0, this.#sink.length) + wrong;
  }
}

/** Compares both ways. @returns how many records one way visited, and the other */
export function checkLines(runs: number): { readonly byKernel: number; readonly oneByOne: number } {
  const [byKernel, oneByOne] = [new Lines(true), new Lines(false)];
  // Only much is worth a kernel.
  const much = lineBatch(Array.from({ length: 800 }, () => ({ key: null, value: plain.subarray(0, 100) })));
  byKernel.of({ topic: 'much', partition: 0, records: much, startOffset: 0n, checkCrcs: false });
  byKernel.visited = 0;
  const batch = fc.record({
    records: fc.array(record, { minLength: 1, maxLength: 30, size: 'max' }),
    baseOffset,
    isAppendTime: fc.boolean(),
  });
  const reading = fc.record({
    topic: fc.constantFrom('orders', 'a "quoted" topic', 'long'.repeat(150)),
    partition: fc.nat(3),
    /** Where the reading begins, from the base offset. */
    later: fc.constantFrom(0, 0, 0, 5),
    partBytes: fc.constantFrom(1, 2000, 8 << 20, 8 << 20),
    /** A byte of the records that was changed, and how. */
    damage: fc.oneof(
      { weight: 4, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })) },
    ),
  });
  fc.assert(
    fc.property(batch, reading, (made, { topic, partition, later, partBytes, damage }) => {
      const records = lineBatch(made.records, made.baseOffset, made.isAppendTime);
      if (damage) records[field.records + (damage[0] % (records.length - field.records))]! ^= damage[1];
      const options = { topic, partition, records, startOffset: made.baseOffset + BigInt(later), partBytes, checkCrcs: false };
      assert.equal(byKernel.of(options), oneByOne.of(options));
    }),
    { numRuns: runs },
  );
  return { byKernel: byKernel.visited, oneByOne: oneByOne.visited };
}

if (process.argv[2] === 'run') {
  const { byKernel, oneByOne } = checkLines(200);
  console.log(`visited ${byKernel} of ${oneByOne}`);
}
