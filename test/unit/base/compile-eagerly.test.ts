/** When the runtime is told to compile: with a runtime that only takes note, in a process of its own, since both the runtime and the count are global. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';

/** What the runtime was told after each step. */
function told(...steps: readonly string[]): unknown {
  const script = `
    const told = [];
    globalThis.Bun = { unsafe: { setJITPolicy: (scale) => told.push(scale) } };
    const { compileEagerly, didWork } = await import('./src/base/compile-eagerly.ts');
    const after = [];
    ${steps.map((step) => `${step}; after.push([...told]);`).join('\n')}
    process.stdout.write(JSON.stringify(after));`;
  const printed = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    encoding: 'utf8',
  });
  return JSON.parse(printed);
}

test('a few small answers are no long work; much that was read is, and it is told once', () => {
  const few = 'for (let answers = 0; answers < 10; answers++) didWork(500)';
  assert.deepEqual(told(few, 'didWork(60_000)', 'didWork(1_000_000)'), [[], [3], [3]]);
});

test('who knows that the work is long says so, and a runtime without such a switch has none to turn', () => {
  assert.deepEqual(told('compileEagerly()', 'globalThis.Bun = {}; compileEagerly()'), [[3], [3]]);
});
