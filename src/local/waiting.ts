/** Waits until what was started serves, and until what was ended is gone. */
import { setTimeout as wait } from 'node:timers/promises';
import { KtError } from '../base/errors.ts';
import { isFree } from './ports.ts';

const readyMs = 90_000;

export interface Starting {
  /** For people: `broker 1`. */
  readonly name: string;
  /** What is in its log once it serves. */
  readonly readyLine: string;
  /** A path, or the command that shows the log. */
  readonly logFile: string;
  isRunning(): Promise<boolean>;
  log(): Promise<string>;
}

/** Whether Java, Docker or the registry says there that another program has a port. */
export function isBusyPort(printed: string): boolean {
  return /address already in use|port is already allocated|port \d+ seems to be in use/i.test(printed);
}

/** @throws KtError `connection` with the log's last lines as soon as it has died (EADDRINUSE for a busy port), or when it takes too long */
export async function untilReady(starting: Starting, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + readyMs;
  for (;;) {
    // Checked before the log is read: if it has just died, its log is then complete.
    const running = await starting.isRunning();
    const log = await starting.log();
    if (running && log.includes(starting.readyLine)) return;
    if (!running || Date.now() > deadline) {
      const isBusy = !running && isBusyPort(log);
      const ended = isBusy ? 'another program has one of its ports' : 'its process ended';
      const why = running ? `not ready within ${readyMs / 1000} s` : ended;
      throw new KtError('connection', `${starting.name} did not start (${why})`, {
        ...(isBusy && { code: 'EADDRINUSE' }),
        hint: `its log, ${starting.logFile}, ends with:\n${lastLines(log, 6)}`,
      });
    }
    await wait(50, undefined, { signal });
  }
}

/** The end of a log without the frames of Java's stack traces, which hide the reason. */
function lastLines(log: string, count: number): string {
  const lines = log.split('\n').filter((line) => line.trim() !== '' && !/^\s+(at |\.\.\. \d+ more)/.test(line));
  return lines.slice(-count).join('\n');
}

/**
 * A process counts as gone a moment before the system has closed its sockets, so its ports must be free as well.
 * @returns false if something is still running after that time
 */
export async function untilGone(
  isRunning: () => Promise<boolean>,
  ports: readonly number[],
  withinMs: number,
): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const running = await isRunning();
    const free = await Promise.all(ports.map(isFree));
    if (!running && !free.includes(false)) return true;
    if (Date.now() > deadline) return !running;
    await wait(50);
  }
}
