/** One run's context: what main gives to a command, made of the process, the global options and, once asked for, the cluster. */

import { KtError } from './base/errors.ts';
import { whenAborted } from './base/pause.ts';
import type { GlobalOptions } from './cli/options.ts';
import { commands } from './commands/index.ts';
import type { Context } from './context.ts';
import type { Io } from './io.ts';
import type { Cluster } from './kafka/cluster.ts';
import { addressText } from './kafka/connection/address.ts';
import { wantsColor } from './render/colors.ts';
import { visible } from './render/escape.ts';
import { Meter } from './render/meter.ts';
import { ClosedPipe, type Output } from './render/out.ts';
import type { Spinner } from './render/spinner.ts';
import type { Screen, Terminal } from './render/value.ts';
import type { ResolvedSettings } from './settings/resolve.ts';

export interface Session {
  readonly context: Context;
  readonly out: Output;
  readonly terminal: Terminal;
  /** Ends the run from outside; the signal's reason says why. */
  abort(reason: Error): void;
  /** Closes what the run opened. */
  close(): Promise<void>;
}

/** Opens nothing: the cluster connects when the command asks for it. */
export function openSession(io: Io, globals: GlobalOptions): Session {
  const controller = new AbortController();
  let connecting: Promise<Cluster> | undefined;
  let spinning: Spinner | undefined;
  const say = (text: string): void => {
    spinning?.clear();
    io.stderr(`${text}\n`);
  };
  const showsProgress = io.terminal.stderr && !globals.quiet;
  let resolving: Promise<ResolvedSettings> | undefined;
  // Read once, whoever asks: a second reading of a pipe finds nothing, and another cluster would be meant.
  const settings = () =>
    (resolving ??= import('./settings/resolve.ts').then(({ resolveSettings }) =>
      resolveSettings(globals, io.env, controller.signal),
    ));
  const open = async (): Promise<Cluster> => {
    const [{ connect }, resolved] = await Promise.all([import('./kafka/connect.ts'), settings()]);
    if (globals.verbose) say(visible(connectingLine(resolved)));
    return connect(resolved, {
      signal: controller.signal,
      ...(globals.verbose ? { trace: (line: string) => say(visible(line)) } : {}),
    });
  };
  const context: Context = {
    cluster: () =>
      (connecting ??= open().catch((error: unknown) => {
        // Who asks again wants another try.
        connecting = undefined;
        throw error;
      })),
    settings,
    signal: controller.signal,
    globals,
    env: io.env,
    cwd: io.cwd,
    get stdin() {
      return io.stdin;
    },
    terminal: io.terminal,
    commands: () => Promise.all(commands.map((each) => each.load())),
    note: (text) => {
      if (!globals.quiet) say(visible(text));
    },
    warn: (text) => say(`kt: ${visible(text)}`),
    progress(text) {
      let stopped = false;
      const starting = showsProgress
        ? import('./render/spinner.ts').then(({ spinner }) => {
            if (!stopped) spinning = spinner(text, wantsColor(globals.color, io.env, true));
          })
        : undefined;
      return {
        update: (next) => void starting?.then(() => spinning?.update(next)),
        stop() {
          stopped = true;
          spinning?.stop();
          spinning = undefined;
        },
      };
    },
    bar(total, unit) {
      const progress = context.progress('');
      // A line that nobody sees is not made: its first number loads the language's rules, milliseconds in a short run.
      const meter = showsProgress ? new Meter(total, unit, performance.now()) : undefined;
      return {
        advance(by) {
          const text = meter?.advance(by, performance.now());
          if (text !== undefined) progress.update(text);
        },
        stop: progress.stop,
      };
    },
    async confirm(question) {
      spinning?.clear();
      const { confirm } = await import('./render/confirm.ts');
      const { terminal } = io;
      await confirm(question, {
        stdin: () => io.stdin,
        stderr: io.stderr,
        terminal,
        yes: globals.yes,
        signal: controller.signal,
      });
    },
  };
  return {
    context,
    terminal: {
      stdout: io.terminal.stdout,
      columns: io.terminal.stdout ? io.columns() : 0,
      color: wantsColor(globals.color, io.env, io.terminal.stdout),
      ...(io.terminal.stdout && { screen: screenOf(io, () => controller.abort(new KtError('interrupted', 'interrupted'))) }),
    },
    out: {
      async write(data) {
        if (io.terminal.stdout) spinning?.clear();
        try {
          await unlessStuck(io.stdout.write(data), controller.signal);
        } catch (error) {
          if (error instanceof ClosedPipe) controller.abort(error);
          throw error;
        }
      },
    },
    abort: (reason) => controller.abort(reason),
    async close() {
      spinning?.stop();
      const cluster = await connecting?.catch(() => undefined);
      await cluster?.close();
    },
  };
}

/** `connecting to localhost:9092 (the default)`. */
function connectingLine({ bootstrapServers, addressOrigin }: ResolvedSettings): string {
  return `connecting to ${bootstrapServers.map(addressText).join(', ')} (${addressOrigin})`;
}

/** How long a write may still take once the end was asked for. */
const lastWriteMs = 1_000;

/** Waits for the write; once the run is to end, not for long: whoever reads may have stopped for good. What it did not take is not done. */
function unlessStuck(writing: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const giveUp = (): void => {
      timer = setTimeout(() => reject(signal.reason), lastWriteMs);
    };
    const release = signal.aborted ? giveUp() : whenAborted(signal, giveUp);
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      release?.();
      settle();
    };
    writing.then(
      () => end(resolve),
      (error) => end(() => reject(error)),
    );
  });
}

function screenOf(io: Io, interrupt: () => void): Screen {
  return {
    size: () => ({ columns: io.columns(), lines: io.lines() }),
    onResize: (listener) => io.onSignal('SIGWINCH', listener),
    onKey(listener) {
      if (!io.terminal.stdin) return () => {};
      const stdin = io.stdin as Io['stdin'] & { setRawMode?(raw: boolean): void };
      const read = (chunk: Buffer | string): void => {
        for (const key of chunk.toString()) listener(key);
      };
      stdin.setRawMode?.(true);
      stdin.on('data', read);
      return () => {
        stdin.off('data', read);
        stdin.setRawMode?.(false);
        stdin.pause();
      };
    },
    interrupt,
  };
}
