import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { withLock } from '../../../src/base/lock.ts';
import { isOurs, run, signalSession, startDetached } from '../../../src/local/process.ts';
import { someName } from './clusters.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'kt-process-'));
const { signal } = new AbortController();

test('a program that kt started is known by its arguments, and a reused process id is not taken for it', {
  timeout: 120_000,
}, async () => {
  const marker = `marker=${someName()}`;
  const log = join(folder(), 'log');
  const pid = await startDetached(
    process.execPath,
    ['-e', 'console.log("up"); setInterval(() => {}, 1000)', marker],
    tmpdir(),
    log,
  );
  try {
    assert.equal(await isOurs(pid, marker), true);
    assert.equal(await isOurs(pid, 'marker=another'), false);
    assert.equal(await isOurs(process.pid, marker), false);
    assert.equal(await isOurs(0, marker), false);
    while (!readFileSync(log, 'utf8').includes('up')) await wait(10);
  } finally {
    signalSession(pid, 'SIGKILL');
  }
  while (await isOurs(pid, marker)) await wait(10);
});

test('a missing program is distinguished from one that fails and one that hangs', async () => {
  assert.equal((await run(`no-such-${someName()}`, [])).found, false);
  assert.deepEqual(await run('sh', ['-c', 'echo out; echo err >&2; exit 3']), {
    code: 3,
    stdout: 'out\n',
    stderr: 'err\n',
    found: true,
  });
  const hung = await run('sleep', ['60'], { timeoutMs: 50 });
  assert.deepEqual([hung.code, hung.found], [undefined, true]);
});

test('an interruption ends a running program and is passed on', async () => {
  const controller = new AbortController();
  const running = run('sleep', ['60'], { signal: controller.signal });
  controller.abort(new Error('interrupted'));
  await assert.rejects(running, /interrupted/);
});

test('work under the same lock never overlaps', async () => {
  const path = join(folder(), 'a.lock');
  let inside = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++inside);
    await wait(1);
    inside--;
  };
  await Promise.all([1, 2, 3].map(() => withLock(path, signal, work)));
  assert.equal(most, 1);
});

test('a lock whose holder has died is taken over', async () => {
  const path = join(folder(), 'a.lock');
  const dead = await run(process.execPath, ['-p', 'process.pid']);
  writeFileSync(path, dead.stdout.trim());
  assert.equal(await withLock(path, signal, async () => 'done'), 'done');
});
