/**
 * `npm run test:unit`: every unit test. With --coverage it also records what they run, for `coverage.ts`; other options are those of `node --test`.
 * A process for each file would spend more time starting than testing, so a process for each core shares the files between them.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const cache = join(root, 'node_modules', '.cache', 'kt-unit');
const options = process.argv.slice(2);

const tests = readdirSync(join(root, 'test', 'unit'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts'))
  .sort();

/** One module for each process, which imports its share of the test files. Neighbouring files are often equally slow, so they go to different processes. */
function writeShares() {
  rmSync(cache, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  const count = Math.max(2, availableParallelism());
  return Array.from({ length: count }, (_, share) => {
    const imports = tests
      .filter((_, index) => index % count === share)
      .map((file) => `import ${JSON.stringify(pathToFileURL(join(root, 'test', 'unit', file)).href)};\n`);
    const module = join(cache, `share-${share + 1}.mjs`);
    writeFileSync(module, imports.join(''));
    return module;
  });
}

const shares = writeShares();
const env = { ...process.env };
if (options.includes('--coverage')) env.NODE_V8_COVERAGE = join(cache, 'coverage');
const child = spawn(
  process.execPath,
  [
    '--import',
    'tsx',
    '--test',
    `--test-concurrency=${shares.length}`,
    // Holds for each share too.
    '--test-timeout=600000',
    ...options.filter((option) => option !== '--coverage'),
    ...shares,
  ],
  { cwd: root, env, stdio: 'inherit' },
);
child.on('close', (code) => {
  process.exitCode = code ?? 1;
});
