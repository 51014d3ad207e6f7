/** A row's results as a Markdown table, and whether its budgets held. */
import type { Standing } from './race.ts';
import type { Budget, Row } from './row.ts';

export interface Verdict {
  readonly held: boolean;
  readonly text: string;
}

const mib = 2 ** 20;

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The row's section, and whether each budget held; budgets against a rival that is not installed are left out. */
export function report(
  row: Row,
  standings: readonly Standing[],
): { readonly text: string; readonly verdicts: readonly Verdict[] } {
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
      `${(standing.peak / mib).toFixed(0)} MiB`,
      ...(row.records === undefined ? [] : [rate(row.records / wall)]),
      times(wall / reference),
    ];
  });
  const text = [
    `## ${row.title}`,
    '',
    table([headings, ...lines]),
    '',
    ...best(standings),
    ...verdicts.map((each) => each.text),
    '',
  ];
  return { text: text.join('\n'), verdicts };
}

function wallOf(standings: readonly Standing[], name: string): number {
  return median(standings.find((each) => each.name === name)!.timings.map(({ wallMs }) => wallMs));
}

function verdict(budget: Budget, standings: readonly Standing[]): Verdict {
  if ('belowMb' in budget) {
    const mb = standings.find(({ name }) => name === budget.of)!.peak / 1e6;
    return judged(mb < budget.belowMb, `${budget.of} peaks at ${mb.toFixed(0)} MB, < ${budget.belowMb} MB wanted`);
  }
  const ratio = wallOf(standings, budget.rival) / wallOf(standings, budget.of);
  const wanted = `≥ ${budget.atLeast} × wanted`;
  return judged(ratio >= budget.atLeast, `${budget.of} is ${times(ratio)} as fast as ${budget.rival}, ${wanted}`);
}

function judged(held: boolean, text: string): Verdict {
  return { held, text: `- ${held ? 'held' : '**missed**'}: ${text}` };
}

/** Nothing where kt stands beside itself only. */
function best(standings: readonly Standing[]): readonly string[] {
  const [first] = standings
    .filter(({ name }) => !name.startsWith('kt'))
    .map(({ name }) => ({ name, wall: wallOf(standings, name) }))
    .toSorted((a, b) => a.wall - b.wall);
  if (!first) return [];
  const speed = (name: string) => times(first.wall / wallOf(standings, name));
  return [`- best of the others: ${first.name}; kt is ${speed('kt')} as fast, kt on Node ${speed('kt on Node')}`];
}

function table([head, ...body]: readonly (readonly string[])[]): string {
  const all = [head!, ...body];
  const widths = head!.map((_, column) => Math.max(...all.map((cells) => cells[column]!.length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join(' | ')} |`;
  const rule = `|${widths.map((width, at) => (at === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [line(head!), rule, ...body.map(line)].join('\n');
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
