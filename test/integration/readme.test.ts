/** The lines of README.md run as they stand, in their order, and print what the page shows. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { testClusters } from '../support/clusters.ts';
import { runScript } from '../support/examples.ts';
import { asScript, comparable, stepsOf } from '../support/page.ts';

const page = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
const cluster = (await testClusters()).at(-1)!;

test('whoever follows the README sees what it shows', async (t) => {
  const steps = stepsOf(page);
  const { script, outputs } = asScript(steps);
  const { output } = await runScript(t, ['-c', script], { cluster, program: 'binary', env: { TZ: 'UTC' } });
  const printed = outputs(output);
  for (const [index, { line, command, shown }] of steps.entries()) {
    assert.notEqual(printed[index], undefined, `line ${line} of README.md was run:\n${command}\n${output}`);
    if (shown !== undefined) assert.equal(comparable(printed[index]!), comparable(shown), `line ${line}: ${command}`);
  }
});
