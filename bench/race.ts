/** Runs one row: all its programs in turn, several times, so that a busy moment of the machine affects them all. */
import { join } from 'node:path';
import { peakMemory, type Timing, timed } from './measure.ts';
import type { Contender, Row } from './row.ts';
import { workDirectory } from './work.ts';

export interface Standing {
  readonly name: string;
  readonly timings: Timing[];
  /** Bytes. */
  readonly peak: number;
}

const output = join(workDirectory, 'output');

/**
 * First every program once, untimed: it warms the caches, shows its peak memory and proves that it does the same as the others.
 * @throws when outputs differ
 */
export async function race(row: Row): Promise<readonly Standing[]> {
  await row.setup?.();
  let turn = 0;
  const once = async <T>(contender: Contender, check: Row['check'], work: (turn: number) => Promise<T>) => {
    turn++;
    await contender.before?.(turn);
    const result = await work(turn);
    const shown = await check?.(output, turn);
    const extra = check === row.check ? shown : await row.check?.(output, turn);
    await contender.after?.(turn);
    return { result, shown, check: extra };
  };
  const program = (contender: Contender, at: number) => ({
    command: contender.command(at),
    stdin: contender.stdin,
    output,
  });

  const lanes: { contender: Contender; standing: Standing; check: string | undefined }[] = [];
  let expected: string | undefined;
  for (const contender of row.contenders) {
    const { result, shown, check } = await once(contender, row.proof, (at) => peakMemory(program(contender, at)));
    if (row.proof && shown === '') throw new Error(`${row.title}: ${contender.name} did nothing`);
    expected ??= shown;
    if (shown !== expected)
      throw new Error(`${row.title}: ${contender.name} made ${shown}, ${row.contenders[0]!.name} ${expected}`);
    lanes.push({ contender, standing: { name: contender.name, timings: [], peak: result }, check });
  }
  for (let round = 0; round < row.runs; round++) {
    // Rotates the order, so that no program always runs first.
    const order = [...lanes.slice(round % lanes.length), ...lanes.slice(0, round % lanes.length)];
    for (const { contender, standing, check } of order) {
      if (round >= (contender.maxRuns ?? row.runs)) continue;
      const { result, shown } = await once(contender, row.check, (at) => timed(program(contender, at)));
      if (shown !== check) throw new Error(`${row.title}: ${contender.name} made ${shown}, ${check} before`);
      standing.timings.push(result);
    }
  }
  return lanes.map(({ standing }) => standing);
}
