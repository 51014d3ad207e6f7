/** What of its process a run may touch, so that tests can run kt inside theirs. */
import { fstatSync, statSync } from 'node:fs';
import { devNull } from 'node:os';
import type { Readable } from 'node:stream';

import { exitCodes } from './base/errors.ts';
import { fdOutput, type Output, writeNow } from './render/out.ts';

export interface Io {
  /** The words after `kt`. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  /** Data. */
  readonly stdout: Output;
  /** Words for people, written at once. */
  stderr(text: string): void;
  readonly terminal: { readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean };
  /** Width of the terminal in characters. */
  columns(): number;
  /** Height of the terminal in lines. */
  lines(): number;
  /** Calls back for each of the signal until the returned function is called. */
  onSignal(signal: 'SIGINT' | 'SIGTERM' | 'SIGWINCH', listener: () => void): () => void;
  /** Calls back for what nobody caught. */
  onUncaught(listener: (error: unknown) => void): void;
  /** Calls back when the reader of a stdout that is a pipe has gone, even if nothing is written; until the returned function is called. */
  onClosedStdout(listener: () => void): () => void;
  /** Ends the process at once, also while stdout takes nothing. */
  exit(code: number): void;
  /** Lets go of stdin, which would keep the process alive. */
  close(): void;
}

/** Runs that are over sooner find a closed pipe by writing, and are spared the watching. */
const watchAfterMs = 300;
const usualColumns = 80;
const usualLines = 24;

/**
 * Whether a descriptor can be a terminal. Asking costs little; node:tty, which knows for sure, takes 2 ms to load, half as much as
 * the binary's whole start, so it is spared a run in a script.
 */
function mayBeTerminal(fd: number): boolean {
  try {
    const facts = fstatSync(fd);
    return facts.isCharacterDevice() && facts.rdev !== statSync(devNull).rdev;
  } catch {
    return false;
  }
}

/** The process itself. Its streams are opened only when used: each costs start-up time. */
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
      process.on(signal, listener);
      return () => process.off(signal, listener);
    },
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
 * On Node, exit() waits for the thread that waits in write() for a reader. The signal itself, with nobody listening, ends the process, and
 * a shell sees the same code.
 */
function endStuck(code: number): void {
  for (const [signal, itsCode] of [
    ['SIGINT', exitCodes.interrupted],
    ['SIGTERM', exitCodes.terminated],
  ] as const) {
    if (code !== itsCode) continue;
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
    return;
  }
  process.exit(code);
}
