/** Base64 as the runtime writes it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { appendBase64 } from '../../../../src/base/bytes/base64.ts';
import { ByteSink } from '../../../../src/base/bytes/byte-sink.ts';

test('any bytes, at any place', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(4), fc.nat(4), (content, before, behind) => {
      const bytes = Buffer.from([...new Uint8Array(before), ...content, ...new Uint8Array(behind)]);
      const sink = new ByteSink(1);
      appendBase64(sink, bytes, before, before + content.length);
      assert.equal(sink.buf.toString('latin1', 0, sink.length), Buffer.from(content).toString('base64'));
    }),
  );
});
