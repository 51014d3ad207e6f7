/** `npm run check`: runs every check that needs no broker and no build, in parallel; prints details only of those that fail. */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const node = process.execPath;
const modules = join(root, 'node_modules');

const checks = {
  'format and lint': [
    join(modules, '@biomejs/biome/bin/biome'),
    'ci',
    '--colors=off',
    '--max-diagnostics=100',
    '--error-on-warnings',
    '.',
  ],
  types: [join(modules, 'typescript/bin/tsc'), '-p', '.', '--noEmit', '--pretty', 'false'],
  'dead code': [join(modules, 'knip/bin/knip.js')],
  package: [join(modules, 'publint/src/cli.js'), '--pack', 'npm', '--strict'],
  house: ['--import', 'tsx', 'scripts/house.ts', '--check'],
  'unit tests': ['scripts/unit.mjs', '--coverage', '--test-reporter=tap'],
};
const coverage = ['coverage', ['--import', 'tsx', 'scripts/coverage.ts', '--summary']];

/** Runs one check and keeps its output, which is printed only if it fails. */
function run([name, args]) {
  return new Promise((resolve) => {
    const start = performance.now();
    const child = spawn(node, args, {
      cwd: root,
      env: { ...process.env, FORCE_COLOR: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    child.on('close', (code) => {
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`);
      resolve({ name, code, output: Buffer.concat(chunks).toString() });
    });
  });
}

/** The part of a failed check's output that matters; of the tests only those that failed. */
function why({ name, output }) {
  if (name !== 'unit tests') return output;
  const lines = output.split('\n');
  const failed = lines.flatMap((line, index) => (/^\s*not ok /.test(line) ? [index] : []));
  return failed.map((index) => lines.slice(index, index + 30).join('\n')).join('\n\n');
}

const results = await Promise.all(Object.entries(checks).map(run));
results.push(await run(coverage));
const failures = results.filter(({ code }) => code !== 0);
for (const failure of failures) console.error(`\n--- ${failure.name}\n${why(failure)}`);

const { output } = results.find(({ name }) => name === 'unit tests');
const count = (word) => Number(new RegExp(`^# ${word} (\\d+)$`, 'm').exec(output)?.[1] ?? 0);
const passed = count('pass');
const failed = count('fail') + count('cancelled');
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failures.length > 0 || passed === 0 ? 1 : 0;
