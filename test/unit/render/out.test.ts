/** Bytes on a descriptor: all of them, in order, whatever the pipe takes at once. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ClosedPipe, fdOutput } from '../../../src/render/out.ts';

function folder(): string {
  return mkdtempSync(join(tmpdir(), 'kt-out-'));
}

test('writes that were not awaited arrive whole and in their order', async () => {
  const path = join(folder(), 'out');
  const fd = openSync(path, 'w');
  const out = fdOutput(fd);
  const parts = Array.from({ length: 50 }, (_, index) => `${index},`.repeat(index * 100));
  await Promise.all(parts.map((part) => out.write(part)));
  closeSync(fd);
  assert.equal(readFileSync(path, 'utf8'), parts.join(''));
});

test('a slow reader gets every byte, and the writer waits for it', async () => {
  const path = join(folder(), 'pipe');
  execFileSync('mkfifo', [path]);
  const reader = spawn('sh', ['-c', `sleep 0.2; wc -c < '${path}' `]);
  const count = once(reader.stdout, 'data');
  const fd = openSync(path, 'r+');
  await fdOutput(fd).write(Buffer.alloc(60_000));
  const rest = fdOutput(fd).write(Buffer.alloc(3_000_000));
  await rest;
  closeSync(fd);
  assert.equal(Number(String((await count)[0])), 3_060_000);
});

test('a full disk is reported as such, not as a bug in kt', { skip: !existsSync('/dev/full') }, async () => {
  const fd = openSync('/dev/full', 'w');
  await assert.rejects(fdOutput(fd).write('a'), {
    kind: 'usage',
    code: 'ENOSPC',
    message: 'stdout cannot be written (no space left on device)',
  });
  closeSync(fd);
});

test('a reader that has gone is a closed pipe, for every write after it too', async () => {
  const path = join(folder(), 'pipe');
  execFileSync('mkfifo', [path]);
  const both = openSync(path, 'r+');
  const fd = openSync(path, 'w');
  closeSync(both);
  const out = fdOutput(fd);
  await assert.rejects(out.write('a'), ClosedPipe);
  await assert.rejects(out.write('b'), ClosedPipe);
  closeSync(fd);
});
