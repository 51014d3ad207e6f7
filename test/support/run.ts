/** Runs the tests that need processes and real clusters: starts the shared clusters, runs the tests, stops the clusters and reports the counts. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { secureCluster, stopTestClusters, testClusters } from './clusters.ts';

const root = join(import.meta.dirname, '../..');
const tap = join(root, 'node_modules/.cache/kt-test/result.tap');

function testFiles(folder: string): string[] {
  return readdirSync(join(root, 'test', folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join('test', folder, name))
    .sort();
}

function runTests(files: readonly string[]): Promise<number> {
  // Tests spend most of their time waiting for brokers.
  const concurrency = Math.max(3, Math.floor(availableParallelism() * 0.75));
  const child = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      '--test',
      `--test-concurrency=${concurrency}`,
      '--test-timeout=300000',
      '--test-reporter=spec',
      '--test-reporter-destination=stdout',
      '--test-reporter=tap',
      `--test-reporter-destination=${tap}`,
      ...files,
    ],
    { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

function counted(word: string): number {
  return Number(new RegExp(`^# ${word} (\\d+)$`, 'm').exec(readFileSync(tap, 'utf8'))?.[1] ?? 0);
}

const folders = process.argv.length > 2 ? process.argv.slice(2) : ['cli', 'integration', 'field', 'fault'];
const files = folders.flatMap((folder) => (folder.endsWith('.ts') ? [folder] : testFiles(folder)));
await Promise.all([testClusters(), secureCluster()]);
rmSync(tap, { force: true });
let code = 1;
try {
  code = await runTests(files);
} finally {
  await stopTestClusters();
}
const failed = counted('fail') + counted('cancelled');
console.log(`${counted('pass')} passed, ${failed} failed, ${counted('skipped')} skipped`);
process.exitCode = failed > 0 || counted('pass') === 0 ? 1 : code;
