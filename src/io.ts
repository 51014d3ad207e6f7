/** What of its process a run may touch, so that tests can run kt inside theirs. */
import { fstatSync, statSync } from 'node:fs';
import { devNull } from 'node:os';
import type { Readable } from 'node:stream';

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
  /** Ends the process at once. */
  exit(code: number): void;
  /** Lets go of stdin, which would keep the process alive. */
  close(): void;
}

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
  return {
    argv: process.argv.slice(2),
    env: process.env,
    cwd: process.cwd(),
    get stdin() {
      stdinUsed = true;
      return process.stdin;
    },
    stdout: fdOutput(1),
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
    exit: (code) => process.exit(code),
    close() {
      if (stdinUsed) process.stdin.destroy();
    },
  };
}
