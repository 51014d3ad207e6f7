/** What of its process a run may touch, so that tests can run kt inside theirs. */
import type { Readable } from 'node:stream';
import { isatty, WriteStream } from 'node:tty';
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
  /** Calls back for each of the signal until the returned function is called. */
  onSignal(signal: 'SIGINT' | 'SIGTERM', listener: () => void): () => void;
  /** Calls back for what nobody caught. */
  onUncaught(listener: (error: unknown) => void): void;
  /** Ends the process at once. */
  exit(code: number): void;
  /** Lets go of stdin, which would keep the process alive. */
  close(): void;
}

const usualColumns = 80;

/** The process itself. Its streams are opened only when used: each costs start-up time. */
export function processIo(): Io {
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
    terminal: { stdin: isatty(0), stdout: isatty(1), stderr: isatty(2) },
    columns: () => (isatty(1) ? new WriteStream(1).columns : 0) || usualColumns,
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
