/**
 * `npm run coverage`: how much of src the unit tests ran, from what `unit.mjs --coverage` recorded. Exit code 1 if it is less than the floor.
 * With --summary only the totals are printed. Generated code and files with nothing but types do not count.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { readSources } from './house/source.ts';

/** Percent, just under what the tests reach: raise it with them. Tests with a real Kafka, which do not count here, cover commands and connections. */
const floor = { lines: 82, branches: 91, functions: 81 };

const root = join(import.meta.dirname, '..');
const onlyTypes = readSources(root, ['src']).filter(({ hasCode }) => !hasCode);
const { status } = spawnSync(
  process.execPath,
  [
    join(root, 'node_modules/c8/bin/c8.js'),
    'report',
    `--temp-directory=${join(root, 'node_modules/.cache/kt-unit/coverage')}`,
    `--reporter=${process.argv.includes('--summary') ? 'text-summary' : 'text'}`,
    '--all',
    '--src=src',
    '--include=src/**',
    '--exclude=src/kafka/wire/generated/**',
    ...onlyTypes.map(({ path }) => `--exclude=${path}`),
    '--check-coverage',
    ...Object.entries(floor).map(([what, percent]) => `--${what}=${percent}`),
  ],
  { cwd: root, stdio: 'inherit' },
);
process.exitCode = status ?? 1;
