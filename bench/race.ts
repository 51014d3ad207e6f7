/** Runs one row: all its programs in turn, several times, so that a busy moment of the machine affects them all. */
import { join } from 'node:path';
import { timed, watched } from './measure.ts';
import type { Contender, Row, Standing } from './row.ts';
import { workDirectory } from './work.ts';

const output = join(workDirectory, 'output');
/** A rival that ran for so long altogether is not run again. */
const enoughMs = 3_000;

/**
 * First every program once: it warms the caches, shows its peak memory and proves that it does the same as the others. This run counts only of a program
 * so slow that it is its only one.
 * @throws when outputs differ
 */
export async function race(row: Row): Promise<readonly Standing[]> {
  await row.setup?.();
  if (row.contest) return row.contest();
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
    const { result, shown, check } = await once(contender, row.proof, (at) => watched(program(contender, at)));
    if (row.proof && shown === '') throw new Error(`${row.title}: ${contender.name} did nothing`);
    expected ??= shown;
    if (shown !== expected)
      throw new Error(`${row.title}: ${contender.name} made ${shown}, ${row.contenders[0]!.name} ${expected}`);
    const only = { name: contender.name, timings: result.timing ? [result.timing] : [], peak: result.peak };
    lanes.push({ contender, standing: hasRunEnough(only) ? only : { ...only, timings: [] }, check });
  }
  for (let round = 0; round < row.runs; round++) {
    // Rotates the order, so that no program always runs first.
    const order = [...lanes.slice(round % lanes.length), ...lanes.slice(0, round % lanes.length)];
    for (const { contender, standing, check } of order) {
      if (hasRunEnough(standing)) continue;
      const { result, shown } = await once(contender, row.check, (at) => timed(program(contender, at)));
      if (shown !== check) throw new Error(`${row.title}: ${contender.name} made ${shown}, ${check} before`);
      standing.timings.push(result);
    }
  }
  return lanes.map(({ standing }) => standing);
}

/** kt never has: its runs are what everything is compared with. */
function hasRunEnough({ name, timings }: Standing): boolean {
  return !name.startsWith('kt') && timings.reduce((sum, { wallMs }) => sum + wallMs, 0) >= enoughMs;
}
