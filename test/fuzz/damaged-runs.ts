/**
 * Whole runs of kt against a real broker whose answers are damaged at random on their way: each ends with a code from 0 to 4, in time and
 * within memory. `node --import tsx test/fuzz/damaged-runs.ts [COUNT] [SEED]`
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { stopTestClusters, testClusters } from '../support/clusters.ts';
import { startKt } from '../support/kt.ts';
import { asLines, ktOn, numbers } from '../support/kt-on.ts';
import { damaging } from '../support/servers.ts';
import { damaged } from './damage.ts';
import { runIfStarted } from './main.ts';
import { randomOf } from './random.ts';

const timeoutMs = 3_000;
/** What a run may take beyond its timeout, in ms. */
const graceMs = 2_000;
const mostMiB = 300;
const sizeBytes = 4;
/** Where many answers are damaged, the part of them that is. */
const damagedPart = 0.2;
/** Where one answer is damaged, it is one of this many. */
const mostAnswers = 12;
/** How many requests may follow each other of which each takes the time that one may take. */
const mostRequests = 4;

interface Run {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly ms: number;
  /** Its resident memory at most, as far as it was looked at. */
  readonly peakMiB: number;
  readonly stderr: string;
}

async function run(args: readonly string[], stdin: string): Promise<Run> {
  const startedAt = performance.now();
  const child = startKt(args, { program: 'binary' });
  child.stdin.on('error', () => {});
  child.stdin.end(stdin);
  child.stdout.resume();
  let [stderr, peakMiB] = ['', 0];
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const look = setInterval(() => {
    peakMiB = Math.max(peakMiB, peakOf(child.pid!));
  }, 10);
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
    child.on('close', (...ended) => resolve(ended));
  });
  clearInterval(look);
  return { code, signal, ms: performance.now() - startedAt, peakMiB, stderr };
}

function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/**
 * Runs commands one after the other.
 * @returns how many ended with each code, and the most memory and time that one took
 */
export async function fuzzRuns(bootstrapServers: string, count: number, seed: number) {
  const random = randomOf(seed);
  const direct = ktOn({ bootstrapServers }, 'binary');
  const topic = await direct.newTopic('--partitions', '3');
  const group = `group-${randomUUID()}`;
  const lines = asLines(numbers(1, 2_000).map((number) => number.padStart(200, '.')));
  for (const codec of ['none', 'gzip', 'snappy', 'lz4', 'zstd'])
    await direct.done(['produce', topic, '--compression', codec], lines);
  await direct.done(['groups', 'reset-offsets', group, '--topic', topic, '--to', 'beginning', '--execute']);
  const commands: readonly (readonly string[])[] = [
    ['topics', 'list'],
    ['topics', 'describe', topic],
    ['topics', 'offsets', topic],
    ['tail', topic, '--from-beginning', '-e', '-o', 'value'],
    ['tail', topic, '--from-beginning', '-e', '-o', 'json'],
    ['tail', topic, '--last', '10', '-o', 'json'],
    ['tail', topic, '--from-beginning', '-e', '--merge', '-o', 'value'],
    ['produce', topic, '--delivery-timeout', `${timeoutMs}ms`],
    ['lag', group, '--seconds'],
    ['groups', 'list'],
    ['groups', 'describe', group],
    ['groups', 'peek', group],
    ['configs', 'describe', 'topic', topic],
    ['cluster', 'describe'],
    ['cluster', 'health'],
  ];
  const port = Number(bootstrapServers.split(':').at(-1));
  /** Which answer of a run is damaged; undefined damages many. */
  let only: number | undefined;
  let answers = 0;
  const server = await damaging(port, (answer, socket) => {
    const isDamaged = only === undefined ? random() < damagedPart : answers === only;
    answers++;
    if (!isDamaged) return answer;
    // Mostly the size is right: else nothing behind it is read.
    if (random() < 0.1) {
      const bytes = damaged(answer, random);
      if (random() < 0.5) socket.end(bytes);
      else socket.write(bytes);
      return undefined;
    }
    const id = answer.subarray(sizeBytes, 2 * sizeBytes);
    const body = Buffer.concat([id, damaged(answer.subarray(2 * sizeBytes), random)]);
    const size = Buffer.alloc(sizeBytes);
    size.writeInt32BE(body.length);
    return Buffer.concat([size, body]);
  });
  const codes: Record<number, number> = {};
  let [peakMiB, longestMs] = [0, 0];
  try {
    for (let index = 0; index < count; index++) {
      const words = commands[index % commands.length]!;
      only = index % 2 === 0 ? Math.floor(random() * mostAnswers) : undefined;
      answers = 0;
      const options = [
        '-b',
        server.address,
        '--address-map',
        `localhost:${port}=${server.address}`,
        '--timeout',
        `${timeoutMs}ms`,
      ];
      const result = await run([...words, ...options], words[0] === 'produce' ? lines : '');
      const shown = `seed ${seed}, run ${index}: kt ${words.join(' ')}: ${JSON.stringify(result)}`;
      assert.ok(result.code !== null && result.code <= 4, shown);
      const mostMs = (only === undefined ? mostRequests : 1) * timeoutMs + graceMs;
      assert.ok(result.ms < mostMs, shown);
      assert.ok(result.peakMiB < mostMiB, shown);
      codes[result.code] = (codes[result.code] ?? 0) + 1;
      peakMiB = Math.max(peakMiB, result.peakMiB);
      longestMs = Math.max(longestMs, result.ms);
    }
  } finally {
    await server.close();
  }
  return { codes, peakMiB, longestMs };
}

await runIfStarted(import.meta.filename, 500, async (count, seed) => {
  try {
    const { bootstrapServers } = (await testClusters()).at(-1)!;
    return inspect(await fuzzRuns(bootstrapServers, count, seed));
  } finally {
    await stopTestClusters();
  }
});
