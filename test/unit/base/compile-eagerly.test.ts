/** When the runtime is told to compile: with a runtime that only takes note. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { compileEagerly, didWork } from '../../../src/base/compile-eagerly.ts';

const told: number[] = [];
const place = globalThis as { Bun?: unknown };
place.Bun = { unsafe: { setJITPolicy: (scale: number) => void told.push(scale) } };
after(() => {
  delete place.Bun;
});

test('a few small answers are no long work; much that was read is, and it is told once', () => {
  for (let answers = 0; answers < 10; answers++) didWork(500);
  assert.deepEqual(told, []);
  didWork(60_000);
  assert.equal(told.length, 1);
  didWork(1_000_000);
  assert.equal(told.length, 1);
});

test('who knows that the work is long says so, and a runtime without such a switch has none to turn', () => {
  compileEagerly();
  assert.equal(told.length, 2);
  assert.ok(told.every((scale) => scale > 0 && scale < 10));
  place.Bun = {};
  compileEagerly();
});
