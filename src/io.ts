/** The parts of its process that a run may touch, so that tests can run kt inside their own. */
import { fstatSync, readFileSync, statSync } from 'node:fs';
import { devNull } from 'node:os';
import type { Readable } from 'node:stream';

import { endingSignals, exitCodes } from './base/errors.ts';
import { fdOutput, type Output, writeNow } from './render/out.ts';

export interface Io {
  /** The words after `kt`. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  /** For data. */
  readonly stdout: Output;
  /** Writes text for people at once. */
  stderr(text: string): void;
  readonly terminal: { readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean };
  /** Width of the terminal in characters. */
  columns(): number;
  /** Height of the terminal in lines. */
  lines(): number;
  /** Calls back each time the signal comes until the returned function is called. A SIGHUP that nohup had ignored stays ignored. */
  onSignal(signal: HeardSignal, listener: () => void): () => void;
  /** Stops the process and those beside it, as Ctrl-Z does; returns when they go on, or at once where nobody could let them go on. */
  stop(): void;
  /** Calls back for errors that nothing caught. */
  onUncaught(listener: (error: unknown) => void): void;
  /** Calls back when stdout is a pipe whose reader has gone, even if nothing is written, until the returned function is called. */
  onClosedStdout(listener: () => void): () => void;
  /** Ends the process at once, even while stdout accepts nothing. */
  exit(code: number): void;
  /** Closes stdin, which would keep the process alive. */
  close(): void;
}

type HeardSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGWINCH' | 'SIGTSTP' | 'SIGCONT';

/** Shorter runs notice a closed pipe when they write, and need no watching. */
const watchAfterMs = 300;
const usualColumns = 80;
const usualLines = 24;

/**
 * Whether a descriptor can be a terminal. This is cheap to ask; node:tty, which knows for sure, takes 2 ms to load, half of the binary's
 * whole start, so a run in a script does without it.
 */
function mayBeTerminal(fd: number): boolean {
  try {
    const facts = fstatSync(fd);
    return facts.isCharacterDevice() && facts.rdev !== statSync(devNull).rdev;
  } catch {
    return false;
  }
}

/** The process itself. Its streams are opened only when they are used: each costs start-up time. */
export async function processIo(): Promise<Io> {
  const [stdin, stdout, stderr] = [0, 1, 2].map(mayBeTerminal) as [boolean, boolean, boolean];
  const tty = stdin || stdout || stderr ? await import('node:tty') : undefined;
  let stdinUsed = false;
  const output = fdOutput(1);
  return {
    argv: process.argv.slice(2),
    env: process.env,
    cwd: process.cwd(),
    get stdin() {
      stdinUsed = true;
      return process.stdin;
    },
    stdout: output,
    stderr: (text) => writeNow(2, text),
    terminal: {
      stdin: stdin && tty!.isatty(0),
      stdout: stdout && tty!.isatty(1),
      stderr: stderr && tty!.isatty(2),
    },
    columns: () => (stdout && tty!.isatty(1) ? new tty!.WriteStream(1).columns : 0) || usualColumns,
    lines: () => (stdout && tty!.isatty(1) ? new tty!.WriteStream(1).rows : 0) || usualLines,
    onSignal(signal, listener) {
      if (signal === 'SIGHUP' && hangupIsIgnored({ stdout, stderr })) return () => {};
      process.on(signal, listener);
      return () => process.off(signal, listener);
    },
    // 0: the whole process group. The rest of a pipeline stops too.
    stop: () => void process.kill(0, 'SIGTSTP'),
    onUncaught(listener) {
      process.on('uncaughtException', listener);
    },
    onClosedStdout(listener) {
      let wanted = true;
      const timer = setTimeout(async () => {
        const { watchPipe } = await import('./render/closed-pipe.ts');
        await watchPipe(1, () => wanted && listener());
      }, watchAfterMs);
      timer.unref();
      return () => {
        wanted = false;
        clearTimeout(timer);
      };
    },
    exit: (code) => (output.isWriting?.() ? endStuck(code) : process.exit(code)),
    close() {
      if (stdinUsed) process.stdin.destroy();
    },
  };
}

/**
 * Whether whoever started kt had SIGHUP ignored, as nohup does: listening would undo that. Linux tells. Elsewhere a run without a
 * terminal counts as one that is to survive it. (Node itself undoes it before kt starts.)
 */
function hangupIsIgnored({ stdout, stderr }: { readonly stdout: boolean; readonly stderr: boolean }): boolean {
  try {
    const ignored = /^SigIgn:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1];
    // SIGHUP is signal 1, the lowest bit.
    if (ignored !== undefined) return Number.parseInt(ignored.slice(-1), 16) % 2 === 1;
  } catch {
    // Not Linux.
  }
  return !stdout && !stderr;
}

/**
 * On Node, exit() waits for a thread that is blocked in write(). The signal that ends the run, sent again with no listener, ends the
 * process at once, and a shell sees the same exit code.
 */
function endStuck(code: number): void {
  for (const [signal, kind] of Object.entries(endingSignals)) {
    if (code !== exitCodes[kind]) continue;
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
    return;
  }
  process.exit(code);
}
