/** Runs kt inside the test's own process, and captures what it prints. */
import { Readable } from 'node:stream';
import type { Io } from '../../src/io.ts';
import { run } from '../../src/main.ts';

export interface FakeIo extends Io {
  readonly output: { stdout: string; stderr: string; exited: number | undefined };
  /** Sends the signal to the listeners. */
  signal(name: 'SIGINT' | 'SIGTERM' | 'SIGHUP'): void;
}

export interface FakeIoOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Streams that are terminals; none by default. */
  readonly terminal?: Partial<Io['terminal']>;
  readonly columns?: number;
}

/** The words as they would be typed after `kt`; quotes have no meaning, so pass a list if a value has spaces. */
export function fakeIo(words: string | readonly string[], options: FakeIoOptions = {}): FakeIo {
  const listeners = new Map<string, Set<() => void>>();
  const output: FakeIo['output'] = { stdout: '', stderr: '', exited: undefined };
  return {
    argv: typeof words === 'string' ? words.split(' ').filter((word) => word !== '') : words,
    env: options.env ?? {},
    cwd: process.cwd(),
    stdin: Readable.from(options.stdin === undefined ? [] : [options.stdin]),
    stdout: {
      async write(data) {
        output.stdout += typeof data === 'string' ? data : Buffer.from(data).toString();
      },
    },
    stderr(text) {
      output.stderr += text;
    },
    terminal: { stdin: false, stdout: false, stderr: false, ...options.terminal },
    columns: () => options.columns ?? 80,
    lines: () => 24,
    onSignal(name, listener) {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set.add(listener));
      return () => set.delete(listener);
    },
    stop() {},
    onUncaught() {},
    onClosedStdout: () => () => {},
    exit(code) {
      output.exited = code;
    },
    close() {},
    output,
    signal(name) {
      for (const listener of listeners.get(name) ?? []) listener();
    },
  };
}

/** Runs one command line to its end. */
export async function runKt(words: string | readonly string[], options: FakeIoOptions = {}) {
  const io = fakeIo(words, options);
  const code = await run(io);
  return { code, stdout: io.output.stdout, stderr: io.output.stderr };
}
