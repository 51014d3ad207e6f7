/** Pieces of code raced inside one process: how many records each does in a second of CPU time. */
import type { Timing } from '../measure.ts';

export interface Piece {
  readonly name: string;
  /** Does all records once. */
  run(): void;
}

export interface Raced {
  readonly name: string;
  readonly timings: readonly Timing[];
}

const rounds = 9;

/**
 * Races the pieces that the command line names, or all, and prints how fast they were; with --json as the benchmark reads it.
 * @param about what is read and written
 */
export function contest(about: string, records: number, pieces: readonly Piece[]): void {
  const words = process.argv.slice(2);
  const asJson = words[0] === '--json';
  const names = asJson ? words.slice(1) : words;
  const raced = race(names.length === 0 ? pieces : pieces.filter(({ name }) => names.includes(name)));
  process.stdout.write(asJson ? JSON.stringify(raced) : `${about}\n${raced.map((each) => rate(each, records)).join('')}`);
}

/** They take turns, so that a busy moment of the machine affects all of them. */
function race(pieces: readonly Piece[]): readonly Raced[] {
  const raced = pieces.map(({ name }) => ({ name, timings: [] as Timing[] }));
  for (const { run } of pieces) run();
  for (let round = 0; round < rounds; round++) {
    for (const [index, { run }] of pieces.entries()) {
      const start = { at: performance.now(), cpu: process.cpuUsage() };
      run();
      const { user, system } = process.cpuUsage(start.cpu);
      raced[index]!.timings.push({ wallMs: performance.now() - start.at, cpuMs: (user + system) / 1000 });
    }
  }
  return raced;
}

function rate({ name, timings }: Raced, records: number): string {
  const median = timings.map(({ cpuMs }) => cpuMs).sort((a, b) => a - b)[rounds >> 1]!;
  const perSecond = Math.round((1000 * records) / median);
  return `${name.padEnd(40)}${perSecond.toLocaleString('en').padStart(12)} records per CPU second\n`;
}
