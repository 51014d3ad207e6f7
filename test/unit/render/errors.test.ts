/** What stderr shows of an error. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KtError } from '../../../src/base/errors.ts';
import { colored, plain, wantsColor } from '../../../src/render/colors.ts';
import { asKtError, errorText } from '../../../src/render/errors.ts';

const look = { json: false, verbose: false, hinted: true, paint: plain };

test('people get a line and a hint, in which nothing acts on their terminal', () => {
  const error = new KtError('refused', 'topic \x1b[2J (it exists)', {
    hint: 'add --if-not-exists',
    code: 'TOPIC_ALREADY_EXISTS',
  });
  assert.equal(errorText(error, look), 'kt: topic \\x1b[2J (it exists)\nhint: add --if-not-exists\n');
  assert.equal(errorText(error, { ...look, hinted: false }), 'kt: topic \\x1b[2J (it exists)\n');
  assert.equal(errorText(new KtError('check', 'late'), look), 'kt: late\n');
});

test('scripts get one JSON object with all its fields', () => {
  const error = new KtError('connection', 'no answer', { code: 'ETIMEDOUT' });
  assert.equal(
    errorText(error, { ...look, json: true }),
    '{"error":{"kind":"connection","code":"ETIMEDOUT","message":"no answer","hint":null}}\n',
  );
});

test('a defect is one line that asks for a report, and its stack only with -v', () => {
  const error = asKtError(new TypeError('x is undefined'));
  assert.equal(error.kind, 'bug');
  assert.equal(
    errorText(error, look),
    'kt: unexpected error: x is undefined (a bug in kt)\nhint: run it again with -v and report what it prints\n',
  );
  assert.match(errorText(error, { ...look, verbose: true }), /TypeError: x is undefined\n {4}at /);
  const hostile = asKtError(new Error('\x1b]52;c;AAAA\x07'));
  const shown = errorText(hostile, { ...look, verbose: true });
  assert.match(shown, /Error: \\x1b\]52;c;AAAA\\x07\n {4}at /);
  assert.doesNotMatch(shown, /[\x1b\x07]/);
  const mute = { toString: () => assert.fail('asked') };
  assert.equal(asKtError(mute).message, 'unexpected error: object (a bug in kt)');
  assert.equal(asKtError('text').message, 'unexpected error: text (a bug in kt)');
});

test('colour follows the flag, then NO_COLOR, then FORCE_COLOR, then the terminal', async () => {
  assert.equal(wantsColor('auto', {}, true), true);
  assert.equal(wantsColor('auto', {}, false), false);
  assert.equal(wantsColor('auto', { TERM: 'dumb' }, true), false);
  assert.equal(wantsColor('auto', { NO_COLOR: '1' }, true), false);
  assert.equal(wantsColor('auto', { NO_COLOR: '' }, true), true);
  assert.equal(wantsColor('auto', { NO_COLOR: '1', FORCE_COLOR: '1' }, true), false);
  assert.equal(wantsColor('auto', { FORCE_COLOR: '1' }, false), true);
  assert.equal(wantsColor('auto', { FORCE_COLOR: '0' }, true), false);
  assert.equal(wantsColor('always', { NO_COLOR: '1' }, false), true);
  assert.equal(wantsColor('never', { FORCE_COLOR: '1' }, true), false);
  assert.equal((await colored())('x', 'good'), '\x1b[32mx\x1b[39m');
});
