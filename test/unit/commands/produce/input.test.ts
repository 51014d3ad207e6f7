/** `kt produce --file` with a FIFO: its records come, and the wait for a writer can be interrupted. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { inputOf } from '../../../../src/commands/produce/input.ts';
import type { Context } from '../../../../src/context.ts';

const folder = mkdtempSync(join(tmpdir(), 'kt-input-'));
after(() => rmSync(folder, { recursive: true }));

function fifo(): string {
  const path = join(folder, randomUUID());
  execFileSync('mkfifo', [path]);
  return path;
}

async function textOf(file: string, signal: AbortSignal): Promise<string> {
  const context = { signal, terminal: { stdin: false, stdout: false, stderr: false } } as Context;
  let text = '';
  for await (const piece of inputOf(context, { message: [], tombstone: false, file, report: false })) text += piece.toString();
  return text;
}

describe('a FIFO as input', { skip: process.platform === 'win32' && 'no FIFOs' }, () => {
  test('is read to the end of its writer', async () => {
    const path = fifo();
    const reading = textOf(path, new AbortController().signal);
    createWriteStream(path).end('a\nb\n');
    assert.equal(await reading, 'a\nb\n');
  });

  test('does not keep an interrupted run that waits for its writer', { timeout: 120_000 }, async () => {
    const controller = new AbortController();
    const reading = textOf(fifo(), controller.signal);
    const interrupted = new Error('interrupted');
    controller.abort(interrupted);
    await assert.rejects(reading, (error) => error === interrupted);
  });
});
