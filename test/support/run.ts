/** Runs the tests that need processes and real clusters: starts the shared clusters, runs the tests, stops the clusters and reports the counts. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { prepareClusters, secureCluster, stopBrokenClusters, stopTestClusters, testClusters } from './clusters.ts';

const root = join(import.meta.dirname, '../..');
const results = join(root, 'node_modules/.cache/kt-test');

function testFiles(folder: string): string[] {
  return readdirSync(join(root, 'test', folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join('test', folder, name))
    .sort();
}

/** Files that run beside each other. */
interface Lane {
  readonly name: string;
  readonly files: readonly string[];
  readonly concurrency: number;
  /** What is not needed after the lane's last test. */
  stop?(): Promise<void>;
}

/**
 * The clusters of `brokenCluster` are for one file at a time. Tests of faults mostly wait for outages to pass: beside the others they cost little.
 * All kinds spend most of their time waiting for brokers.
 */
function lanesOf(files: readonly string[]): readonly Lane[] {
  const kinds: Record<string, string[]> = { broken: [], fault: [], others: [] };
  // Long files take long: they come first, so that no lane ends with one of them alone.
  const texts = files.map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));
  for (const { file, text } of texts.sort((a, b) => b.text.length - a.text.length)) {
    const isBroken = text.includes('await brokenCluster(');
    kinds[isBroken ? 'broken' : file.startsWith(join('test', 'fault')) ? 'fault' : 'others']!.push(file);
  }
  const lanes: Lane[] = [
    { name: 'broken', files: kinds['broken']!, concurrency: 1, stop: stopBrokenClusters },
    { name: 'fault', files: kinds['fault']!, concurrency: 1 },
    { name: 'others', files: kinds['others']!, concurrency: Math.max(3, Math.floor(availableParallelism() * 0.75)) },
  ];
  return lanes.filter((lane) => lane.files.length > 0);
}

function tapOf({ name }: Lane): string {
  return join(results, `${name}.tap`);
}

async function runTests(lane: Lane): Promise<number> {
  rmSync(tapOf(lane), { force: true });
  const child = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      '--test',
      `--test-concurrency=${lane.concurrency}`,
      '--test-timeout=600000',
      '--test-reporter=spec',
      '--test-reporter-destination=stdout',
      '--test-reporter=tap',
      `--test-reporter-destination=${tapOf(lane)}`,
      ...lane.files,
    ],
    { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
  const code = await ended;
  await lane.stop?.();
  return code;
}

const folders = process.argv.length > 2 ? process.argv.slice(2) : ['cli', 'integration', 'field', 'fault'];
const files = folders.flatMap((folder) => (folder.endsWith('.ts') ? [folder] : testFiles(folder)));
const lanes = lanesOf(files);
await prepareClusters();
await Promise.all([testClusters(), secureCluster()]);
let code = 1;
try {
  code = Math.max(...(await Promise.all(lanes.map(runTests))));
} finally {
  await stopTestClusters();
}
const counted = (word: string): number =>
  lanes.reduce((sum, lane) => {
    const found = new RegExp(`^# ${word} (\\d+)$`, 'm').exec(readFileSync(tapOf(lane), 'utf8'))?.[1];
    return sum + Number(found ?? 0);
  }, 0);
/** What failed and why, as TAP tells it; a suite that failed by its tests is left out. */
function failuresOf(lane: Lane): readonly string[] {
  const blocks = readFileSync(tapOf(lane), 'utf8').matchAll(/^( *)not ok .*\n\1 {2}---\n[\s\S]*?\n\1 {2}\.\.\.$/gm);
  return [...blocks].map(([block]) => block).filter((block) => !block.includes("failureType: 'subtestsFailed'"));
}

const failed = counted('fail') + counted('cancelled');
// The last lines of a long output are the ones that are read.
for (const lane of lanes) for (const failure of failuresOf(lane)) console.log(`${failure.slice(0, 6_000)}\n`);
console.log(`${counted('pass')} passed, ${failed} failed, ${counted('skipped')} skipped`);
process.exitCode = failed > 0 || counted('pass') === 0 ? 1 : code;
