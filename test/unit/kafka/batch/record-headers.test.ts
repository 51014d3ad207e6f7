/** Record headers keep their order, their duplicates and their nulls. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Malformed } from '../../../../src/kafka/batch/malformed.ts';
import type { RecordView } from '../../../../src/kafka/batch/record.ts';
import {
  encodedHeaders,
  encodeHeaders,
  type RecordHeader,
  visitHeaders,
  walkHeaders,
} from '../../../../src/kafka/batch/record-headers.ts';
import { sizeOfVarint } from '../../../../src/kafka/batch/varint.ts';

function viewOf(bytes: Buffer, headerCount: number): RecordView {
  return { bytes, headerCount, headersStart: sizeOfVarint(headerCount) } as RecordView;
}

const header = fc
  .tuple(fc.uint8Array({ maxLength: 80 }), fc.option(fc.uint8Array({ maxLength: 80 })))
  .map(([key, value]): RecordHeader => ({ key, value }));

test('headers come back as they were written, and copied they are the same bytes', () => {
  fc.assert(
    fc.property(fc.array(header, { maxLength: 70 }), (headers) => {
      const bytes = encodeHeaders(headers);
      const seen: RecordHeader[] = [];
      visitHeaders(viewOf(bytes, headers.length), (all, keyStart, keyEnd, valueStart, valueEnd) => {
        const value = valueStart < 0 ? null : new Uint8Array(all.subarray(valueStart, valueEnd));
        seen.push({ key: new Uint8Array(all.subarray(keyStart, keyEnd)), value });
      });
      assert.deepEqual(seen, headers);
      assert.deepEqual(encodedHeaders(viewOf(bytes, headers.length)), headers.length === 0 ? undefined : bytes);
    }),
  );
});

test('headers that are cut short are malformed, however many they say they are', () => {
  const bytes = encodeHeaders([
    { key: Buffer.from('a'), value: Buffer.from('1') },
    { key: Buffer.from('b'), value: null },
  ]);
  for (let end = 1; end < bytes.length; end++) assert.throws(() => walkHeaders(bytes, 1, end, 2), Malformed, `${end}`);
  assert.throws(() => walkHeaders(bytes, 1, bytes.length, 2 ** 31 - 1), Malformed);
});
