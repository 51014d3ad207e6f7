/** What the brokers of a local cluster log: the last lines of their files, or of their containers. */
import { spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { pause } from '../base/pause.ts';
import type { LocalStatus } from './status.ts';

export interface LogLine {
  readonly broker: number;
  readonly line: string;
}

const pieceBytes = 256 << 10;
const lookMs = 250;

/**
 * The newest lines of each broker, then with `follow` what comes.
 * @param lines how many of each
 */
export async function* logLines(
  { runtime, nodes }: Pick<LocalStatus, 'runtime' | 'nodes'>,
  { lines, follow, signal }: { readonly lines: number; readonly follow: boolean; readonly signal: AbortSignal },
): AsyncGenerator<readonly LogLine[]> {
  const logs = nodes.map(({ id, logFile }) =>
    runtime === 'docker' ? new ContainerLog(id, logFile, lines) : new FileLog(id, logFile, lines),
  );
  for (const log of logs) yield await log.next();
  while (follow) {
    await pause(lookMs, signal);
    if (signal.aborted) return;
    for (const log of logs) {
      const found = await log.next();
      if (found.length > 0) yield found;
    }
  }
}

/** A file that grows; a broker that starts again begins it anew. */
class FileLog {
  readonly #broker: number;
  readonly #path: string;
  readonly #first: number;
  #read = -1;

  constructor(broker: number, path: string, first: number) {
    this.#broker = broker;
    this.#path = path;
    this.#first = first;
  }

  async next(): Promise<readonly LogLine[]> {
    let file: number;
    try {
      file = openSync(this.#path, 'r');
    } catch {
      return [];
    }
    try {
      const { size } = fstatSync(file);
      const isFirst = this.#read < 0;
      if (size < this.#read) this.#read = 0;
      const from = isFirst ? Math.max(0, size - pieceBytes) : this.#read;
      const bytes = Buffer.alloc(Math.min(size - from, isFirst ? pieceBytes : size - from));
      readSync(file, bytes, 0, bytes.length, from);
      const end = bytes.lastIndexOf(10) + 1;
      this.#read = from + end;
      const all = bytes.toString('utf8', 0, end).split('\n').slice(0, -1);
      return (isFirst ? (this.#first === 0 ? [] : all.slice(-this.#first)) : all).map((line) => ({
        broker: this.#broker,
        line,
      }));
    } finally {
      closeSync(file);
    }
  }
}

/** `docker logs`, asked again for what came since. */
class ContainerLog {
  readonly #broker: number;
  readonly #command: readonly string[];
  readonly #first: number;
  #since: string | undefined;

  constructor(broker: number, command: string, first: number) {
    this.#broker = broker;
    this.#command = command.split(' ');
    this.#first = first;
  }

  async next(): Promise<readonly LogLine[]> {
    const now = new Date().toISOString();
    const range = this.#since === undefined ? ['--tail', String(this.#first)] : ['--since', this.#since, '--until', now];
    this.#since = now;
    const [docker, ...words] = [...this.#command, ...range];
    const child = spawn(docker!, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    const parts: Buffer[] = [];
    child.stdout.on('data', (part) => parts.push(part));
    child.stderr.on('data', (part) => parts.push(part));
    await new Promise<void>((resolve) => child.on('close', () => resolve()).on('error', () => resolve()));
    const text = Buffer.concat(parts).toString();
    return text === ''
      ? []
      : text
          .replace(/\n$/, '')
          .split('\n')
          .map((line) => ({ broker: this.#broker, line }));
  }
}
