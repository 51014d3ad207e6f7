/** The parts of its process that a run may touch, so that tests can run kt inside their own. */
import type { Readable } from 'node:stream';

import { endingSignals, exitCodes } from './base/errors.ts';
import { hangupIsIgnored, mayBeTerminal, stopGroup } from './io/system.ts';
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

/** The process itself. Its streams are opened only when they are used: each costs start-up time. */
export async function processIo(): Promise<Io> {
  const { platform: system } = process;
  const [stdin, stdout, stderr] = [0, 1, 2].map((fd) => mayBeTerminal(fd, system)) as [boolean, boolean, boolean];
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
      if (signal === 'SIGHUP' && hangupIsIgnored(system, stdout || stderr)) return () => {};
      process.on(signal, listener);
      return () => process.off(signal, listener);
    },
    stop: () => stopGroup(system),
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
    // Windows knows no end by a signal whose exit code tells of it.
    exit: (code) => (output.isWriting?.() && system !== 'win32' ? endStuck(code) : process.exit(code)),
    close() {
      if (stdinUsed) process.stdin.destroy();
    },
  };
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
