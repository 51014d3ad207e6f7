/** `npm run bench`: kt and its rivals side by side on a real Kafka; tables here and in results.md. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type BenchCluster, startBenchCluster, stopBenchCluster } from './cluster.ts';
import { load, machineFacts } from './machine.ts';
import { buildKt, installPrograms } from './programs.ts';
import { race } from './race.ts';
import { report, type Verdict } from './report.ts';
import type { Row, Scale } from './row.ts';
import { chosenRows, rows } from './rows/index.ts';
import { rootDirectory, workDirectory } from './work.ts';

const full: Scale = {
  tailRecords: 2_000_000,
  producedRecords: 1_000_000,
  groups: 50,
  topics: 2_000,
  runs: { long: 7, variant: 5, short: 21 },
};
const quick: Scale = {
  tailRecords: 200_000,
  producedRecords: 100_000,
  groups: 10,
  topics: 200,
  runs: { long: 3, variant: 3, short: 7 },
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
  return { ...scale, runs: { long: runs, variant: runs, short: runs } };
}

/** Runs the rows one after the other, and deletes what they wrote. */
async function measure(names: readonly string[], scale: Scale) {
  const sections: string[] = [];
  const verdicts: Verdict[] = [];
  try {
    let cluster: BenchCluster | undefined;
    for (const name of names) {
      const { brokers, make } = rows.get(name)!;
      if (cluster?.brokers !== brokers) cluster = await startBenchCluster(brokers);
      const row: Row = await make({ cluster, scale });
      const result = report(row, await race(row));
      console.log(result.text);
      sections.push(result.text);
      verdicts.push(...result.verdicts);
    }
    return { sections, verdicts, kafkaVersion: cluster!.kafkaVersion };
  } finally {
    await stopBenchCluster();
    for (const name of readdirSync(workDirectory)) rmSync(join(workDirectory, name), { recursive: true });
  }
}

const names = chosenRows(asked.rows ?? '*');
const scale = chosenScale();
const start = { load: load(), at: performance.now() };
mkdirSync(workDirectory, { recursive: true });
installPrograms();
await buildKt();
const { sections, verdicts, kafkaVersion } = await measure(names, scale);
const minutes = ((performance.now() - start.at) / 60_000).toFixed(1);
const facts = [
  ...machineFacts(kafkaVersion),
  `run: ${new Date().toISOString().slice(0, 10)}, ${minutes} minutes; load average ${start.load} at the start, ${load()} at the end: others used this machine too`,
];
const head = `# Results\n\nWritten by \`npm run bench\`; [README.md](README.md) says how it measures.\n\n${facts.map((fact) => `- ${fact}`).join('\n')}\n`;
console.log(head);
// A partial run must not replace the results of a full one.
if (!asked.quick && asked.rows === undefined) {
  writeFileSync(join(rootDirectory, 'bench/results.md'), `${[head, ...sections].join('\n').trimEnd()}\n`);
}
const missed = verdicts.filter(({ held }) => !held).length;
console.log(`${verdicts.length - missed} budgets held, ${missed} missed`);
if (asked.check && missed > 0) process.exitCode = 1;
