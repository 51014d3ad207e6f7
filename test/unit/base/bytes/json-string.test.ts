import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ByteSink } from '../../../../src/base/bytes/byte-sink.ts';
import { appendJsonString } from '../../../../src/base/bytes/json-string.ts';
import { isUtf8 } from '../../../../src/base/bytes/utf8.ts';
import { invalidUtf8, isText, someBytes } from '../../render/records/bytes.ts';

/** The JSON string for bytes that lie between others, which must not come in; undefined when they are no UTF-8. */
function jsonString(content: Uint8Array, before = 0): string | undefined {
  const around = Buffer.from([0x80, 0x22, 0xc3]);
  const bytes = Buffer.concat([Buffer.alloc(before, 0x61), around, content, around]);
  const start = before + around.length;
  const sink = new ByteSink(8);
  sink.ascii('kept');
  const text = appendJsonString(sink, bytes, start, start + content.length);
  assert.equal(isUtf8(bytes, start, start + content.length), text);
  const written = sink.buf.toString('utf8', 0, sink.length);
  assert.ok(written.startsWith('kept'));
  if (!text) assert.equal(written, 'kept');
  return text ? written.slice(4) : undefined;
}

test('each kind of invalid UTF-8 is refused, alone and at any place of a text', () => {
  for (const [name, wrong] of Object.entries(invalidUtf8)) {
    for (const [before, after] of [
      ['', ''],
      ['a', ''],
      ['', 'abcdefgh'],
      ['abcdefg', 'abc'],
      ['äöü€😀', '€'],
      ['x'.repeat(4094), 'y'],
    ]) {
      const content = Buffer.concat([Buffer.from(before!), Buffer.from(wrong), Buffer.from(after!)]);
      assert.equal(jsonString(content), undefined, `${name} between ${before!.length} and ${after!.length} characters`);
    }
  }
});

test('the first and last code point of each length, and every single character, come out', () => {
  const edges = [0, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff, 0x2028, 0x2029, 0xfeff];
  const all = Array.from({ length: 256 }, (_, code) => code);
  for (const code of [...edges, ...all]) {
    const text = String.fromCodePoint(code);
    for (let before = 0; before < 5; before++) {
      const padded = 'x'.repeat(before) + text + 'x'.repeat(4 - before);
      assert.equal(JSON.parse(jsonString(Buffer.from(padded))!), padded);
    }
  }
});

test('what JSON.stringify writes for a text is what comes out', () => {
  const text = fc.string({
    unit: fc.oneof(fc.string({ unit: 'binary-ascii', maxLength: 1 }), fc.string({ unit: 'grapheme', maxLength: 1 })),
  });
  fc.assert(
    fc.property(text, fc.nat(7), (content, before) =>
      assert.equal(jsonString(Buffer.from(content), before), JSON.stringify(content)),
    ),
  );
});

test('any bytes: a string exactly when they are UTF-8, and then the same text', () => {
  fc.assert(
    fc.property(someBytes, fc.nat(7), (content, before) => {
      const written = jsonString(content, before);
      assert.equal(written !== undefined, isText(content));
      if (written !== undefined) assert.deepEqual(Buffer.from(JSON.parse(written)), content);
    }),
    { numRuns: 500 },
  );
});

test('a long text with a character on every edge of a segment comes out whole', () => {
  for (let shift = 0; shift < 8; shift++) {
    const text = 'a'.repeat(shift) + '😀\u0001"'.repeat(4000);
    assert.equal(jsonString(Buffer.from(text)), JSON.stringify(text));
  }
});
