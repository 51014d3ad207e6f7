/** One JVM for each version of Kafka that runs its tools and Records.java for all tests (clients/Shared.java): starting one for each run would cost a second of CPU. */
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { withLock } from '../../src/base/lock.ts';
import { quickJava } from './java.ts';
import type { Outcome } from './outcome.ts';
import { until } from './until.ts';

const cache = join(import.meta.dirname, '../../node_modules/.cache/kt-test/java');
const clients = join(import.meta.dirname, 'clients');
const sources = ['Shared.java', 'Records.java'].map((name) => join(clients, name));
/** Without work it ends by itself: nobody stops it if a file of tests runs alone. */
const idleMs = 120_000;

/** Runs a main method with this input. @param main a class of Kafka that keeps no state between runs, or `Records` */
async function sharedJava(
  classpath: string,
  main: string,
  args: readonly string[],
  stdin: string | Buffer = '',
): Promise<Outcome> {
  const socket = await connected(classpath);
  socket.write(Buffer.concat([sizeOf(args.length + 1), wordsOf(main, args)]));
  socket.end(stdin);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  const answer = Buffer.concat(chunks);
  if (answer.length < 12) throw new Error(`the shared Java ended before ${main} did; see ${join(folderOf(classpath), 'log')}`);
  const outEnd = 8 + answer.readInt32BE(4);
  return { code: answer.readInt32BE(0), signal: null, stdout: answer.subarray(8, outEnd), stderr: answer.subarray(outEnd + 4) };
}

/** Its stdout. @throws with its stderr if it fails */
export async function sharedJavaOutput(classpath: string, main: string, args: readonly string[], stdin = ''): Promise<Buffer> {
  const { code, stdout, stderr } = await sharedJava(classpath, main, args, stdin);
  if (code !== 0) throw new Error(`${main} ${args.join(' ')} ended with ${code}: ${stderr}${stdout}`);
  return stdout;
}

/** A run of a main method that goes on, for example of a consumer. */
export class JavaRun {
  readonly #socket: Promise<Socket>;
  #text = '';

  constructor(classpath: string, main: string, args: readonly string[]) {
    this.#socket = connected(classpath).then((socket) => {
      socket.on('data', (chunk) => {
        this.#text += chunk;
      });
      // A JVM that was ended meanwhile.
      socket.on('error', () => {});
      socket.write(Buffer.concat([sizeOf(-args.length - 1), wordsOf(main, args)]));
      return socket;
    });
  }

  /** What it has printed so far. */
  get lines(): string[] {
    return this.#text.split('\n').slice(0, -1);
  }

  /** Does what SIGTERM does to a process, and waits for its end. */
  async stop(): Promise<void> {
    const socket = await this.#socket;
    if (socket.closed) return;
    socket.end();
    await once(socket, 'close');
  }
}

/** Ends them all. */
export async function stopSharedJava(): Promise<void> {
  const folders = existsSync(cache) ? readdirSync(cache).map((name) => join(cache, name)) : [];
  await Promise.all(
    folders.map(async (folder) => {
      (await tryConnect(folder))?.end(sizeOf(0));
      rmSync(portFile(folder), { force: true });
    }),
  );
}

function wordsOf(main: string, args: readonly string[]): Buffer {
  const words = [main, ...args].map((word) => Buffer.from(word));
  return Buffer.concat(words.flatMap((word) => [sizeOf(word.length), word]));
}

function sizeOf(size: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(size);
  return bytes;
}

/** For these libraries and these sources. */
function folderOf(classpath: string): string {
  const hash = createHash('sha256').update(classpath);
  for (const source of sources) hash.update(readFileSync(source));
  return join(cache, hash.digest('hex').slice(0, 12));
}

function portFile(folder: string): string {
  return join(folder, 'port');
}

async function connected(classpath: string): Promise<Socket> {
  const folder = folderOf(classpath);
  return (
    (await tryConnect(folder)) ?? withLock(join(folder, 'lock'), new AbortController().signal, () => started(classpath, folder))
  );
}

/** The file may be that of a process that was killed. */
function tryConnect(folder: string): Promise<Socket | undefined> {
  if (!existsSync(portFile(folder))) return Promise.resolve(undefined);
  const port = Number(readFileSync(portFile(folder), 'utf8'));
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    socket.once('connect', () => resolve(socket)).once('error', () => resolve(undefined));
  });
}

async function started(classpath: string, folder: string): Promise<Socket> {
  const there = await tryConnect(folder);
  if (there) return there;
  const classes = join(folder, 'classes');
  compile(classpath, classes);
  rmSync(portFile(folder), { force: true });
  const log = openSync(join(folder, 'log'), 'a');
  const java = [...quickJava(`${classpath}:${classes}`, '512m'), 'Shared', portFile(folder), String(idleMs)];
  const child = spawn('java', java, { detached: true, stdio: ['ignore', log, log] });
  child.unref();
  closeSync(log);
  await until(() => child.exitCode !== null || existsSync(portFile(folder)), 'the shared Java listens');
  const socket = await tryConnect(folder);
  if (!socket) throw new Error(`the shared Java did not start; see ${join(folder, 'log')}`);
  return socket;
}

function compile(classpath: string, classes: string): void {
  if (existsSync(classes)) return;
  const draft = `${classes}.part-${process.pid}`;
  mkdirSync(draft, { recursive: true });
  execFileSync('javac', ['-J-XX:TieredStopAtLevel=1', '-proc:none', '-cp', classpath, '-d', draft, ...sources], {
    stdio: 'pipe',
  });
  renameSync(draft, classes);
}
