/** A row's results as a Markdown table, and whether its budgets held. */
import type { Budget, Row, Standing } from './row.ts';

export interface Verdict {
  readonly held: boolean;
  /** What was measured, and what was wanted. */
  readonly text: string;
}

const mib = 2 ** 20;

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export interface Report {
  /** The row's section. */
  readonly text: string;
  /** Whether each budget held; those against a rival that is not installed are left out. */
  readonly verdicts: readonly Verdict[];
  /** How many times as fast as the row's main rival kt is; undefined if that is not installed. */
  readonly main: { readonly rival: string; readonly ratio: number } | undefined;
}

/** @param name of the row, for `--rows` @param seconds that the whole row took */
export function report(name: string, row: Row, standings: readonly Standing[], seconds: number): Report {
  const verdicts = row.budgets
    .filter((budget) => !('rival' in budget) || standings.some(({ name }) => name === budget.rival))
    .map((budget) => verdict(budget, standings));
  const rates = row.records === undefined ? [] : ['records/s'];
  const headings = ['program', 'runs', 'median', 'min – max', 'user + sys', 'peak memory', ...rates, 'time against kt'];
  const reference = wallOf(standings, 'kt');
  const lines = standings.map((standing) => {
    const walls = standing.timings.map(({ wallMs }) => wallMs);
    const wall = median(walls);
    return [
      standing.name,
      String(walls.length),
      time(wall),
      `${time(Math.min(...walls))} – ${time(Math.max(...walls))}`,
      time(median(standing.timings.map(({ cpuMs }) => cpuMs))),
      standing.peak === undefined ? '' : `${(standing.peak / mib).toFixed(0)} MiB`,
      ...(row.records === undefined ? [] : [rate(row.records / wall)]),
      times(wall / reference),
    ];
  });
  const text = [
    `## ${name}: ${row.title}`,
    '',
    table([headings, ...lines]),
    '',
    ...best(standings),
    ...verdicts.map(({ held, text }) => `- ${held ? 'held' : '**missed**'}: ${text}`),
    `- the whole row took ${seconds.toFixed(0)} s`,
    '',
  ];
  return { text: text.join('\n'), verdicts, main: mainRatio(row, standings) };
}

/** The section of a row that could not be run to its end, which counts as a budget missed. */
export function failure(name: string): Report {
  const text = 'it failed; what the run printed says why';
  return { text: `## ${name}\n\n- **missed**: ${text}\n`, verdicts: [{ held: false, text }], main: undefined };
}

/** What results.md begins with. @param facts about the machine and the run */
export function head(facts: readonly string[], reports: ReadonlyMap<string, Report>): string {
  const all = [...reports].flatMap(([name, { verdicts }]) => verdicts.map((verdict) => ({ name, ...verdict })));
  const missed = all.filter(({ held }) => !held);
  const lines = [
    ...facts,
    `budgets: ${all.length - missed.length} held, ${missed.length} missed${missed.length > 0 ? ':' : ''}`,
  ].map((fact) => `- ${fact}`);
  return [
    '# Results\n',
    'Written by `npm run bench`; [README.md](README.md) says how it measures, [trend.md](trend.md) what earlier versions did.\n',
    ...lines,
    ...missed.map(({ name, text }) => `  - ${name}: ${text}`),
    '',
  ].join('\n');
}

function mainRatio({ budgets }: Row, standings: readonly Standing[]): Report['main'] {
  const rival = budgets.flatMap((budget) => ('rival' in budget ? [budget.rival] : []))[0];
  if (rival === undefined || !standings.some(({ name }) => name === rival)) return undefined;
  return { rival, ratio: wallOf(standings, rival) / wallOf(standings, 'kt') };
}

function wallOf(standings: readonly Standing[], name: string): number {
  return median(standings.find((each) => each.name === name)!.timings.map(({ wallMs }) => wallMs));
}

function verdict(budget: Budget, standings: readonly Standing[]): Verdict {
  if ('belowMb' in budget) {
    const mb = standings.find(({ name }) => name === budget.of)!.peak! / 1e6;
    return { held: mb < budget.belowMb, text: `${budget.of} peaks at ${mb.toFixed(0)} MB, < ${budget.belowMb} MB wanted` };
  }
  const ratio = wallOf(standings, budget.rival) / wallOf(standings, budget.of);
  const wanted = `≥ ${budget.atLeast} × wanted`;
  return { held: ratio >= budget.atLeast, text: `${budget.of} is ${times(ratio)} as fast as ${budget.rival}, ${wanted}` };
}

/** Nothing where kt stands beside itself only. */
function best(standings: readonly Standing[]): readonly string[] {
  const [first] = standings
    .filter(({ name }) => !name.startsWith('kt'))
    .map(({ name }) => ({ name, wall: wallOf(standings, name) }))
    .toSorted((a, b) => a.wall - b.wall);
  if (!first) return [];
  const speed = (name: string) => times(first.wall / wallOf(standings, name));
  const onNode = standings.some(({ name }) => name === 'kt on Node') ? `, kt on Node ${speed('kt on Node')}` : '';
  return [`- best of the others: ${first.name}; kt is ${speed('kt')} as fast${onNode}`];
}

/** A Markdown table; all columns but the first are aligned to the right. */
export function table([head, ...body]: readonly (readonly string[])[]): string {
  // A bar would end its cell.
  const all = [head!, ...body].map((cells) => cells.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = head!.map((_, column) => Math.max(...all.map((cells) => cells[column]!.length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join(' | ')} |`;
  const rule = `|${widths.map((width, at) => (at === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  const [first, ...others] = all.map(line);
  return [first, rule, ...others].join('\n');
}

/** Records per second, from records per millisecond. */
function rate(thousands: number): string {
  return thousands >= 100 ? `${(thousands / 1000).toFixed(2)} M` : `${thousands.toFixed(1)} k`;
}

function times(ratio: number): string {
  return `${ratio < 10 ? ratio.toFixed(2) : ratio.toFixed(1)} ×`;
}

function time(ms: number): string {
  if (ms >= 10_000) return `${(ms / 1000).toFixed(1)} s`;
  return ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : `${ms.toFixed(ms < 100 ? 1 : 0)} ms`;
}
