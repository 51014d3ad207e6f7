/** docs/cli.md names every function, method and constant of expressions. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { constants, functions } from '../../../../src/records/expression/functions.ts';
import { methods } from '../../../../src/records/expression/methods.ts';

test('the reference names everything that an expression can call', () => {
  const docs = readFileSync(new URL('../../../../docs/cli.md', import.meta.url), 'utf8');
  const section = docs.slice(docs.indexOf('\n## Expressions\n'), docs.indexOf('\n## What kt leaves on a cluster'));
  const words = new Set(section.match(/[\w.]+/g));
  const called = [...Object.keys(functions), ...Object.keys(methods), ...Object.keys(constants)];
  const unnamed = called.filter((name) => !words.has(name) && !words.has(name.replace(/^Math\./, '')));
  assert.deepEqual(unnamed, ['NaN', 'Infinity', 'Number.MAX_SAFE_INTEGER', 'Number.MIN_SAFE_INTEGER']);
});
