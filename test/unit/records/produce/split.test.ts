/** Input cut into records, however the stream was cut into chunks. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { KtError } from '../../../../src/base/errors.ts';
import {
  chunks,
  linesOfText,
  longestPiece,
  splitter,
  type TextCut,
  unlessBlank,
  wholeInput,
} from '../../../../src/records/produce/split.ts';

function cutAt(separator: string): TextCut {
  return { separator: Buffer.from(separator), mayEndInCrLf: false, skipsMark: false };
}

function pieces(cut: TextCut, parts: readonly Buffer[]): string[] {
  const found: string[] = [];
  const split = splitter(cut, (bytes, start, end, number) => {
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
      assert.deepEqual(pieces(cutAt(separator), cut(text, cuts)), expected);
    }),
    { numRuns: 1000 },
  );
});

test('empty lines are records, a missing last newline loses nothing, and CR LF ends a line', () => {
  assert.deepEqual(pieces(linesOfText, [Buffer.from('a\n\nb\r\nc')]), ['a', '', 'b', 'c']);
  assert.deepEqual(pieces(linesOfText, [Buffer.from('a\r'), Buffer.from('\n\r'), Buffer.from('\r\nb\rc')]), [
    'a',
    '\r',
    'b\rc',
  ]);
  assert.deepEqual(pieces(cutAt('\n'), [Buffer.from('a\r\nb')]), ['a\r', 'b'], 'not where the separator was given');
});

test('a byte order mark in front of the input belongs to no record, wherever chunks end', () => {
  const marked = Buffer.from('\ufeffa\n\ufeffb');
  for (let at = 0; at <= marked.length; at++) {
    assert.deepEqual(pieces(linesOfText, [marked.subarray(0, at), marked.subarray(at)]), ['a', '\xef\xbb\xbfb']);
  }
  assert.deepEqual(pieces(linesOfText, [Buffer.from('\ufeff')]), []);
  assert.deepEqual(pieces(wholeInput, [Buffer.from('\ufeffa')]), ['\xef\xbb\xbfa'], 'raw input keeps every byte');
});

test('blank pieces are passed over where they can be no record, and the lines keep their numbers', () => {
  const found: (readonly [string, number])[] = [];
  const split = splitter(
    linesOfText,
    unlessBlank((bytes, start, end, number) => found.push([bytes.toString('utf8', start, end), number])),
  );
  split.push(Buffer.from('\n{}\n\r\n \t\n{}\n\n'));
  split.end();
  assert.deepEqual(found, [
    ['{}', 2],
    ['{}', 5],
  ]);
});

test('a line without an end is refused before it fills the memory; lines before it are cut', () => {
  for (const [cut, where] of [
    [linesOfText, 'line 2'],
    [wholeInput, 'the input'],
  ] as const) {
    const found: number[] = [];
    const split = splitter(cut, (_bytes, start, end) => found.push(end - start));
    const chunk = Buffer.alloc(16 << 20);
    const all = () => {
      split.push(Buffer.from('good\n'));
      for (let bytes = 0; bytes <= longestPiece; bytes += chunk.length) split.push(chunk);
    };
    assert.throws(
      all,
      (error) => error instanceof KtError && error.kind === 'usage' && error.message === `${where}: longer than 128MiB`,
    );
    assert.deepEqual(found, cut === linesOfText ? [4] : []);
  }
});

test('without a separator the whole stream is one record; an empty stream is none', () => {
  assert.deepEqual(pieces(wholeInput, [Buffer.from('a\r\n'), Buffer.from('b\r')]), ['a\r\nb\r']);
  assert.deepEqual(pieces(wholeInput, []), []);
});

test('each message on the command line is a record, empty ones too', () => {
  const found: string[] = [];
  const split = chunks((bytes, start, end) => found.push(bytes.toString('utf8', start, end)));
  for (const message of ['a\nb', '', 'c']) split.push(Buffer.from(message));
  split.end();
  assert.deepEqual(found, ['a\nb', '', 'c']);
});
