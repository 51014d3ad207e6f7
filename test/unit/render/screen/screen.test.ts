import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ScreenLine } from '../../../../src/cli/full-screen.ts';
import { plain } from '../../../../src/render/colors.ts';
import { clipboardSequence } from '../../../../src/render/screen/clipboard.ts';
import { drawFrame } from '../../../../src/render/screen/frame.ts';
import { Painter } from '../../../../src/render/screen/painter.ts';
import { columnsOf, fitted } from '../../../../src/render/screen/text.ts';

const look = { paint: plain, unicode: true };
const noMoves = (text: string) => text.replaceAll(/\x1b\[\d+G/g, '');

function drawn(lines: readonly ScreenLine[], columns: number, unicode = true): readonly string[] {
  return drawFrame({ lines, cursor: { line: 0, column: 0 } }, { columns, lines: lines.length + 1 }, { ...look, unicode });
}

test('text is filled up, and cut with a sign', () => {
  assert.equal(fitted('abc', 5), 'abc  ');
  assert.equal(fitted('abc', 5, 'right'), '  abc');
  assert.equal(fitted('abcdef', 4), 'abc…');
  assert.equal(fitted('abc', 0), '');
});

test('wide characters are cut where they end, and one that crosses the edge becomes a space', () => {
  assert.equal(fitted('注文イベント', 6), '注文… ');
  assert.equal(fitted('注文イベント', 7), '注文イ…');
  assert.equal(columnsOf(fitted('👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦', 4)), 4);
  assert.equal(columnsOf(fitted('e\u0301e\u0301e\u0301', 2)), 2);
});

test('nothing in a text acts on the terminal', () => {
  for (const hostile of ['\x1b[2J', '\x9b2J', '\x1b]52;c;eA==\x07', 'a\nb', '\u202egnp.exe', '\u0085']) {
    const [line] = drawn([{ spans: [{ text: hostile, width: 30 }] }], 40);
    assert.doesNotMatch(noMoves(line!), /[\x00-\x1f\x7f-\x9f\u202e]/);
    assert.equal(columnsOf(noMoves(line!)), 40);
  }
});

test('every line is as wide as the screen, the last one a column less, which some consoles scroll for', () => {
  const [first, last] = drawn([{ spans: [{ text: 'a' }] }], 10);
  assert.equal(first, 'a         ');
  assert.equal(last, '         ');
});

test('what stands behind a wide name has a column of its own, whatever the terminal takes the name for', () => {
  const [line] = drawn(
    [
      {
        spans: [
          { text: '注文', width: 6 },
          { text: '7', width: 2, align: 'right' },
        ],
      },
    ],
    10,
  );
  assert.equal(line, '注文  \x1b[7G 7  ');
});

test('of a text that is far longer than the screen only the beginning is looked at', () => {
  const text = '注\x1b'.repeat(3_000_000);
  const times = [1, 2, 3].map(() => {
    const start = performance.now();
    const [line] = drawn([{ spans: [{ text }] }], 80);
    assert.equal(columnsOf(noMoves(line!)), 80);
    return performance.now() - start;
  });
  assert.ok(Math.min(...times) < 100, `${times} ms`);
});

test('the clipboard gets a text whole or not at all', () => {
  assert.equal(clipboardSequence('é'), '\x1b]52;c;w6k=\x07');
  assert.notEqual(clipboardSequence('é'.repeat(50_000)), undefined);
  assert.equal(clipboardSequence(`${'é'.repeat(50_000)}x`), undefined);
});

test('the selected row is in reverse, a match on it is not', () => {
  const [line] = drawn([{ selected: true, spans: [{ text: 'ab' }, { text: 'c', marked: true }] }], 5);
  assert.equal(line, '\x1b[7mab\x1b[27mc\x1b[7m  \x1b[27m');
});

test('without UTF-8 bars and signs are ASCII', () => {
  const [line] = drawn([{ spans: [{ text: '▁▄█ – … › × −' }] }], 16, false);
  assert.equal(noMoves(line!), '_-# - ~ > x -   ');
});

test('only lines that differ are written, each at its place, and nothing when nothing changed', () => {
  const painter = new Painter();
  const size = { columns: 3, lines: 2 };
  const cursor = { line: 1, column: 0 };
  const first = painter.changes(['aaa', 'bb'], size, cursor);
  assert.match(first, /\x1b\[2J.*aaa.*bb/s);
  assert.equal(painter.changes(['aaa', 'bb'], size, cursor), '');
  const second = painter.changes(['aaa', 'cc'], size, cursor);
  assert.match(second, /^\x1b\[\?2026h\x1b\[2;1H\x1b\[0mcc.*\x1b\[\?2026l$/s);
  assert.doesNotMatch(second, /aaa|\x1b\[2J/);
});

test('the cursor is hidden where nothing is selected, which is told once', () => {
  const painter = new Painter();
  const size = { columns: 3, lines: 1 };
  assert.match(painter.changes(['aaa'], size, undefined), /aaa.*\x1b\[\?25l/s);
  assert.equal(painter.changes(['aaa'], size, undefined), '');
  assert.match(painter.changes(['aaa'], size, { line: 0, column: 1 }), /\x1b\[1;2H\x1b\[\?25h/);
});

test('after a resize everything is written again', () => {
  const painter = new Painter();
  const cursor = { line: 0, column: 0 };
  painter.changes(['aaa'], { columns: 3, lines: 1 }, cursor);
  assert.match(painter.changes(['aaa'], { columns: 4, lines: 1 }, cursor), /\x1b\[2J.*aaa/s);
  painter.forget();
  assert.match(painter.changes(['aaa'], { columns: 4, lines: 1 }, cursor), /\x1b\[2J.*aaa/s);
});
