/** `npm run bench`: kt and its rivals side by side on a real Kafka; tables here and in results.md. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type BenchCluster, startBenchCluster, stopBenchCluster } from './cluster.ts';
import { commit, load, machineFacts, version } from './machine.ts';
import { buildKt, installPrograms } from './programs.ts';
import { race } from './race.ts';
import { failure, head, type Report, report } from './report.ts';
import type { Scale, Setting } from './row.ts';
import { chosenRows, type RowMaker, rows } from './rows/index.ts';
import { addToTrend } from './trend.ts';
import { rootDirectory, workDirectory } from './work.ts';

const full: Scale = {
  tailRecords: 2_000_000,
  producedRecords: 1_000_000,
  groups: 50,
  topics: 2_000,
  runs: { long: 5, short: 15 },
};
const quick: Scale = {
  tailRecords: 200_000,
  producedRecords: 100_000,
  groups: 10,
  topics: 200,
  runs: { long: 3, short: 7 },
};

const { values: asked } = parseArgs({
  options: {
    rows: { type: 'string' },
    runs: { type: 'string' },
    quick: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
  },
});

function chosenScale(): Scale {
  const scale = asked.quick ? quick : full;
  if (asked.runs === undefined) return scale;
  const runs = Number(asked.runs);
  if (!(Number.isInteger(runs) && runs > 0)) throw new Error(`--runs ${asked.runs} (not a number of runs)`);
  return { ...scale, runs: { long: runs, short: runs } };
}

/** Runs the rows one after the other, and deletes what they wrote. A row that fails does not end the run. */
async function measure(names: readonly string[], scale: Scale) {
  const reports = new Map<string, Report>();
  try {
    let cluster: BenchCluster | undefined;
    for (const name of names) {
      const { brokers, make } = rows.get(name)!;
      const began = performance.now();
      if (cluster?.brokers !== brokers) cluster = await startBenchCluster(brokers);
      const result = await measured(name, make, { cluster, scale }, began);
      console.log(result.text);
      reports.set(name, result);
    }
    return { reports, kafkaVersion: cluster!.kafkaVersion };
  } finally {
    await stopBenchCluster();
    for (const name of readdirSync(workDirectory)) rmSync(join(workDirectory, name), { recursive: true });
  }
}

async function measured(name: string, make: RowMaker['make'], setting: Setting, began: number): Promise<Report> {
  try {
    const row = await make(setting);
    const standings = await race(row);
    return report(name, row, standings, (performance.now() - began) / 1000);
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
    return failure(name);
  }
}

const names = chosenRows(asked.rows ?? '*');
const scale = chosenScale();
const start = { load: load(), at: performance.now() };
mkdirSync(workDirectory, { recursive: true });
installPrograms();
await buildKt();
const { reports, kafkaVersion } = await measure(names, scale);
const minutes = ((performance.now() - start.at) / 60_000).toFixed(1);
const date = new Date().toISOString().slice(0, 10);
const facts = [
  ...machineFacts(kafkaVersion),
  `run: ${date}, ${minutes} minutes; load average ${start.load} at the start, ${load()} at the end: others used this machine too`,
];
const results = head(facts, reports);
console.log(results);
// A partial run must not replace the results of a full one.
if (!asked.quick && asked.rows === undefined) {
  const sections = [...reports.values()].map(({ text }) => text);
  writeFileSync(join(rootDirectory, 'bench/results.md'), `${[results, ...sections].join('\n').trimEnd()}\n`);
  addToTrend({ date, version, commit: commit(), cores: availableParallelism() }, reports);
}
if (asked.check && [...reports.values()].some(({ verdicts }) => verdicts.some(({ held }) => !held))) process.exitCode = 1;
