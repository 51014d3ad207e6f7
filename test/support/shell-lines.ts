/** Runs lines as people type them at a shell: to their end, or until they have printed something and Ctrl-C ends them. */
import { spawn } from 'node:child_process';
import { until } from './until.ts';

export interface ShellResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface ShellOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin?: string | undefined;
  /** Ctrl-C ends the line once it has printed something on either stream; called again and again until then. */
  readonly untilOutput?: (() => Promise<unknown>) | undefined;
}

/** No line takes longer than this, in milliseconds. */
const patienceMs = 60_000;

/** A line that does not end, or that should go on and prints nothing, is killed after a minute. */
export async function runLine(line: string, { cwd, env, stdin = '', untilOutput }: ShellOptions): Promise<ShellResult> {
  // Its own process group, as a shell with job control gives a line.
  const child = spawn('bash', ['-c', `set -o pipefail; ${line}`], { cwd, env, detached: true });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const killer = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), patienceMs);
  // It is no error if a line ends before it has read everything.
  child.stdin.on('error', () => {}).end(stdin);
  if (untilOutput) {
    const hasPrinted = async () => {
      if (stdout + stderr !== '' || child.exitCode !== null || child.signalCode !== null) return true;
      await untilOutput();
      return false;
    };
    await until(hasPrinted, `output of ${line}`);
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, 'SIGINT');
  }
  const code = await ended;
  clearTimeout(killer);
  return { code, stdout, stderr };
}
