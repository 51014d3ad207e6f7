/**
 * `kt table` on 5,000,000 records with 1,000,000 keys: every row is the newest of its key, and the binary takes less than 300 MB; in 64 MiB, with
 * most of the table on disk, the rows are the same.
 *
 *   npm run test:table [records] [keys]
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ownCluster } from '../support/clusters.ts';
import { endings } from '../support/endings.ts';
import { ktOn } from '../support/kt-on.ts';

const records = Number(process.argv[2] ?? 5_000_000);
const keys = Number(process.argv[3] ?? 1_000_000);
const mostBytes = 300e6;
const root = join(import.meta.dirname, '../..');
const folder = join(root, 'node_modules/.cache/kt-test/table');
mkdirSync(folder, { recursive: true });

const { during, end } = endings();
const cluster = await ownCluster(during, {});
const { newTopic } = ktOn(cluster, 'binary');
const environment = { ...process.env, KT_BOOTSTRAP_SERVER: cluster.bootstrapServers };
const binary = join(root, 'dist/kt');

/** What the newest value of each key is: the number of its record. */
const newest = new Uint32Array(keys);

function* lines(): Generator<string> {
  let state = 7;
  const padding = 'x'.repeat(60);
  for (let number = 1; number <= records; number++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const key = Math.floor((state / 2 ** 32) * keys);
    newest[key] = number;
    yield `customer-${String(key).padStart(8, '0')}={"number":${number},"address":"${padding}"}\n`;
  }
}

async function produce(topic: string): Promise<void> {
  const child = spawn(binary, ['produce', topic, '-K', '=', '-q'], { stdio: ['pipe', 'inherit', 'inherit'], env: environment });
  const closed = once(child, 'close');
  let piece = '';
  for (const line of lines()) {
    piece += line;
    if (piece.length < 1 << 16) continue;
    if (!child.stdin.write(piece)) await once(child.stdin, 'drain');
    piece = '';
  }
  child.stdin.end(piece);
  assert.deepEqual(await closed, [0, null]);
}

/** Checks all rows; resolves with the seconds that it took and the peak of its memory in bytes. */
async function check(topic: string, ...options: readonly string[]) {
  const [rows, facts] = [join(folder, 'rows'), join(folder, 'facts')];
  const command = ['-f', '%e %U %S %M', '-o', facts, binary, 'table', topic, '-f', '%k=%v\\n', ...options];
  const shell = spawn('bash', ['-c', 'exec /usr/bin/time "$@" > "$0"', rows, ...command], {
    stdio: 'inherit',
    env: environment,
  });
  assert.deepEqual(await once(shell, 'close'), [0, null]);
  const [wall, user, system, kib] = readFileSync(facts, 'utf8').trim().split(' ').map(Number) as [
    number,
    number,
    number,
    number,
  ];
  let [count, last] = [0, ''];
  for await (const line of createInterface({ input: createReadStream(rows) })) {
    const [, key, number] = /^customer-(\d{8})=\{"number":(\d+),/.exec(line)!;
    assert.equal(Number(number), newest[Number(key)], line);
    assert.ok(line > last, 'rows are not in order');
    last = line;
    count++;
  }
  assert.equal(count, newest.filter((number) => number > 0).length);
  console.log(
    `${options.join(' ') || 'as it is'}: ${count} rows, ${wall} s (${user} s user, ${system} s system), ${(kib * 1.024e-3).toFixed(0)} MB`,
  );
  return kib * 1024;
}

try {
  const topic = await newTopic('--partitions', '3');
  await produce(topic);
  const peak = await check(topic);
  await check(topic, '--max-memory', '64MiB');
  assert.ok(peak < mostBytes, `kt table took ${(peak / 1e6).toFixed(0)} MB`);
} finally {
  await end();
}
