/** What `kt pipe` takes as options. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pipeOptions } from '../../../../src/commands/pipe/options.ts';

test('a session timeout that no request can carry is refused as such', () => {
  const parse = pipeOptions.sessionTimeout.parse!;
  assert.equal(parse('24d'), 24 * 24 * 3_600_000);
  assert.throws(() => parse('30d'), { kind: 'usage', message: '30d (longer than 24d)' });
});
