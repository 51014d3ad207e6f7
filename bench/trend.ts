/** The trend: of each full run how many times as fast as its main rival kt was in each row. trend.tsv has a line for each run, trend.md the newest ones. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Report, table } from './report.ts';

export interface RunFacts {
  readonly date: string;
  /** Of kt. */
  readonly version: string;
  readonly commit: string;
  readonly cores: number;
}

export interface TrendRun extends RunFacts {
  /** By "row (rival)", in the order of the rows. */
  readonly ratios: ReadonlyMap<string, string>;
}

const facts = ['date', 'version', 'commit', 'cores'];
/** How many runs trend.md shows. */
const shown = 8;

const place = (file: string) => join(import.meta.dirname, file);

/** Adds a run to both files. */
export function addToTrend(run: RunFacts, reports: ReadonlyMap<string, Pick<Report, 'main'>>): void {
  const file = place('trend.tsv');
  const before = existsSync(file) ? parseTrend(readFileSync(file, 'utf8')) : [];
  const runs = withRun(before, { ...run, ratios: ratiosOf(reports) });
  writeFileSync(file, formatTrend(runs));
  writeFileSync(place('trend.md'), describeTrend(runs));
}

export function ratiosOf(reports: ReadonlyMap<string, Pick<Report, 'main'>>): ReadonlyMap<string, string> {
  return new Map(
    [...reports].flatMap(([row, { main }]) =>
      main === undefined ? [] : [[`${row} (${main.rival})`, main.ratio.toFixed(main.ratio < 10 ? 2 : 1)] as const],
    ),
  );
}

/** The runs with a new one, which replaces an earlier one of the same commit on as many cores. */
export function withRun(runs: readonly TrendRun[], run: TrendRun): readonly TrendRun[] {
  return [...runs.filter(({ commit, cores }) => commit !== run.commit || cores !== run.cores), run];
}

/** As tab-separated values, oldest run first; a cell is empty where a run lacked the row or the rival. */
export function formatTrend(runs: readonly TrendRun[]): string {
  const names = rowNames(runs);
  const lines = runs.map(({ date, version, commit, cores, ratios }) => [
    ...[date, version, commit, String(cores)],
    ...names.map((name) => ratios.get(name) ?? ''),
  ]);
  return [[...facts, ...names], ...lines].map((cells) => `${cells.join('\t')}\n`).join('');
}

/** Reads what `formatTrend` wrote. */
export function parseTrend(text: string): readonly TrendRun[] {
  const [head = [], ...lines] = text
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'));
  const names = head.slice(facts.length);
  return lines.map(([date = '', version = '', commit = '', cores, ...cells]) => ({
    ...{ date, version, commit, cores: Number(cores) },
    ratios: new Map(names.flatMap((name, index) => (cells[index] ? [[name, cells[index]] as const] : []))),
  }));
}

/** As a Markdown table: a line for each row of the benchmark, the newest run first. */
export function describeTrend(runs: readonly TrendRun[]): string {
  const newest = runs.slice(-shown).reverse();
  const heads = newest.map(({ date, version, commit, cores }) => `${version} ${commit}, ${date}, ${cores} cores`);
  const lines = rowNames(newest).map((name) => [name, ...newest.map(({ ratios }) => ratios.get(name) ?? '')]);
  return [
    '# Trend',
    '',
    'Written by a full `npm run bench`: how many times as fast as a row’s main rival, in brackets, kt is, by the medians of one run.',
    'Machines differ, so compare ratios only. [trend.tsv](trend.tsv) has all runs, [results.md](results.md) the whole of the last one.',
    '',
    table([['row (rival)', ...heads], ...lines]),
    '',
  ].join('\n');
}

/** The rows of all runs; those of the newest one in its order, then what only earlier ones had. */
function rowNames(runs: readonly TrendRun[]): readonly string[] {
  return [...new Set(runs.toReversed().flatMap(({ ratios }) => [...ratios.keys()]))];
}
