/** `npm run bench`: kt and its rivals side by side, alternating, whole processes, on a real Kafka; a table here and in results.md. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startLocal, stopLocal } from '../src/local/cluster.ts';
import { kcatUnavailable } from '../test/support/foreign-clients.ts';
import { type Contender, measured, median, requireTime, type Sample } from './measure.ts';
import { type Row, rowsOf, type Setting, topics } from './rows.ts';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'node_modules/.cache/kt-bench');
const quick = process.argv.includes('--quick');
const place = { name: 'bench', directory: join(folder, 'clusters'), cacheDirectory: join(folder, 'kt') };
const options = { signal: new AbortController().signal, note: () => {} };

interface Result {
  readonly contender: Contender;
  readonly samples: readonly Sample[];
}

/** 100 bytes a line, the newline apart: a number, then letters that compress as text does. */
async function writeLines(file: string, count: number): Promise<void> {
  const out = createWriteStream(file);
  const words = ['user.signup', 'order.created', 'payment.settled', 'invoice.sent', 'cart.emptied', 'login.failed'];
  for (let line = 0; line < count; line++) {
    const text = `${String(line).padStart(8, '0')} ${words[line % 6]} user-${line % 1009} `;
    if (!out.write(`${text.padEnd(100, createHash('md5').update(String(line)).digest('base64'))}\n`)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}

async function prepare(): Promise<Setting> {
  mkdirSync(folder, { recursive: true });
  const problem = kcatUnavailable();
  if (problem !== undefined) throw new Error(problem);
  requireTime();
  const [tailed, produced] = quick ? [200_000, 100_000] : [2_000_000, 1_000_000];
  const setting = {
    root,
    tailed,
    produced,
    lineFile: join(folder, 'lines.txt'),
    emptyProgram: join(folder, 'empty'),
  };
  writeFileSync(`${setting.emptyProgram}.ts`, '');
  const bun = join(root, 'node_modules/bun/bin/bun.exe');
  execFileSync(
    bun,
    ['build', '--compile', '--minify', '--bytecode', `${setting.emptyProgram}.ts`, `--outfile=${setting.emptyProgram}`],
    { stdio: 'pipe' },
  );
  const all = join(folder, 'all.txt');
  await Promise.all([writeLines(all, tailed), writeLines(setting.lineFile, produced)]);

  await stopLocal({ ...place, purge: true }, options);
  const cluster = await startLocal({ ...place, runtime: 'java', port: 0 }, options);
  const kt = (...args: readonly string[]) =>
    execFileSync(join(root, 'dist/kt'), [...args, '-q', '-b', cluster.bootstrapServers]);
  kt('topics', 'create', ...Object.values(topics), ...Array.from({ length: 17 }, (_, n) => `bench-${n}`), '--partitions', '3');
  kt('produce', topics.values, '--file', all);
  kt('produce', topics.events, '--file', all, '-K', ' ', '-H', 'trace=4bf92f3577b34da6');
  return { ...setting, bootstrapServers: cluster.bootstrapServers, classpath: cluster.classpath! };
}

/** What an output holds: its lines in any order, or how many there are. */
async function fingerprint(file: string, same: 'lines' | 'count'): Promise<string> {
  let count = 0;
  let sum = 0n;
  for await (const line of createInterface({ input: createReadStream(file) })) {
    count++;
    if (same === 'lines') sum += createHash('md5').update(line).digest().readBigUInt64BE();
  }
  return `${count} lines, ${BigInt.asUintN(64, sum)}`;
}

/** All contenders once after the other, again and again, so that a busy moment meets them all. */
async function run(row: Row): Promise<readonly Result[]> {
  const output = join(folder, 'output.txt');
  const results = row.contenders.map((contender) => ({ contender, samples: [] as Sample[] }));
  let expected: string | undefined;
  for (let round = 0; round < (quick ? 3 : row.runs); round++) {
    for (const { contender, samples } of results) {
      samples.push(await measured(contender, folder, output));
      if (round > 0 || row.same === 'nothing') continue;
      const found = await fingerprint(output, row.same);
      expected ??= found;
      if (found !== expected) throw new Error(`${row.name}: ${contender.name} printed ${found}, kt ${expected}`);
    }
  }
  rmSync(output, { force: true });
  return results;
}

function wallOf(results: readonly Result[], name: string): number {
  const { samples } = results.find(({ contender }) => contender.name === name)!;
  return median(samples.map(({ wallMs }) => wallMs));
}

function report(row: Row, results: readonly Result[]): { readonly text: string; readonly held: boolean } {
  const kt = wallOf(results, 'kt');
  const lines = results.map(({ contender, samples }) => {
    const walls = samples.map(({ wallMs }) => wallMs);
    const wall = median(walls);
    const cells = [
      contender.name,
      ms(wall),
      `${ms(Math.min(...walls))} – ${ms(Math.max(...walls))}`,
      ms(median(samples.map(({ cpuMs }) => cpuMs))),
      `${median(samples.map(({ peakMiB }) => peakMiB)).toFixed(0)} MiB`,
      `${(wall / kt).toFixed(2)} ×`,
    ];
    return `| ${cells.join(' | ')} |`;
  });
  const verdicts = row.budgets.map(({ rival, times }) => {
    const ratio = wallOf(results, rival) / kt;
    const held = ratio >= times;
    return { held, text: `- ${held ? 'held' : '**missed**'}: ${ratio.toFixed(2)} × as fast as ${rival}, ${times} × wanted` };
  });
  return {
    text: [
      `## ${row.name}`,
      '',
      '| | median | fastest – slowest | CPU | peak memory | time against kt |',
      '|---|---:|---:|---:|---:|---:|',
      ...lines,
      '',
      ...verdicts.map(({ text }) => text),
      '',
    ].join('\n'),
    held: verdicts.every(({ held }) => held),
  };
}

function ms(value: number): string {
  return value < 100 ? `${value.toFixed(1)} ms` : value < 10_000 ? `${value.toFixed(0)} ms` : `${(value / 1000).toFixed(1)} s`;
}

function load(): string {
  return loadavg()[0]!.toFixed(1);
}

const before = load();
const setting = await prepare();
const texts: string[] = [];
let allHeld = true;
try {
  for (const row of rowsOf(setting)) {
    const { text, held } = report(row, await run(row));
    allHeld &&= held;
    texts.push(text);
    console.log(text);
  }
} finally {
  await stopLocal({ ...place, purge: true }, options);
  rmSync(join(folder, 'all.txt'), { force: true });
}
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
const facts = [
  `${availableParallelism()} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB`,
  `Kafka 4.3.1, one broker on the same machine`,
  `Node ${process.versions.node}`,
  `load ${before} before, ${load()} after`,
  `commit ${commit}, ${new Date().toISOString().slice(0, 10)}`,
];
const head = `# Results\n\nWritten by \`npm run bench\`${quick ? ' -- --quick (fewer records and runs)' : ''}: ${facts.join('; ')}. How it measures: [README.md](README.md).\n`;
writeFileSync(join(root, 'bench/results.md'), `${[head, ...texts].join('\n').trimEnd()}\n`);
if (process.argv.includes('--check') && !allHeld) process.exitCode = 1;
