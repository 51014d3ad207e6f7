import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ByteSink, Constant } from '../../../../src/base/bytes/byte-sink.ts';

function textOf(append: (sink: ByteSink) => void, size = 4): string {
  const sink = new ByteSink(size);
  append(sink);
  return sink.buf.toString('utf8', 0, sink.length);
}

test('every safe integer is written as JavaScript writes it', () => {
  const edges = [0, 9, 10, 99, 100, 999_999, 1_000_000, 999_999_999, 1_000_000_000, 4_294_967_296, 1_700_000_000_000];
  for (const number of [...edges, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, -1, -10]) {
    assert.equal(
      textOf((sink) => sink.number(number)),
      String(number),
    );
  }
  fc.assert(fc.property(fc.maxSafeInteger(), (number) => textOf((sink) => sink.number(number)) === String(number)));
  for (let power = 0; power < 16; power++) {
    for (const number of [10 ** power - 1, 10 ** power, 10 ** power + 1]) {
      assert.equal(
        textOf((sink) => sink.number(number)),
        String(number),
      );
    }
  }
});

test('what was appended survives growing, whatever the order', () => {
  const piece = fc.oneof(
    fc.string({ maxLength: 40 }).map((text) => ({ text, append: (sink: ByteSink) => sink.constant(new Constant(text)) })),
    fc.string({ unit: 'grapheme' }).map((text) => ({ text, append: (sink: ByteSink) => sink.utf8(text) })),
    fc.string({ unit: 'binary-ascii' }).map((text) => ({ text, append: (sink: ByteSink) => sink.ascii(text) })),
    fc.nat().map((number) => ({ text: String(number), append: (sink: ByteSink) => sink.number(number) })),
    fc.string({ unit: 'grapheme', maxLength: 600 }).map((text) => ({
      text,
      append(sink: ByteSink) {
        const bytes = Buffer.from(`<${text}>`);
        sink.copy(bytes, 1, bytes.length - 1);
      },
    })),
  );
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const text = textOf((sink) => {
        for (const { append } of pieces) append(sink);
      });
      assert.equal(text, pieces.map((one) => one.text).join(''));
    }),
  );
});

test('a range of null appends nothing', () => {
  assert.equal(
    textOf((sink) => sink.copy(Buffer.from('abc'), -1, -1)),
    '',
  );
});
