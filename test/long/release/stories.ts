/** What the stories of a release share: its folder, programs that are run there, and the count of what was tried. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../../..');
/** Has the files of the release. */
export const release = join(root, 'dist/release');

/** The path of a file of the release. */
export function file(name: string): string {
  return join(release, name);
}

/** Runs a program in the release's folder. @returns its stdout @throws if it fails, with its output */
export function run(program: string, ...args: string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', cwd: release, stdio: 'pipe', maxBuffer: 1 << 26 });
}

const counts = { tried: 0, skipped: 0 };

/** Tells a story, and how long it took. @throws if it does not hold */
export async function story(name: string, work: () => unknown): Promise<void> {
  const start = performance.now();
  await work();
  counts.tried++;
  console.log(`ok ${name} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
}

/** @param why this machine cannot try it */
export function skip(name: string, why: string): void {
  counts.skipped++;
  console.log(`skipped ${name} (${why})`);
}

/** The closing line. */
export function summary(): string {
  return `${counts.tried} passed, 0 failed, ${counts.skipped} skipped`;
}
