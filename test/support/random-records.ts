/** Random records of every kind that clients can write; the same seed gives the same records. */
import { createHash, randomInt } from 'node:crypto';
import fc from 'fast-check';
import type { WrittenRecord } from './foreign-records.ts';

/** KT_TEST_SEED=… writes the same records again. */
export const seed = Number(process.env['KT_TEST_SEED'] ?? randomInt(2 ** 31));
export const partitions = 3;
/** A little more than brokers take by default. */
const largeBytes = 1 << 20;

/** Bytes that a client could misinterpret, and bytes that are not UTF-8. */
const content = fc.oneof(
  { weight: 4, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 60 }) },
  { weight: 4, arbitrary: fc.string({ unit: 'grapheme', minLength: 1 }).map((text) => new TextEncoder().encode(text)) },
  { weight: 1, arbitrary: fc.constantFrom('null', 'NULL', '-', '\n', '\t', '\0', '{"a":1.0}', '\ufeff', '=', ',').map(utf8) },
  { weight: 1, arbitrary: fc.uint8Array({ minLength: 1000, maxLength: 4000 }) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 9 }), fc.integer({ min: 1, max: 60_000 })).map(repeated),
  },
);
const bytes = content.map((each) => Buffer.from(each)).filter((each) => each.length > 0);
const nullable = fc.option(bytes, { freq: 6, nil: null });
const anyBytes = fc.oneof({ weight: 8, arbitrary: nullable }, { weight: 1, arbitrary: fc.constant(Buffer.alloc(0)) });
/** Names end at a NUL for clients written in C. */
const headerName = fc
  .oneof(fc.constantFrom('twice', '', 'ключ', 'a=b,c'), fc.string({ maxLength: 12 }))
  .map((name) => name.replaceAll('\0', ''));
const partition = fc.integer({ min: 0, max: partitions - 1 });
export const anyRecord: fc.Arbitrary<WrittenRecord> = fc.record({
  partition,
  timestamp: fc.oneof(fc.integer({ min: 0, max: 1_700_000_000_000 }), fc.constantFrom(0, 1)),
  key: anyBytes,
  value: anyBytes,
  headers: fc.array(fc.tuple(headerName, anyBytes), { maxLength: 4 }),
});
/** Records that kcat can write; it sets their timestamps itself. */
export const kcatRecord = fc
  .record({ key: nullable, value: nullable })
  .filter(({ key, value }) => key !== null || value !== null);
export const kcatHeaders = fc.array(
  fc.tuple(
    fc.constantFrom('twice', 'ключ', 'x'),
    fc.option(
      fc.constantFrom(utf8('1'), utf8('žluť')).map((each) => Buffer.from(each)),
      { nil: null },
    ),
  ),
  { maxLength: 3 },
);

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function repeated([unit, count]: readonly [Uint8Array, number]): Uint8Array {
  return Buffer.alloc(count, unit);
}

/** Random values for one client; the same seed gives the same values. */
export function sample<T>(arbitrary: fc.Arbitrary<T>, count: number, stream: number): T[] {
  return fc.sample(arbitrary, { seed: (seed + stream) | 0, numRuns: count });
}

/** A value of 1 MiB that does not compress. */
export function largeValue(stream: number): Buffer {
  const [start] = sample(fc.integer(), 1, stream);
  const blocks = Array.from({ length: largeBytes / 32 }, (_, index) =>
    createHash('sha256').update(`${start} ${index}`).digest(),
  );
  return Buffer.concat(blocks);
}
