/** Other programs: run to their end, or started to outlive kt and recognised later. */
import { execFile, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { KtError } from '../base/errors.ts';

export interface RunOptions {
  readonly cwd?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface Finished {
  /** undefined when the program could not be started or was ended by a signal or the time limit. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** Whether the program exists. */
  readonly found: boolean;
}

/** Runs a program to its end; only an interruption throws. */
export async function run(file: string, args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const { cwd, timeoutMs, signal } = options;
  try {
    const { stdout, stderr } = await promisify(execFile)(file, [...args], {
      maxBuffer: 64 * 1024 * 1024,
      ...(cwd !== undefined && { cwd }),
      ...(timeoutMs !== undefined && { timeout: timeoutMs }),
      ...(signal && { signal }),
    });
    return { code: 0, stdout, stderr, found: true };
  } catch (error) {
    signal?.throwIfAborted();
    const failure = error as { code?: number | string | null; stdout?: string; stderr?: string };
    return {
      code: typeof failure.code === 'number' ? failure.code : undefined,
      stdout: failure.stdout ?? '',
      stderr: failure.stderr ?? '',
      found: failure.code !== 'ENOENT',
    };
  }
}

/** Starts a program in a session of its own, writing to a file; it survives kt. Resolves with its process id. */
export async function startDetached(file: string, args: readonly string[], cwd: string, logFile: string): Promise<number> {
  const log = openSync(logFile, 'w', 0o600);
  try {
    const child = spawn(file, args, { cwd, detached: true, stdio: ['ignore', log, log] });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    child.unref();
    return child.pid as number;
  } catch (cause) {
    throw new KtError('usage', `${file} cannot be started (${(cause as Error).message})`, { cause });
  } finally {
    closeSync(log);
  }
}

/** What a program that `startDetached` began has written; empty before it was ever started. */
export function writtenLog(logFile: string): string {
  return existsSync(logFile) ? readFileSync(logFile, 'utf8') : '';
}

/** The command line of a process, or an empty string if there is no such process (or only its zombie). */
async function commandLine(pid: number, platform: NodeJS.Platform): Promise<string> {
  if (platform !== 'linux') return (await run('ps', ['-ww', '-o', 'command=', '-p', String(pid)])).stdout;
  // Empty for a moment while the process turns into another program or ends; a process whose command line stays empty is not ours.
  for (let attempt = 0; attempt < 50; attempt++) {
    try {
      const text = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      if (text !== '' || /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) return text;
    } catch {
      return '';
    }
    await wait(5);
  }
  return '';
}

/** Whether `pid` is alive and still the program that was started with `marker` in its arguments: process ids are reused. */
export async function isOurs(pid: number, marker: string, platform: NodeJS.Platform = process.platform): Promise<boolean> {
  return pid > 0 && (await commandLine(pid, platform)).includes(marker);
}

/** Signals the session that `startDetached` began; it is no error if the session has already ended. */
export function signalSession(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
