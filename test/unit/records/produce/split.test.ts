/** Input cut into records, however the stream was cut into chunks. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { chunks, splitter } from '../../../../src/records/produce/split.ts';

function pieces(separator: string, parts: readonly Buffer[]): string[] {
  const found: string[] = [];
  const split = splitter(Buffer.from(separator), (bytes, start, end, number) => {
    found.push(bytes.toString('latin1', start, end));
    assert.equal(number, found.length);
  });
  for (const part of parts) split.push(part);
  split.end();
  return found;
}

function cut(text: string, positions: readonly number[]): Buffer[] {
  const ends = [...positions.map((position) => position % (text.length + 1))].sort((a, b) => a - b);
  return [...ends, text.length].map((end, index) => Buffer.from(text.slice(ends[index - 1] ?? 0, end), 'latin1'));
}

test('a stream splits the same wherever its chunks end, with separators of any length', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '\r', '\n', '-'), maxLength: 60 });
  const separators = fc.constantFrom('\n', '\r\n', '--', 'aba', '\n\n');
  fc.assert(
    fc.property(letters, separators, fc.array(fc.nat(), { maxLength: 12 }), (text, separator, cuts) => {
      const expected = text.split(separator);
      if (expected.at(-1) === '') expected.pop();
      assert.deepEqual(pieces(separator, cut(text, cuts)), expected);
    }),
    { numRuns: 1000 },
  );
});

test('empty lines are records, a missing last newline loses nothing, carriage returns stay', () => {
  assert.deepEqual(pieces('\n', [Buffer.from('a\n\nb\r\nc')]), ['a', '', 'b\r', 'c']);
});

test('without a separator the whole stream is one record; an empty stream is none', () => {
  assert.deepEqual(pieces('', [Buffer.from('a\n'), Buffer.from('b')]), ['a\nb']);
  assert.deepEqual(pieces('', []), []);
});

test('each message on the command line is a record, empty ones too', () => {
  const found: string[] = [];
  const split = chunks((bytes, start, end) => found.push(bytes.toString('utf8', start, end)));
  for (const message of ['a\nb', '', 'c']) split.push(Buffer.from(message));
  split.end();
  assert.deepEqual(found, ['a\nb', '', 'c']);
});
