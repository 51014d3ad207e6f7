import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { Key } from '../../../../src/cli/full-screen.ts';
import { KeyParser } from '../../../../src/render/screen/keys.ts';

/** What a parser makes of chunks. */
function parsed(...chunks: readonly (string | Buffer)[]): readonly string[] {
  const keys: Key[] = [];
  const parser = new KeyParser((key) => keys.push(key), 10_000);
  for (const chunk of chunks) parser.feed(chunk);
  parser.stop();
  return keys.map(({ name, text }) => (name === 'paste' ? `paste:${text}` : name));
}

test('arrows, pages and ends come as sequences of both kinds, with and without modifiers', () => {
  assert.deepEqual(parsed('\x1b[A\x1bOB\x1b[5~\x1b[6~\x1b[H\x1bOF\x1b[1;5C\x1b[Z\x1bOP\x1b[11~'), [
    'up',
    'down',
    'pageup',
    'pagedown',
    'home',
    'end',
    'right',
    'shift-tab',
    'f1',
    'f1',
  ]);
});

test('several keys in a chunk, and a key in several chunks', () => {
  assert.deepEqual(parsed('jk\r', '\x1b', '[', 'A', ' '), ['j', 'k', 'enter', 'up', 'space']);
  assert.deepEqual(parsed('\x03\x1a\x06\t\x7f'), ['ctrl-c', 'ctrl-z', 'ctrl-f', 'tab', 'backspace']);
});

test('a character whose bytes are cut in two', () => {
  const bytes = Buffer.from('語😀');
  assert.deepEqual(parsed(bytes.subarray(0, 2), bytes.subarray(2, 5), bytes.subarray(5)), ['語', '😀']);
});

test('what is pasted is one text, whatever is in it', () => {
  assert.deepEqual(parsed('\x1b[200~q\x03\n', 'rm\x1b[201~x'), ['paste:q\x03\nrm', 'x']);
});

test('sequences that no key of ours sends type nothing', () => {
  assert.deepEqual(parsed('\x1b[?1;2c\x1b[24~\x1b[<0;10;10Ma\x1bxb'), ['a', 'b']);
});

test('an Esc alone is one after a moment; two are two', async () => {
  const keys: string[] = [];
  const parser = new KeyParser(({ name }) => keys.push(name), 5);
  parser.feed('\x1b');
  assert.deepEqual(keys, []);
  await wait(30);
  assert.deepEqual(keys, ['escape']);
  parser.feed('\x1b\x1b');
  await wait(30);
  assert.deepEqual(keys, ['escape', 'escape', 'escape']);
});
