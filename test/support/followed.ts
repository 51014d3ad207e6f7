/** A running kt that prints lines, and what it has printed so far. */
import { linesOf, type Started } from './kt-on.ts';
import { until } from './until.ts';

const patienceMs = 120_000;

/** @param name who it is, for errors */
export function followed(name: string, { child, ended }: Started) {
  const said = { stdout: '', stderr: '' };
  let lines = 0;
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    said.stdout += chunk;
    lines += chunk.split('\n').length - 1;
  });
  child.stderr.on('data', (chunk) => {
    said.stderr += chunk;
  });
  return {
    /** How many lines there are. */
    count: () => lines,
    values: () => linesOf(said.stdout),
    stderr: () => said.stderr,
    /** Waits for so many lines, or for its end. */
    has: (count: number) =>
      until(
        () => lines >= count || child.exitCode !== null,
        () => `${name}: ${count} values, of which ${lines} came\n${said.stderr}`,
        patienceMs,
      ),
    /** Interrupts it; resolves with its exit code. */
    async end() {
      child.kill('SIGINT');
      return (await ended).code;
    },
  };
}
