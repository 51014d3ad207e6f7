import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { shellWord } from '../../../src/base/shell-word.ts';

test('a plain name stays as it is', () => {
  for (const name of ['orders', 'orders.v1-eu_2', 'a/b:3', 'key=value']) assert.equal(shellWord(name), name);
});

test('a name that a shell would act on is quoted', () => {
  assert.equal(shellWord('zz;touch /tmp/x'), "'zz;touch /tmp/x'");
  assert.equal(shellWord("it's"), "'it'\\''s'");
  assert.equal(shellWord('two\nlines'), "$'two\\nlines'");
  assert.equal(shellWord(''), "''");
  assert.equal(shellWord('~'), "'~'");
  assert.equal(shellWord('=ls'), "'=ls'", 'zsh looks up a command of that name');
});

test('a shell gives back every name exactly', () => {
  const names = [
    "it's",
    'a b',
    '$(id)',
    '`id`',
    '*',
    '!x',
    'back\\slash',
    "t\t'\\\n\x1b[2Jé",
    'x\u202ey',
    'ä ö',
    '"',
    '-x',
    '\\',
    '#',
  ];
  const line = `printf '%s\\0' ${names.map(shellWord).join(' ')}`;
  const out = execFileSync('bash', ['-c', line]).toString();
  assert.deepEqual(out.split('\0').slice(0, -1), names);
  for (const name of names) assert.doesNotMatch(shellWord(name), /[\p{Cc}\p{Cf}]/u);
});
