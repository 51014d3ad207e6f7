/** Texts from bytes are right whatever came before, and what came before is not made again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownTexts } from '../../../../src/base/bytes/known-texts.ts';
import { viewOf } from '../../../../src/base/bytes/word32.ts';
import { randomOf } from '../../../fuzz/random.ts';

test('a text is what its bytes say, among many others of every length', () => {
  const random = randomOf(7);
  const next = (below: number): number => Math.floor(random() * below);
  const texts = Array.from({ length: 3_000 }, () =>
    Array.from({ length: next(40) }, () => String.fromCharCode(97 + next(2))).join(''),
  );
  const known = new KnownTexts((bytes, start, end) => bytes.toString('utf8', start, end));
  for (let turn = 0; turn < 20_000; turn++) {
    const text = texts[next(texts.length)]!;
    const bytes = Buffer.from(`..${text}...`);
    assert.equal(known.text(bytes, viewOf(bytes), 2, 2 + text.length), text);
  }
});

test('a short text that comes again is made once, and a long one each time', () => {
  let made = 0;
  const known = new KnownTexts((bytes, start, end) => {
    made++;
    return bytes.toString('utf8', start, end);
  });
  for (const { text, times } of [
    { text: 'books', times: 1 },
    { text: 'a text of 32 bytes, as they come', times: 1 },
    { text: 'a text of 33 bytes, which is more', times: 10 },
  ]) {
    const bytes = Buffer.from(text);
    made = 0;
    for (let turn = 0; turn < 10; turn++) assert.equal(known.text(bytes, viewOf(bytes), 0, bytes.length), text);
    assert.equal(made, times, text);
  }
});
